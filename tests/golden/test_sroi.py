"""The worked example of social return on investment, step by step (domain.md, section 3).

60 people x GBP 8,500; deadweight 40%, attribution to others 30%, drop-off 30% a year, discounted at
3.5%, two years, for GBP 250,000.
"""

from decimal import Decimal

import pytest

from tests.support.dbt_macros import macro, value_of

present_value = macro("monetisation", "present_value")
to_the_penny = macro("monetisation", "to_the_penny")
uprated = macro("monetisation", "uprated")

GROSS = "60 * 8500"
NET_OF_DEADWEIGHT = f"{GROSS} * (1 - 0.40)"
ATTRIBUTED = f"{NET_OF_DEADWEIGHT} * (1 - 0.30)"


def pennies(expression: str) -> object:
    return value_of(to_the_penny(expression))


def over(years: int) -> str:
    return present_value(ATTRIBUTED, years, "0.30", "0.035")


@pytest.mark.parametrize(
    ("step", "published"),
    [
        (GROSS, "510000.00"),
        (NET_OF_DEADWEIGHT, "306000.00"),
        (ATTRIBUTED, "214200.00"),
        (over(1), "214200.00"),
        (f"{over(2)} - {over(1)}", "144869.57"),
        (over(2), "359069.57"),
    ],
    ids=["gross", "deadweight", "attribution", "year one", "year two", "present value"],
)
def test_each_step_of_the_worked_example(step: str, published: str) -> None:
    assert pennies(step) == Decimal(published)


def test_the_ratio_of_the_worked_example() -> None:
    ratio = Decimal(str(pennies(over(2)))) / 250_000
    assert round(ratio, 3) == Decimal("1.436")


def test_without_drop_off_and_discounting_each_year_is_worth_the_first() -> None:
    assert pennies(present_value("100", 3, "0", "0")) == Decimal("300.00")


def test_a_value_is_uprated_once_from_its_price_year() -> None:
    # the WELLBY of 2019 in prices of 2022: 13,000 x 90.5005 / 81.1085
    assert pennies(uprated("13000", "81.1085", "90.5005")) == Decimal("14505.34")
