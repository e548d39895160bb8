"""What the made-up contracts promise, quarter by quarter, and what can be off with a promise."""

import csv
from decimal import Decimal

from flows.demo.made.authority.canaries import homes, identity
from flows.demo.made.contracts.commitments import commitments, committed, profile_of, quarter_of
from flows.demo.made.contracts.contracts import THRESHOLD, contracts
from flows.demo.made.contracts.kpis import CUTOFFS, RATINGS, rated_contracts, ratings
from flows.demo.made.contracts.measures import MEASURES, TEMPLATES, code_for
from tests.support.definitions import PLACES

SEEDS = PLACES.seeds


def test_about_two_thirds_of_the_contracts_above_the_threshold_promise_something() -> None:
    above = [c for c in contracts() if c.value > THRESHOLD and c.awarded.year >= 2021]
    share = sum(bool(committed(c.reference)) for c in above) / len(above)
    assert 0.6 < share < 0.9


def test_a_profile_adds_up_to_its_commitment_but_for_one() -> None:
    odd = [c for c in commitments() if c.profile and sum(profile_of(c).values()) != c.quantity]
    assert [c.profile for c in odd] == ["short"]
    assert sum(c.profile != "" for c in commitments()) > 40


def test_a_promise_of_nought_is_no_commitment() -> None:
    nothing = [c for c in commitments() if c.quantity == 0]
    assert len(nothing) == 1
    assert committed(nothing[0].reference) == ()


def test_one_commitment_has_days_of_its_own() -> None:
    own = [c for c in commitments() if c.start or c.end]
    assert len(own) == 1
    assert own[0].start != own[0].contract.start


def test_quarters_of_any_day() -> None:
    ends = {quarter_of(c.end) for c in contracts()}
    assert {"2023-24 Q4", "2022-23 Q1"} <= ends


def test_the_measures_are_those_of_the_registry() -> None:
    with (SEEDS / "measures.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["measure_id"]: row for row in csv.DictReader(file)}
    assert set(MEASURES) == set(rows)
    for measure in MEASURES.values():
        assert rows[measure.measure_id]["unit"] == measure.unit
        assert (rows[measure.measure_id]["accumulates"] == "yes") == measure.accumulates


def test_the_templates_codes_are_those_of_the_registry() -> None:
    with (SEEDS / "measure_aliases.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}
    for code in (*TEMPLATES["essex"], *TEMPLATES["words"]):
        assert rows[code.code]["measure_id"] == code.measure_id
        assert Decimal(rows[code.code]["unit_factor"]) == code.factor
    assert code_for("M12", "words").in_unit(Decimal("1.5")) == 1500
    assert code_for("M03", "essex").code == "M03"


def test_large_contracts_are_rated_on_three_indicators() -> None:
    assert len(rated_contracts()) == 9
    last = ratings("2022-23 Q4")
    assert len({(r.reference, r.title) for r in last}) == 27
    assert {r.counts_as for r in last} == set(RATINGS)
    assert any(r.rating == "" for r in last)
    assert any(r.rating and r.rating not in RATINGS for r in last)


def test_an_achievement_stands_on_each_cut_off() -> None:
    reached = {r.achieved / r.target for r in ratings("2022-23 Q4") if r.achieved and r.target}
    assert {least for least, _ in CUTOFFS[:2]} <= reached


def test_a_later_register_says_another_rating_of_the_same_day() -> None:
    first = {(r.reference, r.title, r.assessed_on): r.rating for r in ratings("2021-22 Q4")}
    again = {(r.reference, r.title, r.assessed_on): r.rating for r in ratings("2022-23 Q4")}
    assert sum(again[key] != told for key, told in first.items()) == 1


def test_people_of_the_demo_are_many_and_live_in_and_around_the_region() -> None:
    people = [identity(n) for n in range(2000)]
    assert len({p.name for p in people}) == 2000
    assert len({p.email for p in people}) == 2000
    assert {p.home.postcode for p in people} == {home.postcode for home in homes()}
