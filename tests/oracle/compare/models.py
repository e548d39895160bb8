"""What came of the demo, beside the truth that its returns were made from."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from flows import demo
from flows.common.settings import Settings
from flows.intake.submission import Ingested
from flows.modelling.analysts import analysts
from flows.warehouse.slots import as_rows, findings, status

VALUES = """
    select indicator_id, basis, period, breakdown, breakdown_value, numerator, denominator, value
    from marts.fct_indicator_values
"""
SIX_DECIMALS = Decimal("0.000001")  # as the models keep figures
KEY = ("indicator_id", "basis", "period", "breakdown", "breakdown_value")
SLOT = ("return", "sender", "period", "part")


@dataclass(frozen=True)
class Compared:
    """One thing that came, and what it should be."""

    what: str
    ours: str
    true: str

    @property
    def same(self) -> bool:
        """Whether it is as it should be."""
        return self.ours == self.true


def compare_outcomes(done: Sequence[Ingested]) -> Iterator[Compared]:
    """What became of the first files: outcome, rows and money, in the order of arrival."""
    for one, true in zip(in_order(done), demo.truth().outcomes, strict=False):
        counts = one.counts
        ours = f"{one.outcome} {counts.loaded} {counts.quarantined} {counts.dropped} "
        ours += f"{counts.amount_total or Decimal('0.00')}"
        loaded = true.loaded
        said = f"{true.outcome} {loaded.rows} {true.quarantined.rows} {true.dropped_rows} "
        said += f"{loaded.amount}"
        yield Compared(f"{true.return_name} {true.file_name} of {true.at:%Y-%m-%d}", ours, said)


def in_order(done: Sequence[Ingested]) -> list[Ingested]:
    """The files in the order that they arrived in: a day's go in side by side."""
    left = list(done)
    found = []
    for true in demo.truth().outcomes[: len(done)]:
        place = next(
            at
            for at, one in enumerate(left)
            if (one.return_name, one.file) == (true.return_name, true.file_name)
        )
        found.append(left.pop(place))
    return found


def compare_lateness(settings: Settings) -> Iterator[Compared]:
    """How late each slot is in `status` that something came for, and what never came."""
    ours = {tuple(str(row[name]) for name in SLOT): row for row in status(settings)}
    truth = demo.truth()
    late = {(o.return_name, o.sender, o.period, o.part): o.late_days for o in truth.outcomes}
    for slot, days in late.items():
        row = ours.get(slot)
        said = "not listed" if row is None else f"{row['late_days'] or 0} days late"
        yield Compared(" ".join(filter(None, slot)), said, f"{days} days late")
    for one in truth.missing:
        slot = (one.return_name, one.sender, one.period, one.part)
        row = ours.get(slot)
        said = "not listed" if row is None else str(row["outcome"])
        yield Compared(" ".join(filter(None, slot)), said, "missing")


def compare_faults(done: Sequence[Ingested], settings: Settings) -> Iterator[Compared]:
    """Whether each planted fault that calls for a finding, or a refusal, has it on its very row."""
    found = {(f["return_id"], f["row"]) for f in findings(settings, everything=True)}
    files = in_order(done)
    for fault in demo.faults():
        if not fault.calls_for_a_finding or fault.delivery >= len(files):
            continue
        one = files[fault.delivery]
        named = any((name, fault.row) in found for name in one.returns)
        if one.outcome == "rejected":  # a file of which nothing is left is answered in one sentence
            named = named or re.search(rf"\brow {fault.row}\b", one.reason or "") is not None
        what = f"{fault.file_name}, row {fault.row}: {fault.kind}"
        yield Compared(what, "found" if named else "not found", "found")


def compare_figures(settings: Settings) -> Iterator[Compared]:
    """Every figure that the truth knows, to six decimals, beside the analysts' file."""
    with analysts(settings) as connection:
        rows = as_rows(connection.execute(VALUES))
    ours = {demo.Key(*(str(row[name]) for name in KEY)): row for row in rows}
    for key, figure in sorted(demo.truth().figures.items()):
        row = ours.get(key)
        what = " ".join(part for part in (key.indicator, key.basis, key.period) if part)
        if key.breakdown:
            what += f", {key.breakdown} {key.breakdown_value}"
        yield Compared(what, *figure_pair(row, figure))


def figure_pair(row: dict[str, object] | None, figure: demo.Figure) -> tuple[str, str]:
    """The model's figure and the true one, as text."""
    value = _plain(figure.value)
    # Nothing below the line is nought in the truth and none in the models.
    below = _plain(figure.denominator or None)
    true = f"{_plain(figure.numerator)} / {below} = {value}"
    if row is None or (row["numerator"] is None and row["value"] is None):
        # Where no row speaks of a figure there is none, and the truth adds up to nought.
        return (true if figure.numerator == 0 else "none"), true
    if row["numerator"] is None:  # the pay of few people, of which only the gap is shown
        return _plain(row["value"]), value
    divided_by = _plain(row["denominator"] or None)
    said = f"{_plain(row['numerator'])} / {divided_by} = {_plain(row['value'])}"
    return said, true


def _plain(number: object) -> str:
    """A number to six decimals, without zeros at its end: 5 and 5.000000 are the same."""
    if number is None:
        return "none"
    return f"{Decimal(str(number)).quantize(SIX_DECIMALS, ROUND_HALF_UP).normalize():f}"
