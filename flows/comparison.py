"""What came of the demo, beside the truth that its returns were made from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flows import demo
from flows.exporting import analysts
from flows.intake_result import Ingested
from flows.listings import as_rows
from flows.settings import Settings

VALUES = """
    select indicator_id, basis, period, breakdown, breakdown_value, numerator, denominator, value
    from marts.fct_indicator_values
"""


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
    """What became of each file: its outcome, rows and money, in the order of arrival."""
    for one, true in zip(_in_order(done), demo.truth().outcomes, strict=True):
        counts = one.counts
        ours = f"{one.outcome} {counts.loaded} {counts.quarantined} {counts.dropped} "
        ours += f"{counts.amount_total or Decimal('0.00')}"
        loaded = true.loaded
        said = f"{true.outcome} {loaded.rows} {true.quarantined.rows} {true.dropped_rows} "
        said += f"{loaded.amount}"
        yield Compared(f"{true.return_name} {true.file_name} of {true.at:%Y-%m-%d}", ours, said)


def _in_order(done: Sequence[Ingested]) -> list[Ingested]:
    """A day's files go in side by side: put those of each name in the order that they came in."""
    left = list(done)
    found = []
    for true in demo.truth().outcomes:
        place = next(
            at
            for at, one in enumerate(left)
            if (one.return_name, one.file) == (true.return_name, true.file_name)
        )
        found.append(left.pop(place))
    return found


def compare_figures(settings: Settings) -> Iterator[Compared]:
    """Every figure that the truth knows, unrounded, beside the analysts' file."""
    with analysts(settings) as connection:
        rows = as_rows(connection.execute(VALUES))
    ours = {
        demo.Key(*(str(row[name]) for name in ("indicator_id", "basis", "period", "breakdown",
                                               "breakdown_value"))): row
        for row in rows
    }  # fmt: skip
    for key, figure in sorted(demo.truth().figures.items()):
        row = ours.get(key)
        what = " ".join(part for part in (key.indicator, key.basis, key.period) if part)
        if key.breakdown:
            what += f", {key.breakdown} {key.breakdown_value}"
        # Where no row speaks of a figure there is none, and the truth adds up to nought.
        absent = _true(figure) if figure.numerator == 0 else "none"
        yield Compared(
            what, absent if row is None or row["numerator"] is None else _said(row), _true(figure)
        )


def _said(row: dict[str, object]) -> str:
    return f"{_plain(row['numerator'])} / {_plain(row['denominator'])} = {_plain(row['value'])}"


def _true(figure: demo.Figure) -> str:
    return f"{_plain(figure.numerator)} / {_plain(figure.denominator)} = {_plain(figure.value)}"


def _plain(number: object) -> str:
    """A number without zeros at its end, so that 5 and 5.000000 are the same."""
    return "none" if number is None else f"{Decimal(str(number)).normalize():f}"
