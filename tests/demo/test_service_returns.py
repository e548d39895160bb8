"""What directorates and posts send of their own work, and what must come of it."""

import csv
from collections import Counter
from decimal import Decimal

import pytest

from flows.demo.made.authority.periods import QUARTERS, YEARS
from flows.demo.made.contracts.measures import MEASURES, STANDARD, TEMPLATES
from flows.demo.made.delivery.deeds import CHARITY_DAY, FALLS
from flows.demo.made.delivery.progress import (
    AMBER_RED,
    GREEN,
    NOT_REPORTED,
    RED,
    REPORTED,
    classes,
    progress_sendings,
)
from flows.demo.made.delivery.service_returns import done, service_sendings
from flows.demo.made.delivery.stories import stories, stories_kept, story_sendings
from tests.oracle.truth.standing import standing_at
from tests.oracle.truth.value.counting import BASES
from tests.oracle.truth.value.progress import progress_of
from tests.oracle.truth.value.services import (
    done_rows,
    roles_and_measures,
    service_figure,
    volunteering_hours,
)
from tests.support.definitions import PLACES
from tests.support.made_files import cell_texts, column, sheets_of

TOLD = standing_at(2022)
SENT = list(service_sendings(2022))
PROGRESS = list(progress_sendings())
STORIES = list(story_sendings())
ALL = [*SENT, *PROGRESS, *STORIES]


def test_five_directorates_send_eight_returns_but_for_one_that_never_comes() -> None:
    slots = {s.slot for s in SENT}
    assert len(slots) == 39
    assert len({s.sender for s in SENT}) == 5
    assert Counter(s.outcome for s in SENT) == {"loaded": 40, "duplicate": 1}
    assert list(service_sendings(2022)) == SENT


def test_every_planted_fault_stands_where_it_is_said_to() -> None:
    for sending in ALL:
        for fault in sending.planted:
            if fault.row:
                assert fault.text in cell_texts(sending, fault.sheet, fault.row), fault


def test_every_kind_of_fault_is_planted() -> None:
    assert {fault.kind for s in ALL for fault in s.planted} == {
        "late",
        "corrected file",
        "words in a number",
        "a role that nobody knows",
        "the same row twice",
        "a telephone number in the narrative",
        "a share of a shared outcome",
        "evidence missing",
        "a commitment that nobody knows",
        "a commitment twice",
        "a rating that nobody knows",
        "a rating in other words",
        "an e-mail address in the narrative",
        "off track without a corrective action",
        "no consent",
        "no story",
        "a telephone number in the story",
    }


def test_the_files_add_up_to_what_the_truth_counts() -> None:
    factors = {c.code: c for c in (*STANDARD, *TEMPLATES["essex"], *TEMPLATES["words"])}
    in_files: Counter[str] = Counter()
    for sending, told in zip([s for s in SENT if s.outcome == "loaded"], done(2022), strict=True):
        if told.is_replaced:
            continue
        [(_, rows)] = sheets_of(sending).items()
        codes, amounts = column(rows, str(rows[0][1])), column(rows, str(rows[0][3]))
        for code, amount, deed in zip(codes, amounts, told.deeds, strict=True):
            if not deed.fault:
                in_files[deed.measure_id] += Decimal(str(amount)) * factors[str(code)].factor
    for measure in {row.measure_id for row in done_rows(TOLD)}:
        rows = [row for row in done_rows(TOLD) if row.measure_id == measure]
        assert sum(row.quantity for row in rows) == in_files[measure], measure


def test_quarters_add_up_to_years_and_levels_stand_at_their_end() -> None:
    for role, measure in roles_and_measures(TOLD):
        for year in YEARS:
            own = [service_figure(TOLD, role, measure, q) for q in QUARTERS if q.startswith(year)]
            whole = service_figure(TOLD, role, measure, year)
            assert whole["claimed"] >= whole["evidenced"] >= whole["validated"]
            if MEASURES[measure].accumulates:
                for basis in BASES:
                    assert sum(quarter[basis] for quarter in own) == whole[basis]
    last = service_figure(TOLD, "civic leader", "M17", "2022-23")
    assert last["claimed"] == 161


def test_a_figure_to_date_that_falls_is_a_negative_correction() -> None:
    falls = [row for row in done_rows(TOLD) if row.figure < 0]
    assert [(row.quarter, row.measure_id) for row in falls] == [FALLS[1:]]


def test_a_shared_day_is_counted_once_over_two_directorates() -> None:
    shares = [row.figure for row in done_rows(TOLD) if row.shared_outcome == CHARITY_DAY]
    assert sum(shares) == 300
    hours = volunteering_hours(TOLD, "2022-23 Q3")
    assert hours["claimed"] > hours["validated"] >= 300


def test_the_commitments_are_those_of_the_registry() -> None:
    seeds = PLACES.seeds
    with (seeds / "commitments.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert classes() == {r["commitment_id"]: (r["class"], r["responsible_post"]) for r in rows}


@pytest.mark.parametrize("quarter", REPORTED)
def test_every_commitment_has_a_rating_or_is_not_reported(quarter: str) -> None:
    told = progress_of(TOLD, quarter)
    assert sum(told.ratings.values()) == len(classes()) == 18
    missing = sum(count for (_, rating), count in told.ratings.items() if rating == NOT_REPORTED)
    assert sum(told.movement.values()) == 18 - missing


def test_movement_is_against_the_quarter_before() -> None:
    first, second, third, last = (progress_of(TOLD, quarter) for quarter in REPORTED)
    assert first.movement == {"better": 0, "worse": 0, "the same": 0, "new": 17}
    assert second.movement == {"better": 2, "worse": 4, "the same": 11, "new": 1}
    assert third.ratings["Day One", NOT_REPORTED] == 2  # a post that never reported
    assert last.movement["new"] == 3
    assert last.ratings["Day One", RED] == 1
    assert last.ratings["Day One", AMBER_RED] == 1
    assert last.ratings["Day One", GREEN] == 6


def test_two_commitments_off_track_say_nothing_of_what_is_done() -> None:
    assert [progress_of(TOLD, q).without_action for q in REPORTED] == [
        (),
        ("FC07",),
        (),
        ("FC11",),
    ]
    planted = [f.text for s in PROGRESS for f in s.planted if "corrective" in f.kind]
    assert planted == ["FC07", "FC11"]


def test_stories_without_consent_are_not_told() -> None:
    kept = stories_kept("2022-23")
    assert sum(kept.values()) == 6
    assert kept["employer", "social"] == 1
    assert sum(stories_kept("2021-22").values()) == 5
    assert sum(bool(story.fault) for story in stories()) == 3
    assert len({s.slot for s in STORIES}) == len(STORIES)


def test_every_file_names_a_person_who_does_not_exist() -> None:
    for sending in ALL:
        assert "@canary.invalid" in str(sheets_of(sending)), sending.delivery.file_name
