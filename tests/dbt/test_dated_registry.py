"""Indicators, their figures and breakdowns begin and end on a day: outside it none is missed."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.in_memory import World

C01 = "indicator_id = 'C01'"
VALUES = f"from marts.fct_indicator_values where {C01}"
QUARTERS = f"select distinct period {VALUES} and period_kind = 'quarter'"
PUBLISHED = f"select distinct quarter from publication.pub_indicators where {C01}"
YEAR = f"select value {VALUES} and period = '2022-23' and basis = 'known' and breakdown = ''"
DEFINED = f"publication.pub_definitions where {C01}"
BEGUN = "2022-23 Q1"


@contextmanager
def dated(world: World, seed: str, cells: str, where: str = C01) -> Iterator[None]:
    """The world with these cells in the rows of a seed, and all that is made of them."""
    world.connection.execute("begin")
    try:
        world.connection.execute(f"update model.seeds.{seed} set {cells} where {where}")
        world.make(world.models)
        yield
    finally:
        world.connection.execute("rollback")


def seen(world: World, sql: str) -> set[object]:
    return {value for (value,) in world.connection.execute(sql).fetchall()}


def test_an_indicator_that_ended_has_no_row_after_and_says_until_when(world: World) -> None:
    quarters, year = seen(world, QUARTERS), seen(world, YEAR)
    assert quarters == seen(world, PUBLISHED) > {BEGUN}
    with dated(world, "indicators", "valid_to = date '2022-03-31'"):
        assert seen(world, QUARTERS) == seen(world, PUBLISHED) == quarters - {BEGUN}
        assert seen(world, YEAR) == set()
        told = f"select distinct cast(valid_to as varchar) from {DEFINED}"
        assert seen(world, told) == {"2022-03-31"}
    with dated(world, "indicators", "valid_to = date '2022-06-30'"):
        assert seen(world, QUARTERS) == quarters
        assert seen(world, YEAR) == year, "its quarters are in the year that it ended in"


def test_an_indicator_that_begins_within_a_year_has_no_row_before(world: World) -> None:
    assert None not in seen(world, YEAR)
    with dated(world, "indicators", "valid_from = date '2022-07-10'"):
        assert seen(world, QUARTERS) == seen(world, PUBLISHED) == set()
        assert seen(world, YEAR) == {None}, "what was paid before it began is not in the year"


def test_a_figure_that_ended_leaves_the_others(world: World) -> None:
    bases = f"select distinct basis {VALUES} and period = '{BEGUN}'"
    assert seen(world, bases) == {"known", "all"}
    with dated(
        world, "indicator_bases", "valid_to = date '2022-03-31'", f"{C01} and basis = 'known'"
    ):
        assert seen(world, bases) == {"all"}


def test_a_breakdown_that_ended_leaves_the_whole(world: World) -> None:
    parts = f"select distinct breakdown {VALUES} and period = '{BEGUN}'"
    assert {"", "district"} <= (before := seen(world, parts))
    with dated(
        world, "breakdowns", "valid_to = date '2022-03-31'", f"{C01} and breakdown = 'district'"
    ):
        assert seen(world, parts) == before - {"district"}


def test_no_minimum_is_asked_of_what_ended(world: World) -> None:
    thin = "select distinct quarter from publication.pub_release_blocks where what = 'C01'"
    assert seen(world, thin)
    with dated(world, "indicators", "valid_to = date '2021-12-31'"):
        assert seen(world, thin) == set()
