"""Rows of a table for a quarter: which, in which order, and refused if they do not fit."""

import re

import duckdb
import pytest

from exports.figures.selection import SelectionError, periods_with_rows
from tests.support.exports_made import TABLES, Change, chosen


def test_only_the_rows_of_the_quarter_are_chosen_in_the_stated_order(analysts: Change) -> None:
    local = chosen(analysts(), "local_spend")
    shown = [(row[1], row[4]) for row in local.texts]
    assert shown == [
        ("2022-23 Q1", "Liverpool City Region"),
        ("2022-23 Q1", "Halton"),
        ("2021-22 Q4", "Liverpool City Region"),
        ("2022-23", "Liverpool City Region"),
    ]
    assert len(chosen(analysts(), "local_spend", "2022-23 Q2").rows) == 1


def test_figures_are_rounded_and_missing_ones_say_why(analysts: Change) -> None:
    local = chosen(analysts(), "local_spend")
    assert [cell.text for cell in local.column("percent_of_known")] == [
        "67.0",
        "[low]",
        "[z]",
        "66.9",
    ]
    totals = chosen(analysts(), "control_totals")
    assert [cell.text for cell in totals.column("control_amount")] == ["1003858452.21", "[x]"]
    assert [cell.text for cell in totals.column("part")] == ["whole month", "transport"]


def test_what_is_hidden_or_cannot_be_says_so_and_is_not_called_unavailable(
    analysts: Change,
) -> None:
    count = "value = 3, denominator = null, rule = 'count' where indicator_id = 'C05'"
    found = chosen(analysts(f"update publication.pub_indicators set {count}"), "indicators")
    below = {row["indicator_id"]: row["denominator"] for row in found.texts_by_column}
    assert below == {"C01": "1500000000.00", "C05": "[z]"}
    none = "denominator = null where indicator_id = 'C01'"
    found = chosen(analysts(f"update publication.pub_indicators set {none}"), "indicators")
    assert found.column("denominator")[0].text == "[x]"


def test_a_column_that_the_table_lacks_is_empty(analysts: Change) -> None:
    assert chosen(analysts(), "local_spend").column("surprise") == []


def test_the_digest_does_not_depend_on_the_order_and_does_on_a_figure(analysts: Change) -> None:
    before = chosen(analysts(), "spend_by_place")
    turned = chosen(
        analysts("update publication.pub_spend_by_place set group_order = -group_order"),
        "spend_by_place",
    )
    assert before.texts == turned.texts[::-1]
    assert before.digest == turned.digest
    other = chosen(
        analysts("update publication.pub_spend_by_place set amount = 1 where payments = 5"),
        "spend_by_place",
    )
    assert other.digest != before.digest


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("drop table publication.pub_returns", "publication.pub_returns is not as"),
        ("alter table publication.pub_returns drop column outcome", "outcome"),
        ("alter table publication.pub_returns alter rows_loaded type double", "holds a float"),
        ("update publication.pub_returns set outcome = null", "outcome has no value"),
        (
            "insert into publication.pub_returns select * from publication.pub_returns limit 1",
            "two rows are both",
        ),
    ],
)
def test_a_model_that_does_not_fit_is_refused_in_one_sentence(
    analysts: Change, change: str, told: str
) -> None:
    with pytest.raises(SelectionError, match=re.escape(told)) as fault:
        chosen(analysts(change), "returns_received")
    assert str(fault.value).startswith("Table returns_received: ")


def test_the_periods_with_rows_are_told_even_if_a_model_is_missing(analysts: Change) -> None:
    path = analysts("drop table publication.pub_returns")
    with duckdb.connect(str(path), read_only=True) as connection:
        held = periods_with_rows(connection, list(TABLES.values()), "quarter")
    assert held == ["2022-23 Q1", "2022-23 Q2"]
