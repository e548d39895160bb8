"""Every real payments file, through `social-value ingest`, to the penny, or refused aright."""

import json
import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from flows.demo import AUTHORITY
from flows.intake.explain import as_lines, explain
from flows.intake.submission import Submission
from flows.returns.identity import Hints
from tests.support.once import alone
from tests.support.plain_recipes import RECIPES, read_plainly, sheets

SPEND = Path(__file__).resolve().parents[3] / "shared" / "real" / "spend"
STATED = {  # the truths that the collection's README gives
    "bis_2012-12.xls": (2_705, "3498200817.50"),
    "devon_2025-03.csv": (14_183, "125367262.22"),
    "gla_2011-12-P13.csv": (617, "15232841.74"),
    "hyndburn_2018-03.csv": (249, "1042401.72"),
    "hyndburn_2023-04.csv": (502, "1216217.07"),
    "lancashire-fire_2022-23.xlsx": (2_908, "15094614.84"),
    "leeds_2011-03.csv": (11_024, "78447368.22"),
    "newcastle_2020-04.csv": (9_222, "89353637.14"),
    "nhs-nebd_2020-07.csv": (321, "24676831.92"),
    "nhs-nmid_2020-11.xlsx": (63, "10415337.60"),
    "oxford_2014-Q1.csv": (3_859, "13413467.98"),
}
REFUSED = {
    "nhs-newf_2020-05.pdf": "is a PDF, not a table",
    "salford_2022-07.csv": "this is a contract register, not payments",
}
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not SPEND.is_dir(), reason="the real files are not here"),
]


@pytest.fixture(scope="session")
def answers(shared, postcodes):
    """What the command says of each file, by the file's name; asked once for all workers."""
    with alone(shared / "by-command") as folder:
        folder.mkdir(exist_ok=True)
        hints = folder / "answers.jsonl"
        if not hints.exists():
            hints.write_text(_ask(folder, postcodes))
    lines = [json.loads(line) for line in hints.read_text().splitlines()]
    return {line["file"]: line for line in lines}


def _ask(folder, postcodes):
    script = Path(__file__).parents[1] / "support" / "by_command.py"
    names = [str(SPEND / name) for name in [*RECIPES, *REFUSED]]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SOCIAL_VALUE")}
    environment["SOCIAL_VALUE_AUTHORITY"] = str(AUTHORITY)
    done = subprocess.run(
        [sys.executable, script, folder, *names],
        env={**environment, "SOCIAL_VALUE_POSTCODES": str(postcodes)},
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def said_of(name, answers):
    """The command's one answer about a file: no traceback, one JSON document of one file."""
    answer = answers[name]
    assert "Traceback" not in answer["err"], answer["err"]
    (one,) = json.loads(answer["out"])
    return one, answer["status"]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", RECIPES)
def test_it_loads_as_a_person_reads_it(name, answers):
    reading = read_plainly(SPEND / name)
    if name in STATED:
        assert (reading.payments, str(reading.amount)) == STATED[name]
    one, status = said_of(name, answers)
    assert (one["outcome"], status) == ("loaded", 0), one["reason"]
    assert (one["rows_loaded"], one["amount_total"]) == (reading.payments, str(reading.amount))
    assert one["rows_quarantined"] == reading.unreadable
    named = {(f["sheet"], f["row"]) for f in one["findings"] if f["severity"] == "quarantine"}
    assert len(named) == one["rows_quarantined"], "each row left out is named"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_for_the_right_reason(name, answers):
    one, status = said_of(name, answers)
    assert (one["outcome"], status) == ("rejected", 1)
    assert REFUSED[name] in one["reason"]


@pytest.mark.parametrize("name", [*RECIPES, *REFUSED])
def test_its_explanation_says_header_columns_fates_and_periods(name, rules, settings):
    sent = Submission(SPEND / name, "finance_payments", Hints(sender=name.split("_")[0]))
    found = explain(sent, rules, settings)
    lines = as_lines(found)
    assert lines[0].startswith(f"{name} as finance_payments of ")
    if name in REFUSED:
        assert REFUSED[name] in lines[-1]
        return
    reading = read_plainly(SPEND / name)
    assert found.rows["row"] == reading.payments + reading.unreadable
    assert {"supplier_name", "amount"} <= {c.column for h in found.headers for c in h.columns}
    assert lines[-1].startswith("  For: ")
    assert len(lines) < 25, "an explanation fits a screen"


def test_every_file_of_the_collection_is_here():
    assert {path.name for path in SPEND.iterdir()} == RECIPES.keys() | REFUSED.keys()


def test_each_quarantined_row_has_lost_its_comma_and_is_named(answers):
    """Lambeth: in 639 rows a lost comma glued two cells; with them the total at the foot is met."""
    one, _ = said_of("lambeth_2012-06.csv", answers)
    said = {
        (found["row"], found["value"])
        for found in one["findings"]
        if (found["rule"], found["column"]) == ("cell_reads", "payment_date")
    }
    assert len(said) == one["rows_quarantined"] == 639
    # In one row two commas are lost, and the sum stands behind the date in the supplier's place.
    rows = next(iter(sheets(SPEND / "lambeth_2012-06.csv", RECIPES["lambeth_2012-06.csv"])))
    texts = [text if re.search(r"\d", text) else rows[number - 1][2] for number, text in said]
    sums = [re.sub(r".*\d\d/\d\d/\d{4}", "", text) for text in texts]
    lost = sum((Decimal(text) for text in sums), Decimal(0))
    assert Decimal(one["amount_total"]) + lost == Decimal("40292334.84")
