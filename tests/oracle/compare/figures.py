"""The figures of the analysts' file, beside what was made up."""

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal

from flows.common.settings import Settings
from flows.modelling.analysts import analysts
from flows.warehouse.connection import as_rows
from tests.oracle.compare.compared import Compared
from tests.oracle.truth.figures import SIX_DECIMALS, Figure, Key

VALUES = """
    select indicator_id, basis, period, breakdown, breakdown_value, numerator, denominator, value
    from marts.fct_indicator_values
"""
KEY = ("indicator_id", "basis", "period", "breakdown", "breakdown_value")


def compare_figures(settings: Settings, figures: Mapping[Key, Figure]) -> Iterator[Compared]:
    """Every figure that the truth knows, to six decimals, beside the analysts' file."""
    with analysts(settings) as connection:
        rows = as_rows(connection.execute(VALUES))
    modelled = {Key(*(str(row[name]) for name in KEY)): row for row in rows}
    for key, figure in sorted(figures.items()):
        what = " ".join(part for part in (key.indicator, key.basis, key.period) if part)
        if key.breakdown:
            what += f", {key.breakdown} {key.breakdown_value}"
        yield Compared(what, *figure_pair(modelled.get(key), figure))


def figure_pair(row: dict[str, object] | None, figure: Figure) -> tuple[str, str]:
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
    return f"{_plain(row['numerator'])} / {divided_by} = {_plain(row['value'])}", true


def _plain(number: object) -> str:
    """A number to six decimals, without zeros at its end: 5 and 5.000000 are the same."""
    if number is None:
        return "none"
    return f"{Decimal(str(number)).quantize(SIX_DECIMALS, ROUND_HALF_UP).normalize():f}"
