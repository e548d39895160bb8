"""Rows that hold from a day to a day: what is said of days that do not fit together."""

import pytest

from flows.authority.dated_rows import dated_faults
from flows.authority.seed_schema import SeedSchema

SCHEMA = SeedSchema("targets", {}, ("indicator_id", "valid_from"), {}, (), {}, {})
OWED = [{"first_period": "2022-23 Q1", "last_period": "2022-23 Q4"}]


def found(
    *days: tuple[str, str, str], obligations: list[dict[str, str]] = OWED
) -> list[tuple[int, str]]:
    """The line and what is said of it; the rows stand from line 2 on."""
    rows = [{"indicator_id": a, "valid_from": b, "valid_to": c} for a, b, c in days]
    lines = range(2, 2 + len(rows))
    faults = dated_faults("seeds/targets.csv", rows, lines, SCHEMA, obligations)
    return [(one.line, one.what) for one in faults]


def test_rows_that_follow_one_another_are_well_whatever_their_order() -> None:
    one, two, three = ("A", "", "2022-06-30"), ("A", "2022-07-01", ""), ("B", "2022-05-01", "")
    assert found(one, two, three) == found(three, two, one) == []


def test_a_row_that_ends_before_it_begins_holds_on_no_day() -> None:
    said = "2022-03-31 is before 2022-04-01: it holds on no day"
    assert found(("A", "2022-04-01", "2022-03-31")) == [(2, said)]


def test_two_rows_of_a_key_that_hold_at_once_are_named() -> None:
    said = "it begins on 2022-07-01, and line 2 of the same key holds then"
    assert found(("A", "2022-04-01", ""), ("A", "2022-07-01", "")) == [(3, said)]


def test_a_gap_is_named_while_returns_are_owed_and_not_before() -> None:
    gap = [("A", "2022-10-01", ""), ("A", "", "2022-06-30")]
    said = "nothing holds from 2022-07-01 to 2022-09-30, after line 3, and returns are owed for"
    ((line, what),) = found(*gap)
    assert (line, what) == (2, f"{said} that time")
    assert found(*gap, obligations=[{"first_period": "2022-10", "last_period": ""}]) == []
    assert found(*gap, obligations=[{"first_period": "2021-22 Q1", "last_period": ""}])


@pytest.mark.parametrize(("last", "faults"), [("2022-23 Q1", 0), ("2021-22 Q4", 1), ("soon", 0)])
def test_an_obligation_that_ends_before_it_begins_is_named(last: str, faults: int) -> None:
    row = {"first_period": "2022-23 Q1", "last_period": last}
    schema = SeedSchema("obligations", {}, (), {}, (), {}, {})
    assert len(list(dated_faults("seeds/obligations.csv", [row], [2], schema, []))) == faults
