"""One cell: rounding, symbols and text that no spreadsheet runs."""

import itertools
import sys
import unicodedata
from datetime import date
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.definitions.table import ColumnDefinition
from exports.figures.cell import CellError, harmless, harmless_sql, publish_value, rounded
from flows.common.clock import read_moment


def column(**said: object) -> ColumnDefinition:
    return ColumnDefinition.model_validate({"name": "a", "label": "A", "meaning": "An a"} | said)


@pytest.mark.parametrize(
    ("figure", "decimals", "shown"),
    [
        ("66.95", 1, "67.0"),
        ("66.949999", 1, "66.9"),
        ("-0.05", 1, "-0.1"),
        ("0.5", 0, "1"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("-0.04", 1, "0.0"),
        ("1003858435.21", 2, "1003858435.21"),
        ("61.727072", 1, "61.7"),
    ],
)
def test_a_half_is_rounded_away_from_zero_and_there_is_no_minus_zero(
    figure: str, decimals: int, shown: str
) -> None:
    assert f"{rounded(Decimal(figure), decimals):f}" == shown


def test_a_share_is_shown_as_a_percentage_of_its_unrounded_value() -> None:
    coverage = column(type="number", decimals=1, times=100)
    assert publish_value(coverage, Decimal("0.666667")).text == "66.7"


def test_a_value_has_the_decimals_of_its_own_unit() -> None:
    value = column(type="number", decimals=2, unit_in="unit", decimals_by_unit={"per cent": 1})
    assert publish_value(value, Decimal("2.345"), "per cent").text == "2.3"
    assert publish_value(value, Decimal("2.345"), "days").text == "2.35"


def test_nothing_becomes_the_symbol_that_the_column_gives() -> None:
    assert publish_value(column(type="text", when_missing="not available"), None).text == "[x]"
    assert publish_value(column(type="date", when_missing="not applicable"), None).text == "[z]"
    assert publish_value(column(type="text", when_missing="not available"), "").text == "[x]"
    assert publish_value(column(type="text", words={"": "whole month"}), "").text == "whole month"


def test_nothing_is_refused_where_the_column_does_not_say_what_it_means() -> None:
    with pytest.raises(CellError, match="does not say what that means"):
        publish_value(column(type="integer"), None)


def test_zero_is_shown_only_for_a_true_zero() -> None:
    percent = column(type="number", decimals=1)
    assert publish_value(percent, Decimal("0")).text == "0.0"
    low = publish_value(percent, Decimal("0.01"))
    assert (low.text, low.value) == ("[low]", Decimal("0.0"))


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("number", 61.7),
        ("number", True),
        ("integer", Decimal(1)),
        ("integer", True),
        ("boolean", 1),
        ("text", 5),
        ("date", read_moment("2022-04-01")),
        ("moment", date(2022, 4, 1)),
    ],
)
def test_a_value_of_another_type_is_refused_floats_above_all(kind: str, raw: object) -> None:
    said = {"decimals": 1} if kind == "number" else {}
    with pytest.raises(CellError, match="where its definition says"):
        publish_value(column(type=kind, **said), raw)


STARTS = "=+-@＝＋－＠﹦﹢﹣﹫\u2212"
LEADERS = ["", "\t", "\r", "\n", " ", "'", "\x00", "\xa0", "\u200b", "\ufeff", "\u3000", " \t' "]


@pytest.mark.parametrize("start", STARTS)
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(start: str) -> None:
    for led_by in LEADERS:
        assert harmless(f"{led_by}{start}1") == f"'{led_by}{start}1"


def test_a_tab_or_a_return_at_the_beginning_is_guarded_whatever_follows() -> None:
    assert [harmless(text) for text in ("\tx", "\rx", " \tx")] == ["'\tx", "'\rx", "' \tx"]


def test_no_character_that_looks_like_nothing_leads_past_the_guard() -> None:
    nothing = [
        one
        for one in map(chr, range(sys.maxunicode + 1))
        if one.isspace() or unicodedata.category(one) in ("Cc", "Cf", "Zs", "Zl", "Zp")
    ]
    assert [one for one in nothing if harmless(f"{one}=1") != f"'{one}=1"] == []


@pytest.mark.parametrize("text", ["", "Smith & Sons", "'tis", "3=3", "[x]", "O'-Neil", "a\t=1"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


ODD = "=+-@'\t\r\n a1＝\u200b\u2212\x00é"


@given(st.text(alphabet=ODD, max_size=8))
def test_the_original_can_be_had_back_by_the_stated_rule(text: str) -> None:
    written = harmless(text)
    guarded = written.startswith("'") and harmless(written) != written
    assert (written[1:] if guarded else written) == text
    assert written[:1] not in {*STARTS, "\t", "\r"}


def test_a_column_guarded_by_the_database_reads_like_cells_guarded_here() -> None:
    texts = ["".join(letters) for n in range(4) for letters in itertools.product(ODD, repeat=n)]
    with duckdb.connect() as connection:
        found = connection.execute(
            f"select {harmless_sql('text')} from (select unnest(?::varchar[]) as text)", [texts]
        ).fetchall()
    assert [text for (text,) in found] == [harmless(text) for text in texts]
