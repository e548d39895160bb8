"""People are whole numbers, and who knows it works out no protected count either."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exports.disclosure.apply import protect_tables
from exports.disclosure.figures import Figure, Interval, Need, Problem, Sum
from exports.disclosure.proof.linear import SparseRows, Undecided, Whole, solve
from exports.disclosure.proof.secondary import protect
from exports.figures.selection import Selection
from tests.support.people_made import THRESHOLDS, published_as_past
from tests.support.staff_made import EMPLOYERS, SHARES, Employee, workforce, write_tables
from tests.support.whole_adversary import WholeAdversary

QUARTERS = ("2021-22 Q3", "2021-22 Q4")
RELEASES = count()
MOSTLY = st.sampled_from([True] * 9 + [False])
STAFF = st.lists(
    st.builds(
        Employee,
        employer=st.sampled_from(EMPLOYERS),
        sex=st.sampled_from(["female"] * 5 + ["male"] * 5 + ["undisclosed"]),
        disability=st.sampled_from(["not disabled"] * 7 + ["disabled", "undisclosed"]),
        home_known=MOSTLY,
        is_local=MOSTLY,
        is_adult=MOSTLY,
        pay_known=MOSTLY,
        is_paid_enough=MOSTLY,
    ),
    min_size=20,
    max_size=120,
)


def publish(quarters: Sequence[Sequence[Employee]]) -> list[list[Selection]]:
    """The releases of these quarters, each in the knowledge of those before."""
    released: list[list[Selection]] = []
    past, truths = [], []
    for name, staff in zip(QUARTERS, quarters, strict=False):
        truth = workforce(staff, name)
        shown, _ = protect_tables(truth, THRESHOLDS, truths, past)
        past += [published_as_past(name, one, THRESHOLDS) for one in shown]
        truths += truth
        released.append(shown)
    return released


def narrowed(
    folder: Path, quarters: Sequence[Sequence[Employee]], released: Sequence[Sequence[Selection]]
) -> dict[object, set[int]]:
    """The counts from 1 to 4 that an attacker with these releases knows something of."""
    adversary = WholeAdversary()
    for shown in released:
        release = folder / f"r{next(RELEASES)}"
        write_tables(release, shown)
        adversary.read(release)
    adversary.link()
    assert adversary.is_consistent()
    found = {}
    for name, staff in zip(QUARTERS, quarters, strict=False):
        for employer in EMPLOYERS:
            here = [one for one in staff if one.employer == employer]
            small = {
                (name, "headcount", employer, f"sex={sex}"): sum(one.sex == sex for one in here)
                for sex in ("female", "male", "undisclosed")
            }
            for (indicator, basis), (is_in, _) in SHARES.items():
                small[name, f"{indicator} {basis}", employer, ""] = sum(map(is_in, here))
            small[name, "under 18", employer, ""] = sum(not one.is_adult for one in here)
            for key, people in small.items():
                if 1 <= people <= 4 and (left := adversary.possible(key, range(1, 5))) != {
                    1,
                    2,
                    3,
                    4,
                }:
                    found[key] = left
    return found


@settings(
    max_examples=6, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(STAFF, STAFF)
def test_the_tables_of_two_quarters_leave_each_small_number_possible(
    tmp_path_factory: pytest.TempPathFactory, before: list[Employee], after: list[Employee]
) -> None:
    quarters = (before, after)
    assert narrowed(tmp_path_factory.mktemp("releases"), quarters, publish(quarters)) == {}


YOUNG = [
    *[Employee("Authority")] * 5,
    *[Employee("Authority", is_adult=False)] * 2,
    *[Employee("Transport", sex="male", is_paid_enough=False)] * 41,
]


def forgetful(selection: Selection) -> Selection:
    """The table as if who is not yet 18 were no count to protect."""
    table = selection.table
    assert table.disclosure is not None
    rule = table.disclosure.model_copy(update={"complements": {}})
    return replace(selection, table=table.model_copy(update={"disclosure": rule}))


def test_who_is_not_yet_18_is_protected_though_no_table_counts_them(tmp_path: Path) -> None:
    shown = publish([YOUNG])
    assert narrowed(tmp_path / "shown", [YOUNG], shown) == {}
    # Of 5 to 7 employees 5 to 7 are 18 or over, so at most 2 are not.
    told, _ = protect_tables([forgetful(one) for one in workforce(YOUNG, QUARTERS[0])], THRESHOLDS)
    assert narrowed(tmp_path / "told", [YOUNG], [told]) != {}


def pairs(*, whole: bool = True) -> Problem:
    """Couples count two: with single people shown as none, those counted can only be even."""
    people, couples, singles = ("people",), ("couples",), ("singles",)
    return Problem(
        figures={
            people: Figure(people, 2, whole=whole),
            couples: Figure(couples, 1, Interval(0, 2), whole=whole),
            singles: Figure(singles, 0, Interval(0, 0), whole=whole),
        },
        sums=[Sum(people, (couples, couples, singles))],
        needs=[Need(people, 1, 4)],
        primary={people: "below the threshold"},
    )


def test_what_only_whole_numbers_give_away_is_hidden_too() -> None:
    assert ("singles",) in protect(pairs()).hidden
    assert ("singles",) not in protect(pairs(whole=False)).hidden


def knapsack(nodes: int) -> np.ndarray[tuple[int], np.dtype[np.float64]] | None:
    """A market to be split evenly: no half of 20 shops has half the sales of three goods."""
    sales = np.random.default_rng(1).integers(0, 100, (3, 20))
    even = SparseRows()
    for goods in sales:
        even.add({at: float(sold) for at, sold in enumerate(goods)}, float(goods.sum() // 2))
    whole = Whole(np.ones(20, dtype=np.bool_), nodes)
    return solve(np.zeros(20), even, SparseRows(), np.zeros(20), np.ones(20), whole)


def test_a_program_at_its_limit_is_undecided_and_never_false() -> None:
    with pytest.raises(Undecided):
        knapsack(10)
    assert knapsack(100_000) is None


def reached(folder: Path, quarter: str, claimed: str, to_date: str, status: str) -> Path:
    """A release of one measure, of which only what is claimed is told."""
    (folder / quarter / "tables").mkdir(parents=True)
    with (folder / quarter / "tables" / "measures_people.csv").open("w", newline="") as lines:
        row = {
            "quarter": quarter,
            "indicator_id": "C07",
            "measure_id": "M03",
            "counted": "as returned",
            "claimed": claimed,
            "claimed_to_date": to_date,
            **dict.fromkeys(("validated", "evidenced"), "[c]"),
            **dict.fromkeys(("validated_to_date", "evidenced_to_date"), "[c]"),
            "status": status,
        }
        writer = csv.DictWriter(lines, list(row))
        writer.writeheader()
        writer.writerow(row)
    return folder / quarter


@pytest.mark.parametrize(("status", "left"), [("final", {4}), ("provisional", {1, 2, 3, 4})])
def test_an_attacker_takes_no_count_for_settled_that_its_release_calls_provisional(
    tmp_path: Path, status: str, left: set[int]
) -> None:
    """At most 7, a few, at most 7 make 18 or more only if the few are 4, or a late return came."""
    adversary = WholeAdversary()
    adversary.read(reached(tmp_path, "2021-22 Q1", "5", "5", status))
    adversary.read(reached(tmp_path, "2021-22 Q2", "[c]", "10", status))
    adversary.read(reached(tmp_path, "2021-22 Q3", "5", "20", "final"))
    adversary.link()
    assert adversary.is_consistent()
    few = ("2021-22 Q2", "claimed", "C07 M03 as returned", "")
    assert adversary.possible(few, range(1, 5)) == left
