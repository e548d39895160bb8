"""An adversary with every release and a solver narrows no protected count."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exports.figures.cell import Cell
from exports.figures.selection import Selection
from tests.support.adversary import Adversary, Count, Found
from tests.support.people_made import (
    ALL,
    PERIODS,
    THRESHOLDS,
    Person,
    by,
    counted,
    people_table,
    release_all,
)

VALUES = {
    "sex": ["Female", "Male"],
    "grade": ["1", "2", "3", "4"],
    "origin": ["A", "B", "C"],
    "district": ["Halton", "Sefton", "City region", "Elsewhere"],
}
REGION = "City region"
LINKED = [
    people_table("by_grade", by("sex", "grade"), percent_over="sex"),
    people_table("by_origin", by("sex", "origin"), percent_over="sex"),
]
NOT_DIMENSIONS = ("quarter", "people", "percent")
PARENTS = {"Halton": REGION, "Sefton": REGION}
DISTRICTS = [
    people_table(
        "by_district",
        [*by("sex"), {"column": "district", "total": ALL, "parents": PARENTS}],
        percent_over="sex",
    ),
    LINKED[0],
]
# Most people are of few kinds, so that small counts stand beside large ones.
PEOPLE = st.lists(
    st.builds(
        Person,
        sex=st.sampled_from(["Female", "Female", "Male"]),
        grade=st.sampled_from(["1"] * 6 + ["2"] * 3 + ["3", "4"]),
        origin=st.sampled_from(["A"] * 6 + ["B", "C"]),
        district=st.sampled_from(["Halton"] * 5 + ["Sefton", "Elsewhere"]),
    ),
    min_size=3,
    max_size=60,
)
thorough = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def truth_of(selections: Sequence[Selection]) -> dict[Count, int]:
    """Every true count, under the name that the adversary gives it."""
    found: dict[Count, int] = {}
    for one in selections:
        dimensions = [c.name for c in one.table.columns if c.name not in NOT_DIMENSIONS]
        for record in one.records:
            cut = sorted((name, str(record[name])) for name in dimensions if record[name] != ALL)
            found[str(record["quarter"]), tuple(cut)] = int(str(record["people"]))
    return found


def attacked(
    releases: Sequence[Sequence[Selection]],
    truth: Mapping[Count, int],
    adversary: Adversary | None = None,
) -> list[Found]:
    adversary = adversary or Adversary("sex")
    for release in releases:
        for shown in release:
            adversary.read(shown, PARENTS)
    return adversary.prove(truth)


@thorough
@given(PEOPLE)
def test_linked_tables_of_one_release_narrow_no_protected_count(people: list[Person]) -> None:
    released, _ = release_all(LINKED, [people], VALUES)
    truth = truth_of([counted(table, people, VALUES, PERIODS[0]) for table in LINKED])
    assert all(one.holds_all for one in attacked(released, truth))


@settings(thorough, max_examples=8)
@given(PEOPLE, st.data())
def test_leavers_and_joiners_between_releases_narrow_no_protected_count(
    people: list[Person], data: st.DataObject
) -> None:
    periods = [people]
    for _ in range(2):
        stay = list(periods[-1])
        stay.pop(data.draw(st.integers(0, len(stay) - 1)))
        periods.append(stay + data.draw(PEOPLE)[: data.draw(st.sampled_from([0, 0, 1, 4]))])
    released, _ = release_all(LINKED[:1], periods, VALUES)
    truths = [
        truth_of([counted(LINKED[0], now, VALUES, name)])
        for now, name in zip(periods, PERIODS, strict=False)
    ]
    every = {count: value for truth in truths for count, value in truth.items()}
    assert all(one.holds_all for one in attacked(released, every))
    for last in range(1, len(released)):
        known = {count: value for truth in truths[: last + 1] for count, value in truth.items()}
        before = proven_by_a_colleague([*released[:last], all_hidden(released[last])], known)
        after = proven_by_a_colleague(released[: last + 1], known)
        for count in before:
            assert before[count] == after[count], f"{count} of {known[count]}"


def all_hidden(release: Sequence[Selection]) -> list[Selection]:
    """The release if it told nothing but where there is nobody."""
    hidden = Cell(None, "[c]")
    return [
        replace(
            one,
            rows=tuple(
                (*texts, people if people.text == "0" else hidden, hidden)
                for *texts, people, _ in one.rows
            ),
        )
        for one in release
    ]


def proven_by_a_colleague(
    releases: Sequence[Sequence[Selection]], truth: Mapping[Count, int]
) -> dict[Count, set[int]]:
    """Which of 1 to 4 each protected count can be, for one who knows who came and who left.

    The colleague knows it where one person more or less takes a count into view, or out of it.
    """
    adversary = Adversary("sex")
    for (period, cut), value in truth.items():
        then = PERIODS[PERIODS.index(period) + 1]
        by_now = truth.get((then, cut), value + 9) - value
        if {value, value + by_now} == {4, 5}:
            adversary.moved((period, cut), (then, cut), by_now, by_now)
    return {
        one.count: {n for n in range(1, 5) if one.low - 1e-6 <= n <= one.high + 1e-6}
        for one in attacked(releases, truth, adversary)
    }


@thorough
@given(PEOPLE)
def test_a_region_less_its_districts_narrows_no_protected_count(people: list[Person]) -> None:
    released, _ = release_all(DISTRICTS, [people], VALUES)
    truth = truth_of([counted(table, people, VALUES, PERIODS[0]) for table in DISTRICTS])
    assert all(one.holds_all for one in attacked(released, truth))


def naive(selection: Selection) -> Selection:
    """What one might do at first: hide what is small, round the rest, and leave it at that."""
    rows, hidden = [], Cell(None, "[c]")
    for *texts, people, _ in selection.rows:
        value = int(str(people.value))
        shown = hidden if 1 <= value <= 4 else Cell(THRESHOLDS.rounded(Decimal(value)))
        rows.append((*texts, shown, hidden))
    return replace(selection, rows=tuple(rows))


TEAM = (
    [Person("Female", "1", "A")] * 6 + [Person("Male", "1", "A")] + [Person("Male", "2", "B")] * 9
)


@pytest.mark.parametrize("protection", ["naive", "ours"])
def test_the_attack_breaks_a_naive_protection(protection: str) -> None:
    truths = [counted(table, TEAM, VALUES, PERIODS[0]) for table in LINKED]
    if protection == "naive":
        shown = [naive(one) for one in truths]
    else:
        shown = release_all(LINKED, [TEAM], VALUES)[0][0]
    found = attacked([shown], truth_of(truths))
    assert any(one.truth == 1 for one in found)
    assert all(one.holds_all for one in found) == (protection == "ours")


def test_a_joiner_does_not_tell_how_few_there_were() -> None:
    before = [Person("Female", "1", "A")] * 4 + [Person("Male", "1", "A")] * 30
    after = [*before, Person("Female", "1", "A")]
    table = people_table("by_grade", by("sex", "grade"))
    women = (("grade", "1"), ("sex", "Female"))
    (first, second), _ = release_all([table], [before, after], VALUES)
    (forgetful,), _ = release_all([table], [after], VALUES)
    assert text_of(second[0], sex="Female", grade="1") == "[c]"
    assert text_of(forgetful[0], sex="Female", grade="1") == "5"

    def least(later: Selection) -> float:
        adversary = Adversary("sex")
        adversary.moved((PERIODS[0], women), (PERIODS[1], women), 1, 1)
        found = attacked(
            [[*first, in_period(later, PERIODS[1])]], {(PERIODS[0], women): 4}, adversary
        )
        return found[0].low

    assert least(second[0]) <= 1
    assert least(forgetful[0]) == 4


def text_of(selection: Selection, **where: str) -> str:
    names = [column.name for column in selection.table.columns]
    rows = [dict(zip(names, texts, strict=True)) for texts in selection.texts]
    return next(row["people"] for row in rows if where.items() <= row.items())


def in_period(selection: Selection, period: str) -> Selection:
    return replace(selection, rows=tuple((Cell(period), *row[1:]) for row in selection.rows))
