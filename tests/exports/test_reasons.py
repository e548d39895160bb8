"""Why a cell has no figure is said in every form of a release: each reason through all of them."""

import csv
import json
import re
import shutil
from pathlib import Path

import duckdb
import pytest
import yaml
from openpyxl import load_workbook

from exports.definitions.table import MEANINGS
from exports.release.publish import Release
from tests.support.definitions import PLACES, publish
from tests.support.exports_made import Change, Facts

DEFINITION = """
name: reasons
number: 95
title: Reasons
sheet: Reasons
source: pub_reasons
publications: [quarterly]
about: One row is a sex.
empty: Nobody is known.
key: [quarter, sex]
order_by: [sex]
columns:
  - {name: quarter, label: Quarter, type: text, meaning: The quarter}
  - {name: sex, label: Sex, type: text, meaning: The sex}
  - {name: people, label: People, type: integer, meaning: How many people}
  - {name: hours, label: H, type: number, decimals: 1, when_missing: not available, meaning: m}
  - {name: bonus, label: B, type: number, decimals: 1, when_missing: not applicable, meaning: m}
  - {name: share, label: Share, type: number, decimals: 1, unit: per cent, meaning: Of the hours}
disclosure:
  rule: people
  population: those with a reason
  dimensions: [{column: sex, total: All}]
  counts: [{column: people}]
"""
MODEL = """
create table publication.pub_reasons as select * from (values
    ('2022-23 Q1', 'All', 44, 5.0::decimal(18, 6), 6.0::decimal(18, 6), 7.0::decimal(18, 6)),
    ('2022-23 Q1', 'Female', 3, null, null, 0.01),
    ('2022-23 Q1', 'Male', 41, 8.0, 9.0, 10.0)) as t(quarter, sex, people, hours, bonus, share)
"""
REASONS = {"people": "[c]", "hours": "[x]", "bonus": "[z]", "share": "[low]"}
SAID = {
    "people": "It is hidden, to protect people.",
    "hours": "It is not available.",
    "bonus": "It is not applicable.",
    "share": "It comes to almost none.",
}


@pytest.fixture
def release(analysts: Change, facts: Facts, tmp_path: Path) -> Release:
    """A release in which women have no figure, for four reasons."""
    tables, narratives = tmp_path / "tables", tmp_path / "narrative"
    shutil.copytree(PLACES.tables, tables)
    (tables / "reasons.yaml").write_text(DEFINITION, encoding="utf-8")
    narratives.mkdir()
    sentences = [
        {
            "say": "It comes to {figure}.",
            "cells": {
                "figure": {"table": "reasons", "row": {"sex": "Female"}, "column": column},
            },
            "otherwise": "It is {missing}.",
        }
        for column in REASONS
    ]
    text = (PLACES.narrative / "quarterly.yaml").read_text(encoding="utf-8")
    told = yaml.safe_load(text)
    told["sections"].append(
        {"name": "reasons", "title": "Why", "if_none": "N.", "sentences": sentences}
    )
    (narratives / "quarterly.yaml").write_text(yaml.safe_dump(told), encoding="utf-8")
    return publish(
        facts(),
        analysts=analysts(MODEL),
        published=tmp_path / "published",
        tables=tables,
        narrative=narratives,
    )


def test_each_reason_is_said_in_every_form(release: Release) -> None:
    with (release.path / "tables" / "reasons.csv").open(encoding="utf-8", newline="") as lines:
        (women,) = [row for row in csv.DictReader(lines) if row["sex"] == "Female"]
    assert {column: women[column] for column in REASONS} == REASONS

    described = json.loads((release.path / "tables/reasons.csv-metadata.json").read_bytes())
    nulls = {one["name"]: one.get("null", []) for one in described["tableSchema"]["columns"]}
    assert all(symbol in nulls[column] for column, symbol in REASONS.items())

    beside = ", ".join(f"{column}_symbol" for column in REASONS)
    parquet = release.path / "tables" / "reasons.parquet"
    found = duckdb.sql(f"select {beside}, {', '.join(REASONS)} from '{parquet}' order by sex")
    everyone, symbols, _ = found.fetchall()
    assert symbols[:4] == tuple(REASONS.values())
    assert symbols[4:7] == (None, None, None)
    assert everyone[:4] == (None,) * 4

    book = load_workbook(next(release.path.glob("*.xlsx")))
    rows = [[cell.value for cell in row] for row in book["Reasons"].iter_rows()]
    assert [row[2:] for row in rows if row[1] == "Female"] == [[*REASONS.values()]]
    explained = {row[0].value for row in book["Shorthand"].iter_rows(max_col=1)}
    assert MEANINGS.keys() <= explained

    (page,) = (release.path / "site").rglob("reasons.html")
    html = page.read_text(encoding="utf-8")
    row = re.search(r"<tr[^>]*>(?:(?!</tr>).)*Female.*?</tr>", html, re.DOTALL)
    assert row is not None
    assert re.findall(r"\[(?:c|x|z|low)\]", row[0]) == [*REASONS.values()]
    assert all(meaning in html for meaning in MEANINGS.values())

    with (release.path / "words.csv").open(encoding="utf-8", newline="") as lines:
        told = [row["sentence"] for row in csv.DictReader(lines) if row["section"] == "reasons"]
    assert told == [*SAID.values()]
