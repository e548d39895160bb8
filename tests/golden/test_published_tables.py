"""Percentages that others have published, made by the project's SQL from their own numbers."""

from decimal import Decimal
from fractions import Fraction

import pytest

from tests.support.dbt_macros import macro, value_of

ratio = macro("ratio", "duckdb__ratio")

# CLES, ten councils of Greater Manchester: spend with the top 300 suppliers, of which with those
# based or branched in the council's own area (GBP), and the percentage as printed
GREATER_MANCHESTER = {
    "Bolton": ("68330289.71", "31179554.05", "45.6"),
    "Bury": ("38026372.58", "10810750.81", "28.4"),
    "Manchester": ("235031744.89", "186687585.67", "79.4"),
    "Oldham": ("133590437.30", "91644381.53", "68.6"),
    "Rochdale": ("70793775.84", "30995001.50", "43.8"),
    "Salford": ("143909248.95", "90276813.00", "62.7"),
    "Stockport": ("126771768.29", "82563092.39", "65.1"),
    "Tameside": ("45117493.41", "22863548.01", "50.7"),
    "Trafford": ("41171484.94", "15062797.86", "36.6"),
    "Wigan": ("101115819.30", "57568701.76", "56.9"),
}
TOTAL, LOCAL = Decimal("1003858435.21"), Decimal("619652226.58")


def percent(above: Decimal | str, below: Decimal | str) -> Decimal:
    """What the models say `above` is of `below`, in per cent."""
    answer = value_of(ratio(f"100 * ({Decimal(above)})", str(Decimal(below))))
    assert isinstance(answer, Decimal)
    return answer


@pytest.mark.parametrize("council", GREATER_MANCHESTER)
def test_local_spend_of_a_council_is_as_printed(council: str) -> None:
    total, local, printed = GREATER_MANCHESTER[council]
    assert f"{percent(local, total):.1f}" == printed


def test_the_ten_councils_together_are_a_ratio_of_sums_and_no_mean_of_percentages() -> None:
    rows = GREATER_MANCHESTER.values()
    assert sum(Decimal(total) for total, _, _ in rows) == TOTAL
    assert sum(Decimal(local) for _, local, _ in rows) == LOCAL
    assert f"{percent(LOCAL, TOTAL):.1f}" == "61.7"
    mean = sum(percent(local, total) for total, local, _ in rows) / len(rows)
    assert f"{mean:.1f}" == "53.8", "what was printed as the average"


@pytest.mark.parametrize(
    ("answered", "asked", "per_cent"),
    [(37, 100, 37), (48, 100, 48), (37, 50, 74)],  # of the last the page prints 54
)
def test_responses_of_cheshire_east_are_counted_not_copied(
    answered: int, asked: int, per_cent: int
) -> None:
    assert percent(Decimal(answered), Decimal(asked)) == per_cent


@pytest.mark.parametrize(
    ("body", "share", "above", "below", "printed"),
    [
        ("Chelmsford 2021/22", "apprentices of the headcount: C/A", 32, 885, "3.62"),
        ("Chelmsford 2021/22", "starts of new employees: D/B", 23, 92, "25.00"),
        ("Hinckley and Bosworth", "starts of the headcount before: D/H", 4, 404, "0.99"),
        ("Hinckley and Bosworth", "apprentices of the headcount: C/A", 9, 424, "2.12"),
        ("Hinckley and Bosworth", "starts of new employees: D/B, cut to 6.5", 4, 61, "6.56"),
    ],
)
def test_apprentices_are_as_authorities_published_them(
    body: str, share: str, above: int, below: int, printed: str
) -> None:
    assert f"{percent(Decimal(above), Decimal(below)):.2f}" == printed, f"{body}: {share}"


@pytest.mark.parametrize(("above", "below"), [(1, 3), (2, 3), (-1, 3), (1, 8), (5, 10**7)])
def test_a_percentage_is_exact_to_six_places_and_rounds_halves_away(above: int, below: int) -> None:
    exact = Fraction(100 * above, below)
    assert abs(Fraction(percent(Decimal(above), Decimal(below))) - exact) <= Fraction(1, 2 * 10**6)
