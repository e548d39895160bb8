"""Gross to net: the published short forms, and where the equation and the short form must agree."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.dbt_macros import macro, value_of

additional_share = macro("additionality", "additional_share")

# deadweight, displacement, leakage, substitution (per cent): net of a gross of 1
SHORT_FORMS = {
    "standard": (20, 25, 10, 0, "0.54"),
    "conservative": (35, 40, 20, 5, "0.2964"),
    "optimistic": (10, 10, 5, 0, "0.7695"),
    "employment and skills": (20, 15, 10, 0, "0.612"),
}
rates = st.decimals(min_value=0, max_value=1, places=4)
multipliers = st.decimals(min_value="0.1", max_value="2.5", places=4)


def share(form: str, **given_rates: Decimal) -> Decimal:
    """What the project's SQL says is additional of a gross of 1."""
    names = ["deadweight", "leakage", "displacement", "substitution", "multiplier"]
    names += [f"reference_{name}" for name in names[1:]]
    columns = [f"'{form}' as form"]
    for name in names:
        rate = given_rates.get(name)
        columns.append(f"cast({'null' if rate is None else rate} as decimal(6, 4)) as {name}")
    answer = value_of(additional_share("a"), f"(select {', '.join(columns)}) as a")
    assert isinstance(answer, Decimal)
    return answer


@pytest.mark.parametrize("name", SHORT_FORMS)
def test_the_short_form_gives_the_published_net(name: str) -> None:
    deadweight, displacement, leakage, substitution, net = SHORT_FORMS[name]
    answer = share(
        "short form",
        deadweight=Decimal(deadweight) / 100,
        displacement=Decimal(displacement) / 100,
        leakage=Decimal(leakage) / 100,
        substitution=Decimal(substitution) / 100,
        multiplier=Decimal(1),
    )
    assert answer == Decimal(net)


def test_the_equation_takes_the_reference_case_with_rates_of_its_own() -> None:
    # of 100 jobs: 100 x .8 x .6 x .95 x 1.1 = 50.16
    # in the reference case: 40 x .9 x .7 x 1 x 1.05 = 26.46
    answer = share(
        "equation",
        deadweight=Decimal("0.40"),
        leakage=Decimal("0.20"),
        displacement=Decimal("0.40"),
        substitution=Decimal("0.05"),
        multiplier=Decimal("1.10"),
        reference_leakage=Decimal("0.10"),
        reference_displacement=Decimal("0.30"),
        reference_substitution=Decimal(0),
        reference_multiplier=Decimal("1.05"),
    )
    assert 100 * answer == Decimal("50.16") - Decimal("26.46")


@given(rates, rates, rates, rates, multipliers)
def test_both_forms_agree_where_the_reference_case_has_the_same_rates(
    deadweight: Decimal,
    leakage: Decimal,
    displacement: Decimal,
    substitution: Decimal,
    multiplier: Decimal,
) -> None:
    same = {
        "leakage": leakage,
        "displacement": displacement,
        "substitution": substitution,
        "multiplier": multiplier,
    }
    starred = {f"reference_{name}": rate for name, rate in same.items()}
    assert share("equation", deadweight=deadweight, **same, **starred) == share(
        "short form", deadweight=deadweight, **same
    )


@given(rates, rates, rates, rates)
def test_without_a_multiplier_no_more_is_additional_than_was_done(
    deadweight: Decimal, leakage: Decimal, displacement: Decimal, substitution: Decimal
) -> None:
    answer = share(
        "short form",
        deadweight=deadweight,
        leakage=leakage,
        displacement=displacement,
        substitution=substitution,
        multiplier=Decimal(1),
    )
    assert 0 <= answer <= 1
