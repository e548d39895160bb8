"""Claims, people, headcounts and receipts beside each other."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from expectations.suite import Row
from flows.common.settings import Settings
from flows.intake.across import judge_across
from flows.intake.rules import Rules
from flows.intake.submission import Ingested
from flows.warehouse.findings import list_findings
from tests.support.definitions import own_definitions
from tests.support.small_files import payments
from tests.support.standing_returns import StandingReturns

CLAIMS, PEOPLE, WORKFORCE, RECEIPTS = (
    "across_claims",
    "across_people",
    "across_workforce",
    "across_receipts",
)
Q1, Q2, Q3 = "2022-23 Q1", "2022-23 Q2", "2022-23 Q3"
TO_DATE = {"reckoning": "cumulative"}


@pytest.fixture
def books(settings: Settings, rules: Rules) -> StandingReturns:
    return StandingReturns(settings, rules)


def claim(quantity: float, reference: str = "CR-1", measure: str = "M08", **more: object) -> Row:
    return {"contract_reference": reference, "measure_code": measure, "quantity": quantity, **more}


def share(part: float | None, outcome: str = "DEPOT", **more: object) -> Row:
    return claim(100, shared_outcome_reference=outcome, attributed_share=part, **more)


def rules_found(books: StandingReturns, suite: str = CLAIMS) -> list[tuple[str, str, int | None]]:
    return [(rule, return_id, row) for rule, return_id, row, _ in books.found(suite)]


def test_shares_above_one_are_found_at_every_claim_of_the_outcome(books: StandingReturns) -> None:
    one = books.add("supplier_returns", "s400101", Q1, claim(1), share(0.5))
    other = books.add("supplier_returns", "s400102", Q1, share(0.4, reference="CR-2"))
    third = books.add(
        "service_returns",
        "skills-and-employment",
        Q1,
        {
            "role": "investor",
            "measure_code": "VOL-HRS",
            "quantity": 100,
            "shared_outcome_reference": "DEPOT",
            "attributed_share": 0.3,
        },
    )

    said = "DEPOT: shares of 1.200 in all"
    assert sorted(books.found(CLAIMS), key=lambda found: found[1]) == [
        ("shares_add_up_to_at_most_one", third, 2, said),
        ("shares_add_up_to_at_most_one", one, 3, said),
        ("shares_add_up_to_at_most_one", other, 2, said),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [share(0.5), share(0.3, reference="CR-2"), share(0.2, reference="CR-3")],
        [share(0.6), share(0.6, reference="CR-2", status="rejected")],
        [share(0.6), share(0.6, measure="M06")],
        [share(None)],
    ],
    ids=["just one", "one of them rejected", "two measures", "all of it"],
)
def test_shares_of_one_outcome_and_measure_may_add_up_to_one(
    books: StandingReturns, rows: list[Row]
) -> None:
    books.add("supplier_returns", "s400101", Q1, *rows)
    books.add("supplier_returns", "s400101", Q2, {**share(0.9), "quantity": 90})

    assert books.found(CLAIMS) == []


def test_a_figure_to_date_that_falls_is_found_where_it_fell(books: StandingReturns) -> None:
    books.add("supplier_returns", "s400101", Q1, claim(50, **TO_DATE))
    fell = books.add("supplier_returns", "s400101", Q2, claim(40, **TO_DATE))
    books.add("supplier_returns", "s400101", Q3, claim(60, **TO_DATE))

    assert books.found(CLAIMS) == [
        ("figure_to_date_does_not_fall", fell, 2, "M08: 40.00 to date, 50.00 before")
    ]


def test_a_figure_to_date_is_held_against_what_was_claimed_in_period_before_it(
    books: StandingReturns,
) -> None:
    books.add("supplier_returns", "s400101", Q1, claim(30), claim(15))
    fell = books.add("supplier_returns", "s400101", Q2, claim(44, **TO_DATE))

    assert rules_found(books) == [("figure_to_date_does_not_fall", fell, 2)]


def test_a_figure_to_date_in_another_unit_has_not_fallen(books: StandingReturns) -> None:
    books.add("supplier_returns", "s400101", Q1, claim(5000, measure="CO2-KG", **TO_DATE))
    books.add("supplier_returns", "s400101", Q2, claim(6, measure="M12", **TO_DATE))

    assert books.found(CLAIMS) == []


def test_one_figure_under_several_contracts_is_found_under_each(books: StandingReturns) -> None:
    claimed = books.add(
        "supplier_returns", "s400101", Q1, claim(815), claim(815, "CR-2"), claim(815, "CR-3", "M06")
    )
    books.add("supplier_returns", "s400102", Q1, claim(815, "CR-4"))  # another's figure

    assert rules_found(books) == [
        ("figure_is_of_one_contract", claimed, 2),
        ("figure_is_of_one_contract", claimed, 3),
    ]


def test_one_figure_in_several_quarters_is_found_in_each(books: StandingReturns) -> None:
    ids = [books.add("supplier_returns", "s400101", q, claim(1240)) for q in (Q1, Q3)]

    assert rules_found(books) == [("figure_is_of_one_period", id_, 2) for id_ in ids]


@pytest.mark.parametrize(
    "rows",
    [
        [claim(3), claim(3, "CR-2")],
        [claim(50, shared_outcome_reference="DEPOT", attributed_share=0.5)] * 2,
        [claim(50), claim(50, "CR-2", status="rejected")],
    ],
    ids=["small figures", "a shared outcome", "rejected"],
)
def test_figures_that_may_well_be_alike_are_left_alone(
    books: StandingReturns, rows: list[Row]
) -> None:
    books.add("supplier_returns", "s400101", Q1, *rows)

    assert books.found(CLAIMS) == []


def test_a_level_may_stay_the_same(books: StandingReturns) -> None:
    said = {"role": "civic leader", "measure_code": "M17", "quantity": 160}
    for quarter in (Q1, Q2):
        books.add("service_returns", "policy-and-strategy", quarter, said)

    assert books.found(CLAIMS) == []


def person(key: str, group: str | None, reference: str = "CR-1") -> Row:
    return {
        "contract_reference": reference,
        "person_key": key,
        "start_date": "2022-04-04",
        "fte": 1,
        "disadvantaged_group": group,
    }


def test_a_person_in_two_groups_is_found_at_the_second_and_nothing_of_them_is_shown(
    books: StandingReturns,
) -> None:
    first = books.add("supplier_returns", "s400101", Q1, claim(1))
    books.add(
        "supplier_returns_people",
        "s400101",
        Q1,
        person("a", "care leaver"),
        person("b", None),
        person("a", "none", "CR-2"),
        of=first,
    )
    second = books.add("supplier_returns", "s400101", Q2, claim(1))
    books.add(
        "supplier_returns_people",
        "s400101",
        Q2,
        person("a", "care leaver"),
        person("a", "disabled", "CR-2"),
        person("b", "veteran"),
        of=second,
    )
    theirs = books.add("supplier_returns", "s400102", Q2, claim(1))
    books.add("supplier_returns_people", "s400102", Q2, person("a", "veteran"), of=theirs)

    assert books.found(PEOPLE) == [("person_is_in_one_disadvantaged_group", second, 3, None)]


def staff(number: int, employer: str = "Merseytravel", **more: object) -> list[Row]:
    return [
        {
            "employer": employer,
            "employee_key": f"{n}",
            "snapshot_date": "2022-06-30",
            "fte": 1,
            **more,
        }
        for n in range(number)
    ]


@pytest.mark.parametrize(("then", "is_found"), [(24, False), (25, True), (16, False), (15, True)])
def test_a_headcount_that_leaps_is_found_by_employer(
    books: StandingReturns, then: int, is_found: bool
) -> None:
    books.add("hr_workforce", "lcrca", Q1, *staff(20), *staff(100, "LCRCA"))
    leapt = books.add("hr_workforce", "lcrca", Q2, *staff(100, "lcrca"), *staff(then, "MT"))

    wanted = [("headcount_moves_by_at_most_a_fifth", leapt, 102, f"merseytravel: {then} after 20")]
    assert books.found(WORKFORCE) == (wanted if is_found else [])


def test_leavers_and_quarters_apart_make_no_leap(books: StandingReturns) -> None:
    books.add("hr_workforce", "lcrca", Q1, *staff(30))
    books.add("hr_workforce", "lcrca", Q2, *staff(30), *staff(20, leave_date="2022-05-01"))
    books.add("hr_workforce", "lcrca", "2022-23 Q4", *staff(90))

    assert books.found(WORKFORCE) == []


@pytest.fixture
def owing(settings: Settings, tmp_path: Path) -> Settings:
    """Settings by which two parts of payments and a vendor master are owed for April 2022."""
    changed = own_definitions(settings, tmp_path / "definitions")
    (tmp_path / "definitions" / "seeds" / "obligations.csv").write_text(
        "return,sender,part,every,first_period,last_period,due_days_after_end\n"
        "finance_payments,lcrca,corporate,month,2022-04,2022-04,15\n"
        "finance_payments,lcrca,transport,month,2022-04,2022-04,15\n"
        "finance_vendors,lcrca,,month,2022-04,2022-04,72\n"
    )
    return changed


def test_a_late_return_is_found_at_the_return_and_a_missing_one_by_its_name(
    owing: Settings, rules: Rules
) -> None:
    books = StandingReturns(owing, rules)
    late = books.add(
        "finance_payments",
        "lcrca",
        "2022-04",
        part="corporate",
        at=datetime(2022, 5, 19),  # noqa: DTZ001 (the warehouse's moments are UTC)
    )

    assert books.found(RECEIPTS) == [
        ("return_came_in_time", late, None, "4 days late: due 2022-05-15"),
        (
            "owed_return_has_come",
            "finance_payments-owed-lcrca-transport/2022-04",
            None,
            "finance_payments of lcrca for 2022-04, part transport: due 2022-05-15",
        ),
    ]  # the vendor master is due today


def test_a_whole_delivery_answers_for_the_parts(owing: Settings, rules: Rules) -> None:
    books = StandingReturns(owing, rules)
    books.add("finance_payments", "lcrca", "2022-04", at=datetime(2022, 5, 15))  # noqa: DTZ001

    assert books.found(RECEIPTS) == []


def test_a_missing_return_is_listed_until_it_comes(
    owing: Settings, rules: Rules, take: Callable[..., Ingested]
) -> None:
    judge_across(rules, owing)
    listed = list_findings(owing)
    assert [(f["rule"], f["file"], f["row"]) for f in listed] == [
        ("owed_return_has_come", None, None)
    ] * 2
    take(payments(), "lcrca_2022-04_transport.csv")
    judge_across(rules, owing)
    assert sorted((str(f["rule"]), f["file"]) for f in list_findings(owing)) == [
        ("owed_return_has_come", None),
        ("return_came_in_time", "lcrca_2022-04_transport.csv"),
    ]


def decision(quantity: float, said: str = "validated", **more: object) -> Row:
    row = {"supplier": "S400101", "decision": said, "decided_by": "Social Value Lead", **more}
    return {**row, **claim(quantity)}


def test_a_decision_on_a_quantity_that_nobody_claims_is_found(books: StandingReturns) -> None:
    books.add("supplier_returns", "s400101", Q1, claim(30, status="evidenced"))
    books.add("supplier_returns", "s400102", Q1, claim(31))
    books.add("supplier_returns", "s400101", Q2, claim(32))
    decided = books.add(
        "validations",
        "lcrca",
        Q1,
        decision(30),
        decision(31),
        decision(32, "rejected", because="x"),
    )

    assert books.found("across_validations") == [
        ("decision_speaks_of_a_claim", decided, 3, "M08 under CR-1 of S400101: 31.00 validated"),
        ("decision_speaks_of_a_claim", decided, 4, "M08 under CR-1 of S400101: 32.00 rejected"),
    ]


def test_a_share_that_an_officer_rejects_takes_nothing_from_the_others(
    books: StandingReturns,
) -> None:
    books.add("supplier_returns", "s400101", Q1, share(0.6, status="evidenced"))
    books.add("supplier_returns", "s400102", Q1, share(0.6, reference="CR-2", status="evidenced"))
    assert len(books.found(CLAIMS)) == 2

    books.add("validations", "lcrca", Q1, decision(100, "rejected", because="No evidence."))
    assert books.found(CLAIMS) == []
