"""What `fct_people_by_group` shows leaves each hidden count open, to who knows the whole year's."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.support.in_memory import compiled

GROUPS = ("care leaver", "disabled", "ex-offender", "veteran")
SMALL = range(1, 5)
YEARS = list(itertools.combinations_with_replacement(range(9), len(GROUPS)))


@pytest.fixture(scope="module")
def shown(built: Path) -> dict[str, dict[str, int | None]]:
    """What is shown of each year: a year for each way in which four groups can have 0 to 8."""
    manifest = built / "dbt" / "target" / "manifest.json"
    (model,) = (one for one in compiled(manifest) if one.name == "fct_people_by_group")
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as model; create schema model.people")
        connection.execute(
            "create table model.people.ppl_employed_spans as "
            "select 'distinct people' as counted_by_person, true as has_started, "
            "'claimed' as step, 'in period' as span, 'year' as period_kind, 'M02' as measure_id, "
            "period, disadvantaged_group from (select unnest($periods) as period, "
            "unnest($groups) as disadvantaged_group)",
            dict(zip(("periods", "groups"), map(list, zip(*_people(), strict=True)), strict=True)),
        )
        found: dict[str, dict[str, int | None]] = {}
        for period, group, people in connection.execute(
            f"select period, disadvantaged_group, people from ({model.sql})"
        ).fetchall():
            found.setdefault(period, {})[group] = people
    return found


def _people() -> Iterator[tuple[str, str]]:
    for counts in YEARS:
        for group, count in zip(GROUPS, counts, strict=True):
            yield from itertools.repeat((str(counts), group), count)


def test_no_small_count_is_shown_and_others_are_rounded(
    shown: dict[str, dict[str, int | None]],
) -> None:
    for counts in YEARS:
        for group, count in zip(GROUPS, counts, strict=True):
            cell = shown.get(str(counts), {}).get(group)
            assert cell in (None, 5 * ((count + 2) // 5)), counts
            assert cell is None or count not in SMALL, counts


def test_each_hidden_count_can_be_each_small_number_to_who_knows_all_the_others_sum(
    shown: dict[str, dict[str, int | None]],
) -> None:
    some = 0
    for counts in YEARS:
        cells = shown.get(str(counts), {})
        hidden = [
            count
            for group, count in zip(GROUPS, counts, strict=True)
            if group in cells and cells[group] is None
        ]
        if len(hidden) == len(cells):
            continue  # nothing is shown, and nothing but the whole is known
        some += 1
        ways = [
            way for way in itertools.product(SMALL, repeat=len(hidden)) if sum(way) == sum(hidden)
        ]
        assert all({way[at] for way in ways} == set(SMALL) for at in range(len(hidden))), counts
    assert some > 100
