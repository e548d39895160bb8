"""The figures that are followed from quarter to quarter, and what parts one from the one before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from exports.definitions.table import (
    CONFIDENTIAL,
    LOW,
    SYMBOLS,
    ColumnDefinition,
    OverTime,
    TableDefinition,
)
from exports.edition.history import Break, History, KnownQuarter
from exports.figures.cell import Cell
from exports.figures.display import plain, spell_date, unit_of, with_unit
from exports.figures.judged import judged, judged_by
from exports.figures.unchecked import claimed_beside, is_partly, is_unchecked, none_yet
from flows.common.periods import Period

FEWEST = 2  # points of a line
_WORKFORCE = "workforce"  # the table with the people of each employer
_ALL = "All"  # what tables of the workforce call all employers
WHOLE = ("", _ALL)  # the part that is none
_SYMBOLS = {*SYMBOLS.values(), CONFIDENTIAL, LOW}


@dataclass(frozen=True)
class Parting:
    """Why a figure is not to be compared with the one before it: of another rule or definition."""

    kind: Literal["rule", "definition"]
    because: str


@dataclass(frozen=True)
class Observation:
    """A figure in a published quarter, beside its target, and what parts it from the one before.

    `unchecked`: what is claimed, where none of it is checked yet, and so there is no figure; `most`
    and `claimed`: what it may yet come to, where more is claimed than is checked.
    """

    quarter: KnownQuarter
    value: Decimal | None
    reads: str
    status: str
    target: Decimal | None
    target_reads: str
    parting: Parting | None
    unchecked: str = ""
    most: Decimal | None = None
    claimed: str = ""
    judged: Decimal | None = None  # what is set beside the target: of a share of people, unrounded

    @property
    def is_partly(self) -> bool:
        """Whether only a part of what is claimed is checked: it is no fall, and no rise."""
        return self.most is not None


@dataclass(frozen=True)
class Series:
    """A figure through the quarters, the oldest first; `basis` and `part` say which it is."""

    table: str
    basis: str
    part: str
    title: str
    unit: str
    direction: str
    observations: Sequence[Observation]
    signs: tuple[str, str] = ("", "")  # what it means above nought, and below

    @property
    def known(self) -> list[Observation]:
        """Those that have a value."""
        return [one for one in self.observations if one.value is not None]

    @property
    def comparable(self) -> list[Observation]:
        """Those that have a value and may be compared with the newest: since the last break."""
        return [one for one in self.observations[self.parted_at :] if one.value is not None]

    @property
    def parted_at(self) -> int:
        """Which is the first since the last break."""
        return max((at for at, one in enumerate(self.observations) if one.parting), default=0)

    @property
    def parting(self) -> Parting | None:
        """Why the newest may not be compared with all before it; None if it may."""
        return next((one.parting for one in reversed(self.observations) if one.parting), None)

    @property
    def has_target(self) -> bool:
        """Whether a target is set for the newest."""
        return bool(self.observations) and self.observations[-1].target is not None

    @property
    def has_steps(self) -> bool:
        """Whether its quarters have different targets, or only some have one."""
        return len({one.target_reads for one in self.observations}) > 1


def series_of(history: History, indicator: str, titles: Mapping[str, str]) -> list[Series]:
    """Every figure of the indicator in the tables that are followed; `titles` are those of bases.

    First comes one with enough points for a line, of the whole rather than of a part, that has a
    target, of the employer with most people: or else the first of its table.
    """
    sizes = _people_of(history)
    found = [
        one
        for table in history.tables
        if table.over_time
        for one in _series(history, table, table.over_time, indicator, titles)
        if one.known
    ]
    return sorted(
        found,
        key=lambda one: (
            len(one.known) < FEWEST,
            one.part not in WHOLE,
            not one.has_target,
            -sizes.get(one.part, Decimal(0)),
        ),
    )


def _people_of(history: History) -> Mapping[str, Decimal]:
    """How many people each employer has, as the newest quarter shows it: none who is hidden."""
    newest = next(
        (
            one.tables[_WORKFORCE]
            for one in reversed(history.quarters)
            if one.tables.get(_WORKFORCE)
        ),
        (),
    )
    return {
        row["employer"]: figure
        for row in newest
        if row["characteristic"] == "all"
        if (figure := _figure(row["people"]).figure) is not None
    }


def spell_quarter(period: Period) -> str:
    """`January to March 2023`."""
    last = period.end.toordinal() - 1
    return f"{period.first_day:%B} to {period.first_day.fromordinal(last):%B %Y}"


def _series(
    history: History,
    table: TableDefinition,
    over: OverTime,
    indicator: str,
    titles: Mapping[str, str],
) -> Iterator[Series]:
    names = {column.name for column in table.columns}
    if "indicator_id" not in names and indicator not in table.indicators:
        return
    found: dict[tuple[str, str], list[tuple[KnownQuarter, Mapping[str, str]]]] = {}
    for quarter in history.quarters:
        for row in quarter.tables.get(table.name, ()):
            if row.get("indicator_id", indicator) == indicator and _is_followed(over, quarter, row):
                key = (row[over.basis] if over.basis else "", row[over.parts] if over.parts else "")
                found.setdefault(key, []).append((quarter, row))
    columns = {column.name: column for column in table.columns}
    claims = {
        (quarter.period.label, key): row for key, rows in found.items() for quarter, row in rows
    }
    for (basis, part), rows in found.items():
        breaks = history.breaks(indicator, basis)
        beside = claimed_beside(basis), part
        part_reads = plain(Cell(part), columns[over.parts]) if over.parts else ""
        if over.basis and basis not in titles and sum(key[1] == part for key in found) > 1:
            part_reads += f" ({plain(Cell(basis), columns[over.basis])})"  # one title, two figures
        newest = rows[-1][1]
        yield Series(
            table=table.name,
            basis=basis,
            part=part,
            title=_title(titles.get(basis, ""), part_reads, over.says) or table.title,
            unit=unit_of(columns[over.value], _cells(newest)),
            direction=newest.get("direction", "higher is better"),
            signs=(over.above_nought, over.below_nought),
            observations=_with_gaps(
                history.quarters,
                [
                    _observed(
                        table,
                        over,
                        quarter,
                        row,
                        row if over.claimed else claims.get((quarter.period.label, beside), {}),
                        _parting(over, breaks, rows[max(at - 1, 0) : at + 1]),
                        basis,
                    )
                    for at, (quarter, row) in enumerate(rows)
                ],
            ),
        )


def _with_gaps(
    quarters: Sequence[KnownQuarter], found: Sequence[Observation]
) -> Sequence[Observation]:
    """With a gap for each quarter between two that has no row; a figure of one quarter of each
    year has no gaps."""
    by_label = {one.quarter.period.label: one for one in found}
    if len({label[-2:] for label in by_label}) == 1:
        return found
    first, last = min(by_label), max(by_label)
    return [
        by_label.get(one.period.label)
        or Observation(one, None, "not available", "", None, "", None)
        for one in quarters
        if first <= one.period.label <= last
    ]


def _title(basis: str, part: str, says: str = "") -> str:
    """`Of staff whose home is known (one employer)`: a sentence adds a colon and the figure."""
    if part == _ALL:
        part = "all employers" if basis else "All employers"
    title = f"{basis} ({part})" if basis and part else basis or part
    return f"{title}, {says}" if title and says else title


def _is_followed(over: OverTime, quarter: KnownQuarter, row: Mapping[str, str]) -> bool:
    label = quarter.period.label
    return all(
        row.get(name) in [text.replace("{period}", label) for text in texts]
        for name, texts in over.rows.items()
    )


def _observed(
    table: TableDefinition,
    over: OverTime,
    quarter: KnownQuarter,
    row: Mapping[str, str],
    beside: Mapping[str, str],
    parting: Parting | None,
    basis: str,
) -> Observation:
    """A row's figure; `beside` is the row that says what is claimed, if there is one."""
    columns = {column.name: column for column in table.columns}
    cells = _cells(row)
    value, claimed = (
        _figure(row.get(over.value, "")),
        _figure(beside.get(over.claimed or over.value, "")),
    )
    of_claims = columns[over.claimed or over.value]
    unchecked, most, reads = "", None, with_unit(value, columns[over.value], cells)
    if is_unchecked(value, claimed):
        unchecked = with_unit(claimed, of_claims, cells)
        reads = f"{none_yet(basis)} ({unchecked} claimed)"
        value = Cell(None, SYMBOLS["not available"])
    elif is_partly(value, claimed) and _are_alike(columns[over.value], of_claims, cells):
        most = claimed.figure
    target = _figure(row.get(over.target, "")) if over.target else None
    return Observation(
        quarter=quarter,
        value=value.value if isinstance(value.value, Decimal) else None,
        reads=reads,
        status=row.get("status", ""),
        target=target.value if target and isinstance(target.value, Decimal) else None,
        target_reads=(
            with_unit(target, columns[over.value], cells)
            if target and isinstance(target.value, Decimal)
            else ""
        ),
        parting=parting,
        unchecked=unchecked,
        most=most,
        claimed=with_unit(claimed, of_claims, cells) if most else "",
        judged=judged(
            table,
            over.value,
            {name: _figure(row.get(name, "")) for name in judged_by(table, over.value)}
            | {over.value: value},
        ),
    )


def _are_alike(one: ColumnDefinition, other: ColumnDefinition, row: Mapping[str, Cell]) -> bool:
    """Whether two figures of a row are of one unit: a share is no part of an amount."""
    return unit_of(one, row) == unit_of(other, row)


def _parting(
    over: OverTime,
    breaks: Sequence[Break],
    two: Sequence[tuple[KnownQuarter, Mapping[str, str]]],
) -> Parting | None:
    """What parts the second of two quarters from the first, where there are two."""
    if len(two) < 2:
        return None
    (earlier, before), (later, now) = two
    between = [one for one in breaks if earlier.period.first_day < one.first_day < later.period.end]
    if between:
        newest = between[-1]
        changed = newest.what_changed.rstrip(".")
        because = f"what is counted changed on {spell_date(newest.first_day)} ({changed})"
        return Parting("definition", because)
    if any(now.get(column) != before.get(column) for column in over.rule):
        return Parting("rule", f"its rule is a new one since {spell_quarter(later.period)}")
    return None


def _cells(row: Mapping[str, str]) -> dict[str, Cell]:
    return {name: Cell(text) for name, text in row.items()}


def _figure(text: str) -> Cell:
    """A published figure, or the symbol in its place."""
    if text == LOW:
        return Cell(Decimal(0), LOW)
    if text in _SYMBOLS or not text:
        return Cell(None, text or SYMBOLS["not available"])
    return Cell(Decimal(text))
