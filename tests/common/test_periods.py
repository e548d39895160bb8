"""Months, financial quarters, halves and years: written, read and told apart."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.common.periods import (
    MONTHS_IN,
    Kind,
    Period,
    PeriodError,
    financial_year_of,
    period_of,
    read_period,
    read_year,
)

KINDS: list[Kind] = ["month", "quarter", "half", "year"]
DAYS = st.dates(date(1990, 1, 1), date(2089, 12, 31))
PERIODS = st.builds(period_of, DAYS, st.sampled_from(KINDS))


@pytest.mark.parametrize(
    ("text", "first_day", "kind", "label"),
    [
        ("2022-04", date(2022, 4, 1), "month", "2022-04"),
        ("2022-23 Q1", date(2022, 4, 1), "quarter", "2022-23 Q1"),
        ("2022-Q1", date(2022, 4, 1), "quarter", "2022-23 Q1"),
        ("2022-23 Q4", date(2023, 1, 1), "quarter", "2022-23 Q4"),
        ("2022-q4", date(2023, 1, 1), "quarter", "2022-23 Q4"),
        ("2022-23-Q2", date(2022, 7, 1), "quarter", "2022-23 Q2"),
        (" 2022-23   q3 ", date(2022, 10, 1), "quarter", "2022-23 Q3"),
        ("2022-23 H1", date(2022, 4, 1), "half", "2022-23 H1"),
        ("2022-H2", date(2022, 10, 1), "half", "2022-23 H2"),
        ("2022-23", date(2022, 4, 1), "year", "2022-23"),
        ("1999-00", date(1999, 4, 1), "year", "1999-00"),
        ("1999-00 Q4", date(2000, 1, 1), "quarter", "1999-00 Q4"),
    ],
)
def test_both_notations_are_read_and_one_is_written(
    text: str, first_day: date, kind: Kind, label: str
) -> None:
    period = read_period(text)

    assert period == Period(first_day, kind)
    assert period.label == label


def test_a_year_whose_second_half_could_be_a_month_is_a_month_unless_a_year_is_asked_for() -> None:
    assert read_period("2011-12") == Period(date(2011, 12, 1), "month")
    assert read_year("2011-12") == Period(date(2011, 4, 1), "year")
    assert read_period("2012-13") == Period(date(2012, 4, 1), "year")
    assert read_year(" 1999-00 ") == Period(date(1999, 4, 1), "year")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2022",
        "2022-00",
        "2022-13",
        "2022-24",
        "2022-24 Q1",
        "2022-23 Q5",
        "2022-Q0",
        "2022-H3",
        "2022-23 Q",
        "Q1 2022",
        "2022-4",
        "2022-04-01",
        "April 2022",
        "2022-23 Q1 and more",
    ],
)
def test_what_is_no_period_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(PeriodError) as error:
        read_period(text)

    assert str(error.value).startswith(f"{text!r} is not a period: write 2022-23 Q1 or 2022-Q1")


@pytest.mark.parametrize("text", ["2022", "2022-24", "2022-Q1", "2022-23 H1", "2022-04"])
def test_what_is_no_year_is_refused_where_a_year_is_asked_for(text: str) -> None:
    with pytest.raises(PeriodError, match="is not a financial year: write 2022-23"):
        read_year(text)


def test_the_months_of_a_period_and_the_day_after_it() -> None:
    assert read_period("2022-23 Q4").months == ["2023-01", "2023-02", "2023-03"]
    assert read_period("2022-23 Q4").end == date(2023, 4, 1)
    assert read_period("2022-12").end == date(2023, 1, 1)
    assert read_period("2022-23").months[0::11] == ["2022-04", "2023-03"]
    assert read_period("2022-23 H2").slug == "2022-23-H2"


def test_the_financial_year_begins_on_the_first_of_april() -> None:
    assert financial_year_of(date(2022, 3, 31)) == 2021
    assert financial_year_of(date(2022, 4, 1)) == 2022


@given(period=PERIODS)
def test_a_period_reads_as_it_is_written(period: Period) -> None:
    ambiguous = period.kind == "year" and 1 <= int(period.label[-2:]) <= 12

    assert (read_year if ambiguous else read_period)(period.label) == period
    if period.kind in ("quarter", "half"):
        assert read_period(period.slug) == period
        assert read_period(period.label[:4] + "-" + period.label[-2:]) == period


@given(period=PERIODS)
def test_a_period_is_its_months_one_after_another(period: Period) -> None:
    months = [read_period(month) for month in period.months]

    assert len(months) == MONTHS_IN[period.kind]
    assert (months[0].first_day, months[-1].end) == (period.first_day, period.end)
    assert all(one.end == next_one.first_day for one, next_one in pairwise(months))


@given(day=DAYS, kind=st.sampled_from(KINDS))
def test_a_day_lies_in_the_period_of_its_kind(day: date, kind: Kind) -> None:
    period = period_of(day, kind)

    assert period.kind == kind
    assert period.first_day <= day < period.end
    assert f"{day:%Y-%m}" in period.months
    assert period_of(period.first_day, kind) == period
    assert period_of(period.end - timedelta(days=1), kind) == period


@given(day=DAYS)
def test_periods_nest(day: date) -> None:
    month, quarter, half, year = (period_of(day, kind) for kind in KINDS)

    assert set(month.months) < set(quarter.months) < set(half.months) < set(year.months)
    assert financial_year_of(day) == year.first_day.year
