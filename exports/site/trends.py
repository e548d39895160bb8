"""An indicator over every published quarter: its line, its parts, one sentence, its numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from exports.definitions.table import CONFIDENTIAL, LOW, SYMBOLS, OverTime, TableDefinition
from exports.edition.history import History, KnownQuarter
from exports.figures.cell import Cell
from exports.figures.display import plain, unit_of, with_unit
from exports.site.trend_svg import TrendPoint, scale_of, trend
from flows.common.periods import Period

_FEWEST = 2  # points of a line
_FEWEST_RANKED = 4  # quarters of which one is called the lowest or the highest
_SMALL = 84  # pixels: the height of a small chart
_SYMBOLS = {*SYMBOLS.values(), CONFIDENTIAL, LOW}


@dataclass(frozen=True)
class Observation:
    """A figure in a published quarter, beside its target, and whether its rule is a new one."""

    quarter: KnownQuarter
    value: Decimal | None
    reads: str
    status: str
    target: Decimal | None
    target_reads: str
    breaks: bool


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

    @property
    def known(self) -> list[Observation]:
        """Those that have a value."""
        return [one for one in self.observations if one.value is not None]

    @property
    def has_target(self) -> bool:
        """Whether a target is set for the newest."""
        return bool(self.observations) and self.observations[-1].target is not None


@dataclass(frozen=True)
class TrendView:
    """What a page shows of an indicator over time. `rows` are the numbers: a row a figure."""

    sentence: str
    title: str
    svg: str
    note: str
    small: Sequence[tuple[str, str]]
    quarters: Sequence[tuple[str, str]]
    rows: Sequence[tuple[str, Sequence[str]]]


def series_of(history: History, indicator: str, titles: Mapping[str, str]) -> list[Series]:
    """Every figure of the indicator in the tables that are followed; `titles` are those of bases.

    First comes the one that has a target, or else the first of its table.
    """
    found = [
        one
        for table in history.tables
        if table.over_time
        for one in _series(history, table, table.over_time, indicator, titles)
        if one.known
    ]
    return sorted(found, key=lambda one: (not one.has_target, len(one.known) < _FEWEST))


def trend_view(series: Sequence[Series], name: str) -> TrendView | None:
    """The chart of the first series, small ones of the others; None if there is no line to draw."""
    if not series or len(series[0].known) < _FEWEST:
        return None
    first, others = series[0], [one for one in series[1:] if len(one.known) >= _FEWEST]
    quarters = _quarters(series)
    note = ""
    svg, starts_at_nought = _drawn(first, f"{name}-trend", 190)
    if not starts_at_nought:
        note = "The scale does not start at 0. "
    shown = [one for each in (first, *others) for one in each.observations]
    if any(one.status == "provisional" for one in shown if one.value is not None):
        note += "An open dot is a provisional figure. "
    if any(one.value is None for one in shown):
        note += (
            "A gap is a quarter without a figure, or with one that is hidden to protect people. "
        )
    if any(one.breaks for one in shown):
        note += "A dotted upright line is a change of the rule: do not compare across it. "
    return TrendView(
        sentence=sentence_of(first),
        title=first.title,
        svg=svg,
        note=note.strip(),
        small=[
            (one.title, _drawn(one, f"{name}-trend-{number}", _SMALL)[0])
            for number, one in enumerate(others, start=2)
        ],
        quarters=[(one.period.label, one.release) for one in quarters],
        rows=[(one.title, _numbers(one, quarters)) for one in series],
    )


def sentence_of(series: Series) -> str:
    """What is seen: the newest figure, the one before, whether it is an extreme, and the target."""
    *_, before, last = series.known
    words = f"{series.title}: {last.reads} in {spell_quarter(last.quarter.period)}"
    words += f", {_moved(before, last)} {before.reads} in {spell_quarter(before.quarter.period)}."
    if extreme := extreme_of(series):
        words += f" {extreme}"
    return words + (f" {aim}" if (aim := _aim(series.direction, last)) else "")


def extreme_of(series: Series) -> str:
    """`That is the lowest of the 8 quarters known.`; '' if the newest is neither end."""
    if len(series.known) < _FEWEST_RANKED:
        return ""
    values, last = [one.value for one in series.known if one.value is not None], series.known[-1]
    reads = [one.reads for one in series.known]
    for extreme, word in ((min, "lowest"), (max, "highest")):
        if last.value == extreme(values) and reads.count(last.reads) == 1:
            return f"That is the {word} of the {len(values)} quarters known."
    return ""


def _aim(direction: str, last: Observation) -> str:
    if last.value is None or last.target is None:
        return ""
    short = last.value < last.target if direction.startswith("higher") else last.value > last.target
    return f"The target of {last.target_reads} was {'missed' if short else 'met'}."


def _moved(before: Observation, last: Observation) -> str:
    if before.reads == last.reads or before.value is None or last.value is None:
        return "the same as" if before.reads == last.reads else "after"
    return "up from" if last.value > before.value else "down from"


def spell_quarter(period: Period) -> str:
    """`January to March 2023`."""
    last = period.end.toordinal() - 1
    return f"{period.first_day:%B} to {period.first_day.fromordinal(last):%B %Y}"


def _drawn(series: Series, name: str, plot: int) -> tuple[str, bool]:
    shown = series.observations
    aim = shown[-1] if series.has_target else None
    values = [one.value for one in (*shown,) if one.value is not None]
    if aim and aim.target is not None:
        values.append(aim.target)
    scale = scale_of(values, series.unit, 5 if plot > _SMALL else 2)
    points = [
        TrendPoint(
            _label(one.quarter.period, at == 0),
            one.value,
            one.reads,
            one.status == "provisional",
            one.breaks,
        )
        for at, one in enumerate(shown)
    ]
    target = (aim.target, aim.target_reads) if aim and aim.target is not None else None
    return trend(name, series.title, points, scale, target, plot), scale.starts_at_nought


def _label(period: Period, first: bool) -> tuple[str, str]:
    """`Q4`, and below it the year where one begins."""
    year, quarter = period.label.split(" ")
    return quarter, year if first or quarter == "Q1" else ""


def _quarters(series: Sequence[Series]) -> list[KnownQuarter]:
    by_label = {
        one.quarter.period.label: one.quarter for each in series for one in each.observations
    }
    return [by_label[label] for label in sorted(by_label)]


def _numbers(series: Series, quarters: Sequence[KnownQuarter]) -> list[str]:
    by_label = {one.quarter.period.label: one for one in series.observations}
    texts = []
    for quarter in quarters:
        one = by_label.get(quarter.period.label)
        mark = (
            " (provisional)"
            if one and one.status == "provisional" and one.value is not None
            else ""
        )
        texts.append(f"{one.reads}{mark}" if one else "not available")
    texts.append(series.observations[-1].target_reads or "none")
    return texts


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
    for (basis, part), rows in found.items():
        part_reads = plain(Cell(part), columns[over.parts]) if over.parts else ""
        newest = rows[-1][1]
        yield Series(
            table=table.name,
            basis=basis,
            part=part,
            title=_title(titles.get(basis, ""), part_reads) or table.title,
            unit=unit_of(columns[over.value], _cells(newest)),
            direction=newest.get("direction", ""),
            observations=[
                _observed(table, over, quarter, row, rows[at - 1][1] if at else None)
                for at, (quarter, row) in enumerate(rows)
            ],
        )


def _title(basis: str, part: str) -> str:
    """`Of staff whose home is known (Merseytravel)`: a sentence adds a colon and the figure."""
    return f"{basis} ({part})" if basis and part else basis or part


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
    before: Mapping[str, str] | None,
) -> Observation:
    columns = {column.name: column for column in table.columns}
    cells = _cells(row)
    value = _figure(row.get(over.value, ""))
    target = _figure(row.get(over.target, "")) if over.target else None
    return Observation(
        quarter=quarter,
        value=value.value if isinstance(value.value, Decimal) else None,
        reads=with_unit(value, columns[over.value], cells),
        status=row.get("status", ""),
        target=target.value if target and isinstance(target.value, Decimal) else None,
        target_reads=(
            with_unit(target, columns[over.value], cells)
            if target and isinstance(target.value, Decimal)
            else ""
        ),
        breaks=before is not None and any(row.get(c) != before.get(c) for c in over.rule),
    )


def _cells(row: Mapping[str, str]) -> dict[str, Cell]:
    return {name: Cell(text) for name, text in row.items()}


def _figure(text: str) -> Cell:
    """A published figure, or the symbol in its place."""
    if text == LOW:
        return Cell(Decimal(0), LOW)
    if text in _SYMBOLS or not text:
        return Cell(None, text or SYMBOLS["not available"])
    return Cell(Decimal(text))
