"""What a release of the demo says, cell by cell, beside the truth after the stated disclosure step.

A count of people from 1 to under the threshold must be hidden, any other is rounded as
`exports/disclosure/thresholds.yaml` says; of a cell that is hidden, for itself or to protect
another, nothing is compared. Every other figure is the true one, rounded once as its table says.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from exports.cells import publish_value
from exports.disclosure.thresholds import Thresholds, read_thresholds
from exports.release import newest_revision
from exports.table import CONFIDENTIAL, Column, Table, read_tables
from flows import demo
from flows.comparison import Compared
from flows.periods import read_period

STEPS = ("validated", "evidenced", "claimed")
_Row = Mapping[str, str]
_Told = tuple[str, demo.Key, str]
_EMPLOYERS = {
    "Liverpool City Region Combined Authority": "lcrca",
    "Merseytravel": "merseytravel",
}
_GAPS = {"E04": "mean", "E05": "median", "E06": "mean", "E07": "median"}
_DELIVERED = {
    "committed": "committed",
    "due_to_date": "profiled-to-date",
    "due": "profiled",
    "rejected": "rejected",
    "validated_of_due": "validated-of-profiled",
    "validated_of_committed": "validated-of-committed",
}
_COUNTED = {"by person": "-people", "claimed, not de-duplicated": "-not-deduplicated"}


def compare_newest(published: Path, quarters: Sequence[str]) -> Iterator[Compared]:
    """Every figure of the newest release of each quarter, all published once all was in."""
    for quarter in quarters:
        _, release = newest_revision(published / "quarterly" / read_period(quarter).slug)
        if release is not None:
            yield from compare_published(release, quarter)


def compare_published(release: Path, quarter: str) -> Iterator[Compared]:
    """Every figure of a release, published once all was in, that the truth knows."""
    figures, thresholds = demo.truth().figures, read_thresholds()
    for table in read_tables("quarterly"):
        columns = {column.name: column for column in table.columns}
        protected = table.disclosure.protected if table.disclosure else set()
        with (release / "tables" / f"{table.name}.csv").open(encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
        for row in rows:
            for name, key, part in _figures_of(table.name, row, quarter):
                figure = figures.get(key)
                if figure is None or (row[name] == CONFIDENTIAL and name in protected):
                    continue
                true = getattr(figure, part)
                what = f"{table.name} {' '.join(row[one] for one in table.key)}, {name}"
                said = _shown(table, columns[name], row, true, thresholds)
                # Where no row speaks of a figure there is none, and the truth adds up to nought.
                yield Compared(what, said if row[name] == "[x]" and not true else row[name], said)


def _figures_of(table: str, row: _Row, quarter: str) -> Iterator[_Told]:
    """The columns of a row that the truth may know: name, which figure, and what of it."""
    if table in _READERS and row.get("period", quarter) == quarter:
        yield from _READERS[table](row, quarter)


def _of_indicators(row: _Row, quarter: str) -> Iterator[_Told]:
    key = demo.Key(row["indicator_id"], row["basis"], quarter)
    yield from ((name, key, name) for name in ("value", "numerator", "denominator"))


def _of_places(row: _Row, quarter: str) -> Iterator[_Told]:
    region = row["place"] == "Liverpool City Region"
    part = ("", "") if region else ("district", row["place"])
    for basis in ("known", "all"):
        yield f"percent_of_{basis}", demo.Key("C01", basis, quarter, *part), "value"


def _of_kinds(row: _Row, quarter: str) -> Iterator[_Told]:
    for basis in ("known", "all"):
        yield f"percent_of_{basis}", demo.Key(row["indicator_id"], basis, quarter), "value"


def _of_payments(row: _Row, quarter: str) -> Iterator[_Told]:
    yield "value", demo.Key("C05", row["basis"], quarter), "value"


def _of_gaps(row: _Row, quarter: str) -> Iterator[_Told]:
    yield "gap", _at(row, row["indicator_id"], _GAPS[row["indicator_id"]], quarter), "value"


def _of_bands(row: _Row, quarter: str) -> Iterator[_Told]:
    yield "percent_of_people", _at(row, row["indicator_id"], row["basis"], quarter), "value"


def _of_contracts(row: _Row, quarter: str) -> Iterator[_Told]:
    if row["contract_reference"] == "All contracts":
        yield "value", demo.Key("F05", "contract-value", quarter), "value"
        for name in (*(f"delivered_{step}" for step in STEPS), "extra_cost"):
            yield name, demo.Key("F05", name.replace("_", "-"), quarter), "value"


def _of_shares(row: _Row, quarter: str) -> Iterator[_Told]:
    key = _at(row, row["indicator_id"], row["basis"], quarter)
    yield from (("people", key, "numerator"), ("out_of", key, "denominator"))
    yield "percent_of_people", key, "value"


def _of_staff(row: _Row, quarter: str) -> Iterator[_Told]:
    key = _at(row, "E01", "headcount", quarter)
    if row["characteristic"] != "all":
        words = [*filter(None, [key.breakdown]), row["characteristic"]]
        values = [*filter(None, [key.breakdown_value]), row["category"]]
        key = demo.Key("E01", "headcount", quarter, "/".join(words), "/".join(values))
    yield "people", key, "numerator"


def _of_measures(row: _Row, quarter: str) -> Iterator[_Told]:
    apart = _COUNTED.get(row.get("counted", ""), "")
    named = dict(_DELIVERED)
    for step in STEPS:
        named |= {step: f"{step}{apart}", f"{step}_to_date": f"{step}{apart}-to-date"}
    for name, basis in named.items():
        if name in row:
            part = ("", "") if row.get("indicator_id") == "S01" else ("measure", row["measure_id"])
            key = demo.Key(row.get("indicator_id", "C07"), basis, quarter, *part)
            yield name, key, "value"


def _at(row: _Row, indicator: str, basis: str, quarter: str) -> demo.Key:
    if row["employer"] == "All":
        return demo.Key(indicator, basis, quarter)
    return demo.Key(indicator, basis, quarter, "employer", _EMPLOYERS[row["employer"]])


def _shown(
    table: Table, column: Column, row: _Row, true: Decimal | None, thresholds: Thresholds
) -> str:
    """A true figure as the table shows it."""
    rule = table.disclosure
    if true is not None and rule and any(one.column == column.name for one in rule.counts):
        small = thresholds.is_small(true)
        return CONFIDENTIAL if small else str(thresholds.rounded(true))
    value = int(true) if true is not None and column.type == "integer" else true
    return publish_value(column, value, row.get(column.unit_in or "")).text


_READERS: dict[str, Callable[[_Row, str], Iterator[_Told]]] = {
    "indicators": _of_indicators,
    "local_spend": _of_places,
    "supplier_kinds": _of_kinds,
    "prompt_payment": _of_payments,
    "measures": _of_measures,
    "measures_people": _of_measures,
    "cost_beside_benefit": _of_contracts,
    "workforce": _of_staff,
    "workforce_shares": _of_shares,
    "pay_gaps": _of_gaps,
    "pay_bands": _of_bands,
}
