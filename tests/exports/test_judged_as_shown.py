"""Figures that count people are judged by what is shown of them: nothing tells a hidden one."""

from decimal import Decimal

import pytest

from exports.definitions.narrative import Sentence, read_narrative
from exports.figures.selection import Selection
from exports.narrative.actions import render_actions
from exports.narrative.missed_targets import missed_targets
from exports.narrative.render import Renderer
from exports.narrative.rendered import text_of
from tests.exports.test_overview import missed, rows
from tests.support.definitions import PLACES

CHAPTERS = read_narrative("annual", PLACES.narrative).chapters


def paid(people: int | None, share: str, employer: str = "All") -> dict[str, object]:
    row: dict[str, object] = {
        "indicator_id": "E12", "basis": "accreditation", "title": "Real Living Wage",
        "figure": "Of all whom it covers", "employer": employer, "target": Decimal(100),
    }  # fmt: skip
    if people is None:
        return row
    return row | {"people": people, "out_of": 2000, "percent_of_people": Decimal(share)}


def gap(employer: str, figure: str | None) -> dict[str, object]:
    row: dict[str, object] = {
        "indicator_id": "E05", "title": "Median gender pay gap", "employer": employer,
        "target": Decimal(10), "direction": "lower is better",
    }  # fmt: skip
    return row | ({"gap": Decimal(figure)} if figure else {})


def worked(measure: str, title: str, share: str | None, unit: str) -> dict[str, object]:
    row: dict[str, object] = {"measure_id": measure, "title": title, "unit": unit}
    row["target"] = Decimal(90)
    return row | ({"validated_of_due": Decimal(share)} if share else {})


def told(section: str, tables: list[Selection], role: str = "employer") -> list[str]:
    assert CHAPTERS
    (found,) = (one for one in CHAPTERS.first if one.name == section)
    empty = [rows(name) for name in ("review_points", "workforce_shares", "apprenticeships")]
    empty += [rows(name) for name in ("pay_gaps", "measures")]
    by_name = {one.table.name: one for one in [*empty, *tables]}
    of = {"role": [role], "measure_id": ["M01", "M12"]}
    return [text_of(one) for one in Renderer(by_name, {}, of).section(found).sentences]


def far(*tables: Selection) -> list[str]:
    return [
        text_of((*one.what, *one.how_far)) for one in missed_targets(rows("exceptions"), tables)
    ]


@pytest.mark.parametrize("section", ["working-well", "improve"])
def test_of_a_hidden_figure_neither_is_said(section: str) -> None:
    hidden = [rows("workforce_shares", paid(None, "")), rows("pay_gaps", gap("One Council", None))]
    hidden.append(rows("measures", worked("M01", "Local people employed", None, "FTE years")))
    assert told(section, hidden) == []
    assert told(section, hidden, "commissioner") == []
    assert far(*hidden) == []


def test_a_share_is_judged_by_the_counts_shown_beside_it_and_not_as_it_is_rounded() -> None:
    all_but_five, everybody = paid(1995, "100"), paid(2000, "100")
    assert told("improve", [rows("workforce_shares", all_but_five)]) == [
        "Real Living Wage (of all whom it covers) came to 100% and misses the target of 100%."
    ]
    assert told("working-well", [rows("workforce_shares", all_but_five)]) == []
    assert told("working-well", [rows("workforce_shares", everybody)]) == [
        "Real Living Wage (of all whom it covers) came to 100% and meets the target of 100%."
    ]
    assert far(rows("workforce_shares", all_but_five)) == [
        "Real Living Wage (of all whom it covers)100%, target 100%"
    ]
    assert far(rows("workforce_shares", everybody)) == []


def test_less_of_a_pay_gap_is_better_and_an_employer_is_named() -> None:
    gaps = rows("pay_gaps", gap("One Council", "12.5"), gap("Two Transport", "-3.0"))
    assert told("improve", [gaps]) == [
        "Median gender pay gap (One Council) came to 12.5% and misses the target of 10%."
    ]
    assert told("working-well", [gaps]) == [
        "Median gender pay gap (Two Transport) came to -3% and meets the target of 10%."
    ]
    assert far(gaps) == ["Median gender pay gap (One Council)12.5%, target 10%"]


def test_what_is_of_staff_stands_in_the_chapter_of_the_employer_alone() -> None:
    shares = rows("workforce_shares", paid(1800, "90", "One Council"))
    assert told("improve", [shares], "service provider") == []
    assert told("improve", [shares]) == [
        "Real Living Wage (of all whom it covers: One Council) came to 90% and misses the target"
        " of 100%."
    ]


def test_years_of_work_are_judged_by_the_share_that_is_shown() -> None:
    measures = rows(
        "measures",
        worked("M01", "Local people employed", "34.8", "FTE years"),
        worked("M12", "Waste diverted", "34.8", "tonnes"),
    )
    assert told("improve", [measures], "commissioner") == [
        "Local people employed: 34.8% of what is due by now is checked and accepted. That misses"
        " the target of 90%."
    ]


def test_what_the_exceptions_list_is_not_listed_again() -> None:
    listed = missed("C07") | {"about": "Waste diverted"}
    measures = rows(
        "measures",
        worked("M01", "Local people employed", "34.8", "FTE years"),
        worked("M12", "Waste diverted", "1.0", "tonnes"),
    )
    found = render_actions([rows("exceptions", listed), measures])
    assert found
    assert [text_of(one.what) for one in found.rows] == ["Local spend (waste diverted)"]
    assert [text_of(one) for one in found.further] == [
        "Other targets missed: Local people employed (validated of what is due to date) 34.8%,"
        " target 90%."
    ]


def test_a_comparison_is_of_columns_of_the_row() -> None:
    with pytest.raises(ValueError, match="compare them in `words`"):
        Sentence.model_validate({
            "say": "{a}.", "otherwise": "No.", "when": {"a": {"at_least": "target"}},
            "cells": {"a": {"table": "t", "row": {"b": "c"}, "column": "d"}},
        })  # fmt: skip
