"""What got better and what got worse between the demo's two years, with a target or without."""

from datetime import datetime
from decimal import Decimal

import pytest

from tests.oracle.compare.edition import Edition, Row
from tests.oracle.compare.indicators import indicators, year_figures
from tests.oracle.compare.points import review_points
from tests.oracle.compare.registry import Registry
from tests.oracle.truth.figures import rounded
from tests.support.definitions import PLACES

REGISTRY = Registry(PLACES.seeds)
AT = datetime(2023, 6, 2)  # noqa: DTZ001
REVIEW = Edition("annual", "2022-23", AT, REGISTRY)
REPORT = Edition("quarterly", "2022-23 Q4", AT, REGISTRY)


def _rows(found: list[Row], key: str, name: str = "indicator_id") -> list[dict[str, object]]:
    return [dict(columns) for _, columns in found if columns.get(name) == key]


@pytest.mark.parametrize(
    ("key", "before", "value"),
    [
        (("C03", "all"), "5.178238", "4.894442"),  # of all spend, with the voluntary sector
        (("C03", "known"), "5.778668", "5.399544"),
    ],
)
def test_what_has_no_target_is_worse_all_the_same(
    key: tuple[str, str], before: str, value: str
) -> None:
    (columns,) = [columns for found, columns in year_figures(REVIEW) if found == key]
    assert (columns["value_before"], columns["value"]) == (Decimal(before), Decimal(value))
    assert columns["change"] == Decimal(value) - Decimal(before)
    assert (columns["direction"], columns["verdict"]) == ("higher is better", "worse")
    assert columns["target"] is None


def test_a_longer_wait_is_worse_and_less_interest_better() -> None:
    found = {key: columns for key, columns in year_figures(REVIEW) if key[0] == "C05"}
    assert found["C05", "mean-days"]["verdict"] == "worse"
    assert found["C05", "interest-paid"]["verdict"] == "better"
    assert found["C05", "due-not-paid"]["verdict"] == "no comparison"  # later months complete it


def test_each_indicator_is_judged_once_and_good_and_bad_by_one_rule() -> None:
    points = list(review_points(REVIEW))
    assert len(_rows(points, "C03")) == 1
    assert _rows(points, "S05") == []  # 153 tonnes are claimed, and none is checked yet


def test_no_point_speaks_of_a_figure_that_counts_people() -> None:
    points = [dict(columns) for _, columns in review_points(REVIEW)]
    told = {one["indicator_id"] for one in points if one["value"] is not None}
    assert told.isdisjoint({"S01", "S02", *(f"E{number:02}" for number in range(1, 13))})
    assert all(one["target"] is None for one in points if one["value"] is None)


def test_claims_of_which_none_is_checked_are_set_beside_nothing() -> None:
    (carbon,) = [
        columns for found, columns in year_figures(REVIEW) if found == ("S05", "validated")
    ]
    assert (carbon["value"], carbon["value_before"], carbon["verdict"]) == (
        Decimal(0),
        None,
        "no comparison",
    )


def test_a_quarter_is_set_beside_the_quarter_before_and_the_same_a_year_before() -> None:
    found = dict(indicators(REPORT))
    columns = found["C03", "all"]
    for name in ("before", "year_before"):
        then, now = columns[f"value_{name}"], columns["value"]
        assert isinstance(then, Decimal)
        assert isinstance(now, Decimal)
        assert columns[f"change_{name}"] == rounded(now - then)
        assert columns[f"verdict_{name}"] == ("better" if now > then else "worse")
    assert found["F05", "contract-value"]["direction"] == "neither"
    assert found["F05", "contract-value"]["verdict_before"] in ("up", "down", "the same")
