"""Words from cells: every number in a sentence is a table's cell, or the release is not made."""

import csv
import io
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from exports.definitions.narrative import (
    Narrative,
    read_narrative,
    refuse_numbers,
)
from exports.edition.words import render_words
from exports.figures.cell import Cell
from exports.figures.selection import Selection
from exports.narrative.render import NarrativeError, render_sections
from exports.narrative.rendered import text_of
from exports.narrative.words_file import words_text
from flows.common.declarations import DeclarationError
from flows.common.periods import read_period
from tests.support.definitions import PLACES, publish
from tests.support.exports_made import TABLES, Change, Facts, chosen

NUMBER = re.compile(r"(\d[\d,.]*\d|\d)(?: (million|billion)\b)?")
QUARTER = read_period("2022-23 Q1")
SHARE = {
    "table": "local_spend",
    "row": {"period": "{period}", "place": "Liverpool City Region"},
    "column": "percent_of_known",
}


@pytest.fixture
def selections(analysts: Change) -> list[Selection]:
    path = analysts()
    return [chosen(path, name) for name in TABLES]


def narrative(sentence: dict[str, object]) -> Narrative:
    section = {"name": "s", "title": "S", "if_none": "Nothing.", "sentences": [sentence]}
    return Narrative.model_validate({"sections": [section]})


def said(sentence: dict[str, object], selections: list[Selection]) -> list[str]:
    (section,) = render_sections(narrative(sentence), selections, QUARTER)
    return [text_of(told) for told in section.sentences]


@pytest.mark.parametrize("text", ["54 per cent", "£1m", "Three firms", "twice as much", "a dozen"])
def test_a_typed_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="comes from a cell"):
        refuse_numbers(text)


def test_a_file_with_a_typed_number_is_refused_by_line(tmp_path: Path) -> None:
    section = {"name": "s", "title": "S", "if_none": "N.", "sentences": [{"say": "It rose by 7."}]}
    (tmp_path / "quarterly.yaml").write_text(yaml.safe_dump({"sections": [section]}), "utf-8")
    with pytest.raises(DeclarationError, match=r"line \d+: .*'7' is typed"):
        read_narrative("quarterly", tmp_path)


def test_a_sentence_shows_the_cell_as_it_is_published_with_its_unit(
    selections: list[Selection],
) -> None:
    sentence = {
        "say": "In {period} {share} stayed, {amount} of it in pounds.",
        "cells": {"share": SHARE, "amount": {**SHARE, "column": "amount_in_place"}},
        "otherwise": "Not known.",
    }
    assert said(sentence, selections) == ["In 2022-23 Q1 67% stayed, £1 billion of it in pounds."]


def test_a_cell_without_a_value_is_never_told_as_a_number(selections: list[Selection]) -> None:
    before = {**SHARE, "row": {**SHARE["row"], "period": "{previous}"}}  # type: ignore[dict-item]
    sentence = {"say": "{share} stayed.", "cells": {"share": before}, "otherwise": "Not known."}
    assert said(sentence, selections) == ["Not known."]
    nowhere = {**SHARE, "row": {"period": "2010-11 Q1", "place": "Liverpool City Region"}}
    sentence = {"say": "{share} stayed.", "cells": {"share": nowhere}, "otherwise": "Not known."}
    assert said(sentence, selections) == ["Not known."]


@pytest.mark.parametrize(
    ("symbol", "why"),
    [("[c]", "hidden, to protect people"), ("[x]", "not available"), ("[z]", "not applicable")],
)
def test_a_hidden_figure_is_not_called_unavailable(
    selections: list[Selection], symbol: str, why: str
) -> None:
    (spend,) = [one for one in selections if one.table.name == "local_spend"]
    at = [column.name for column in spend.table.columns].index("percent_of_known")
    rows = [
        tuple(Cell(None, symbol) if n == at else c for n, c in enumerate(row)) for row in spend.rows
    ]
    hidden = [replace(spend, rows=tuple(rows))]
    sentence = {
        "say": "{share} stayed.",
        "cells": {"share": SHARE},
        "otherwise": "It is {missing}.",
    }

    assert said(sentence, hidden) == [f"It is {why}."]

    figure = {"label": "of spend", "cell": SHARE, "otherwise": "How much stayed is {missing}"}
    section = {"name": "s", "title": "S", "if_none": "Nothing.", "figures": [figure]}
    (shown,) = render_sections(Narrative.model_validate({"sections": [section]}), hidden, QUARTER)
    assert [one.label for one in shown.figures] == [f"How much stayed is {why}"]


@pytest.mark.parametrize(
    ("one", "other", "word"),
    [("amount_in_place", "amount_known", "below"), ("amount_known", "amount_in_place", "above"),
     ("amount_known", "amount_known", "level with")],
)  # fmt: skip
def test_words_are_chosen_by_two_cells(
    selections: list[Selection], one: str, other: str, word: str
) -> None:
    sentence = {
        "say": "It is {where} it.",
        "cells": {"a": {**SHARE, "column": one}, "b": {**SHARE, "column": other}},
        "words": {
            "where": {"cell": "a", "beside": "b", "more": "above", "less": "below",
                      "same": "level with"}
        },
        "otherwise": "Not known.",
    }  # fmt: skip
    assert said(sentence, selections) == [f"It is {word} it."]


def test_rows_become_sentences_one_each_or_together(selections: list[Selection]) -> None:
    rows = {"table": "returns_received", "where": {"return": {"one_of": ["finance_payments"]}}}
    sentence = {"say": "{return} for {period} is {outcome}.", "for_each": rows}
    assert said(sentence, selections) == [
        "Payments for April 2022 is in the figures.",
        "Payments for May 2022 is missing.",
    ]
    first = {**rows, "at_most": 1}
    assert said({**sentence, "for_each": first}, selections)[1] == "Further rows are in the table."
    together = {**rows, "together": ["return"]}
    sentence = {"say": "{return}: {items}.", "item": "{period}", "for_each": together}
    assert said(sentence, selections) == ["Payments: April 2022, May 2022."]
    sentence["for_each"] = {**together, "at_most": 1}
    assert said(sentence, selections) == ["Payments: April 2022 and others."]


def test_a_sentence_of_a_row_takes_a_cell_from_another_table(selections: list[Selection]) -> None:
    of = {"indicator_id": "{indicator_id}", "basis": "{basis}"}
    share = {"table": "workforce_shares", "row": of, "column": "percent_of_people"}
    elsewhere = {"table": "local_spend", "row": {"place": "Nowhere"}, "column": "amount_known"}
    sentence = {
        "say": "{title} came to {value}, a share of {shown}.",
        "for_each": {"table": "indicators", "where": {"indicator_id": {"one_of": ["C01"]}}},
        "cells": {"shown": {**share, "or_in": [elsewhere]}},
        "otherwise": "{title} came to {value}.",
    }
    assert said(sentence, selections) == ["Local spend came to 67%."]
    fixed = {**share, "row": {"indicator_id": "E02", "basis": "known"}}
    sentence["cells"] = {"shown": {**elsewhere, "or_in": [fixed]}}
    assert said(sentence, selections) == ["Local spend came to 67%, a share of 76%."]
    sentence["for_each"] = {"table": "workforce_shares"}
    sentence |= {"say": "{title}: {shown}.", "cells": {"shown": share}, "otherwise": "{title}."}
    assert said(sentence, selections)[0] == "Workforce living in the city region: 76%."


def test_a_title_within_a_sentence_begins_with_a_small_letter(selections: list[Selection]) -> None:
    rows = {"table": "workforce_shares", "where": {"basis": {"one_of": ["known"]}}}
    sentence = {"say": "{title} ({figure}) is {percent_of_people}.", "for_each": rows}
    told = "Workforce living in the city region ({} employees whose home is known) is 76%."
    assert said(sentence, selections) == [told.format("Of")]
    assert said({**sentence, "inside": ["figure"]}, selections) == [told.format("of")]


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ({**SHARE, "table": "secrets"}, "table secrets, which is not published"),
        ({**SHARE, "column": "secret"}, "column secret, which table local_spend has not"),
        ({**SHARE, "row": {"place": "Liverpool City Region"}}, "3 rows where place is"),
    ],
)
def test_a_sentence_that_names_no_cell_is_refused(
    selections: list[Selection], cell: dict[str, object], told: str
) -> None:
    with pytest.raises(NarrativeError, match=told):
        said({"say": "{a}", "cells": {"a": cell}, "otherwise": "No."}, selections)


def test_every_number_that_a_release_says_is_a_cell_of_its_tables(
    analysts: Change, facts: Facts, tmp_path: Path
) -> None:
    release = publish(facts(), analysts=analysts(), published=tmp_path / "p")
    with (release.path / "words.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) > 5
    for row in rows:
        texts = re.findall(r" = ([^;]*)", row["cells"])
        known = " ".join([*texts, "2022-23 Q1"]).replace("-", " ")
        for number, word in NUMBER.findall(row["sentence"]):
            exact = number.replace(",", "") in known
            assert exact or is_rounded(number, word, texts), row


def is_rounded(number: str, word: str, texts: list[str]) -> bool:
    """Whether a figure as it is said is one of the cells, to as many digits as it says."""
    size = {"million": 10**6, "billion": 10**9}.get(word, 1)
    said_as = Decimal(number.replace(",", "")) * size
    step = Decimal(1).scaleb(-len(number.partition(".")[2])) * size
    figures = [Decimal(text) for text in texts if re.fullmatch(r"-?\d+(\.\d+)?", text)]
    return any(abs(abs(figure) - said_as) <= max(step, said_as / 1000) / 2 for figure in figures)


def test_a_rounded_figure_that_is_no_cell_is_seen() -> None:
    assert is_rounded("11.2", "million", ["11173194.30"])
    assert is_rounded("905,000", "", ["904790.00"])
    assert not is_rounded("11.3", "million", ["11173194.30"])
    assert not is_rounded("905,000", "", ["914790.00"])


def test_the_file_of_words_names_the_cells(selections: list[Selection]) -> None:
    sentence = {"say": "{share} stayed.", "cells": {"share": SHARE}, "otherwise": "Not known."}
    text = words_text(render_sections(narrative(sentence), selections, QUARTER), selections)
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["cells"] == (
        "local_spend: period=2022-23 Q1, place=Liverpool City Region: percent_of_known = 67.0"
    )


def test_what_ships_is_in_step_with_its_tables(selections: list[Selection]) -> None:
    words = render_words(read_narrative("quarterly", PLACES.narrative), selections, QUARTER, ())
    assert [one.name for one in words.sections] == ["headline", "attention", "glance", "sound"]
    told = [text_of(one) for one in words.sections[1].sentences]
    assert any("Payments for May 2022" in one for one in told), told
