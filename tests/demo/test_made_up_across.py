"""What must be found across returns: every planted story, and no more than the rules say."""

from flows.demo.made.delivery.supplier_returns import NOT_OWED
from tests.oracle.truth.standing import standing_at
from tests.oracle.truth.value.across import Row, across

FOUND = across(standing_at(2022))


def _supplier(sender: str, quarter: str, contract: str, measure: str) -> Row:
    return Row(sender, quarter, contract, measure)


def test_an_outcome_is_over_claimed_by_three_suppliers() -> None:
    assert FOUND.over_claimed == {
        _supplier("400213", "2022-23 Q1", "CR-0057", "M06"),
        _supplier("400269", "2022-23 Q1", "CR-0051", "M06"),
        _supplier("400192", "2022-23 Q1", "CR-0097", "M06"),
    }


def test_a_suppliers_and_a_directorates_figure_to_date_fall() -> None:
    assert {(row.sender, row.quarter) for row in FOUND.falling} == {
        ("400234", "2021-22 Q3"),
        ("investment-and-delivery", "2022-23 Q2"),
    }


def test_figures_of_a_whole_organisation_stand_under_several_contracts_and_quarters() -> None:
    senders = {(row.sender, row.quarter) for row in FOUND.alike_over_contracts}
    assert senders >= {
        (sender, quarter)
        for sender in ("400115", "400493")
        for quarter in ("2022-23 Q2", "2022-23 Q3")
    }
    assert {row for row in FOUND.alike_over_contracts if row.sender in ("400115", "400493")} <= (
        FOUND.alike_over_quarters
    )


def test_contracts_that_are_unknown_or_anothers_or_over() -> None:
    assert {row.about for row in FOUND.unknown_contract} == {"CR-O133"}
    assert {row.about for row in FOUND.anothers_contract} == {"CR-0060"}
    assert {(row.sender, row.quarter) for row in FOUND.outside_its_life} == {NOT_OWED}
    assert {reference for _, reference in FOUND.unknown_promise} == {"CR-0999"}


def test_what_nobody_promised_and_what_does_not_add_up() -> None:
    assert FOUND.not_promised >= {("CR-0061", "M11"), ("CR-0058", "M08"), ("CR-0160", "M08")}
    assert {key[1:] for key in FOUND.profile_off} == {("CR-0045", "M01")}


def test_one_person_stands_in_two_groups() -> None:
    assert FOUND.in_two_groups == {("400528", "PX438007")}
