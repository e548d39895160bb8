"""Social value as figures of indicators: whole, and the same as the truth that they come from."""

from collections import Counter

from flows.demo.made.authority.periods import HALVES, QUARTERS
from tests.oracle.truth.standing import standing_at
from tests.oracle.truth.value.commissioner import awarded, coverage
from tests.oracle.truth.value.indicators import value_figures

TOLD = standing_at(2022)
FIGURES = dict(value_figures(TOLD))


def test_every_figure_has_one_key() -> None:
    assert len(list(value_figures(TOLD))) == len(FIGURES)


def test_every_indicator_has_figures_for_quarters_halves_and_years() -> None:
    kinds = Counter((key.indicator, key.period.partition(" ")[2][:1]) for key in FIGURES)
    for indicator in ("C06", "C07", "C09", "C10", "E13", "F01", "F05", "I04", "L03", "S06"):
        assert all(kinds[indicator, kind] for kind in ("Q", "H", "")), indicator


def test_figures_are_those_of_the_truth() -> None:
    found = {(k.indicator, k.basis, k.period): f for k, f in FIGURES.items() if not k.breakdown}
    told = awarded(TOLD, "2022-23 H2")
    share = found["C06", "with-commitment", "2022-23 H2"]
    assert (share.numerator, share.denominator) == (told.with_commitment, told.known)
    assert found["C10", "late", "2021-22"].numerator == coverage(TOLD, "2021-22").late


def test_a_half_holds_its_quarters() -> None:
    for half in HALVES:
        quarters = [
            q for q in QUARTERS if q[:7] == half[:7] and (q[-1] in "12") == (half[-1] == "1")
        ]
        assert awarded(TOLD, half).known == sum(awarded(TOLD, q).known for q in quarters)
