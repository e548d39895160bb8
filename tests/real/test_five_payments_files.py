"""Five councils' real payments files go the whole road: rows, pennies, a published table."""

import csv
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from exports.release.publish import Override
from flows.common import clock
from flows.common.periods import period_of, read_period
from flows.demo import AUTHORITY
from flows.intake.submission import Submission
from flows.intake.take_in import take_in
from flows.modelling.build import build
from flows.publishing.release import release
from flows.returns.identity import Hints
from tests.support.independent_reading import read_plainly

SPEND = Path(__file__).resolve().parents[3] / "shared" / "real" / "spend"
FILES = {  # the amount column, and the truth that the collection's README states
    "leeds_2011-03.csv": ("Net amount", (11_024, "78447368.22")),
    "devon_2025-03.csv": ("Amount", (14_183, "125367262.22")),
    "devon_2025-09.csv": ("Amount", None),
    "manchester_2022-03.csv": ("Net Amount", None),
    "newcastle_2020-04.csv": ("Total (excludes VAT)", (9_222, "89353637.14")),
}
OVERRIDDEN = ("C01", "C02", "C03", "C05")
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not SPEND.is_dir(), reason="the real files are not here"),
]


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_loads_to_the_penny_and_is_published(
    name, settings, rules, postcodes, monkeypatch
):
    monkeypatch.delenv("SOCIAL_VALUE_NOW")
    settings = settings.model_copy(update={"postcodes": postcodes})
    column, stated = FILES[name]
    reading = read_plainly(SPEND / name, column)
    if stated:
        assert (reading.payments, str(reading.amount)) == stated

    sender, _, month = name.removesuffix(".csv").partition("_")
    done = take_in(
        Submission(SPEND / name, "finance_payments", Hints(sender=sender)), rules, settings
    )
    assert done.outcome == "loaded", done.reason
    assert (done.counts.loaded, done.counts.amount_total) == (reading.payments, reading.amount)
    assert (done.counts.quarantined, done.counts.dropped) == (0, 0)

    build(settings)
    quarter = period_of(read_period(month).first_day, "quarter")
    # The seed says what our own authority owes for some of these quarters: none of that came.
    overrides = [Override(name, "A test", "Other bodies' files") for name in OVERRIDDEN]
    published = release(settings, "quarterly", quarter, clock.now(), overrides)
    with (published.path / "tables" / "spend_by_place.csv").open(encoding="utf-8") as stream:
        groups = list(csv.DictReader(stream))
    amounts = [Decimal(row["amount"]) for row in groups if row["amount"] not in ("[x]", "[z]")]
    assert sum(amounts) == reading.amount
    payments = [int(row["payments"]) for row in groups if row["payments"].isdigit()]
    assert sum(payments) == reading.payments


def test_the_command_takes_a_real_file_and_publishes_its_quarter(tmp_path, postcodes):
    """Through `social-value` itself, with the server that Prefect starts for the command."""
    name = "devon_2025-09.csv"
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("SOCIAL_VALUE", "PREFECT"))},
        "SOCIAL_VALUE_HOME": str(tmp_path / "home"),
        "SOCIAL_VALUE_AUTHORITY": str(AUTHORITY),
        "SOCIAL_VALUE_POSTCODES": str(postcodes),
    }

    def social_value(*words: str) -> object:
        done = subprocess.run(
            [str(Path(sys.executable).with_name("social-value")), *words, "--json"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
        return json.loads(done.stdout)

    (loaded,) = social_value(
        "ingest", str(SPEND / name), "--return", "finance_payments", "--sender", "devon"
    )
    reading = read_plainly(SPEND / name, "Amount")
    assert (loaded["rows_loaded"], loaded["amount_total"]) == (
        reading.payments,
        str(reading.amount),
    )
    released = social_value("publish", "quarterly", "2025-26 Q2")
    assert released["release"] == "quarterly/2025-26-Q2/r1"
    assert "tables/spend_by_place.csv" in released["files"]
