"""Damaged files in sweeps of forty, a good one in each: all are answered, every good one goes in.

Bytes, cells, structure, zip members, the directory of the archive, JSON nodes and names; CSV,
.xlsx, .ods, .xls and open contracting data. FUZZ_SEED chooses other files: the seed of a file
stands in its name. SOCIAL_VALUE_MUTATED_FILES says how many: 117 in a plain run, 3,000 in
`make faults`.
"""

import os
import resource
import time
from pathlib import Path

import pytest

from flows.common.settings import Settings
from flows.intake.claim import claimed, leave_inbox
from flows.intake.inbox import make_inbox, waiting
from flows.intake.lanes import lanes_of
from flows.intake.rules import Rules
from flows.intake.submission import Ingested
from flows.intake.take_in import take_in_together
from flows.warehouse.connection import reading
from tests.support.mutated import drop_mutated

FIRST = int(os.environ.get("FUZZ_SEED", "20221122"))
FILES = int(os.environ.get("SOCIAL_VALUE_MUTATED_FILES", "117"))
TOGETHER = 40
SECONDS = 300  # a sweep of forty, on a machine that is busy
KILOBYTES = 1 << 20  # 1 GB
UNFORESEEN = "nobody foresaw"
GOOD = "Date paid,Supplier name,Net amount\n01/04/2022,Acme,10.00\n02/04/2022,Acme,20.00\n"
STARTS = range(0, FILES, TOGETHER - 1)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for all sweeps of a process, as an authority has."""
    return tmp_path_factory.mktemp("mutated") / "home"


def sweep(settings: Settings, rules: Rules) -> list[Ingested]:
    """What the ingest flow does of an inbox, without Prefect."""
    done: list[Ingested] = []
    for lane in lanes_of(waiting(settings, rules), rules):
        for batch in lane.batches:
            with claimed(batch, settings) as files:
                there = [file for file in files if file is not None]
                answers = take_in_together(there, rules, settings)
                for file, answer in zip(there, answers, strict=True):
                    leave_inbox(file, answer)
                done += answers
    return done


@pytest.mark.parametrize("start", STARTS)
def test_every_damaged_file_is_answered_and_the_good_one_goes_in(
    start: int, home: Path, settings: Settings, rules: Rules, capfd: pytest.CaptureFixture[str]
) -> None:
    settings = settings.model_copy(update={"home": home})
    make_inbox(settings, rules)
    seeds = range(FIRST + start, FIRST + min(start + TOGETHER - 1, FILES))
    sent = {drop_mutated(seed, settings.inbox).decode(errors="replace") for seed in seeds}
    good = settings.inbox / "finance_payments" / f"good-{start}_2022-04.csv"
    good.write_text(GOOD, encoding="utf-8")
    peak_before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()

    done = sweep(settings, rules)

    assert time.monotonic() - began < SECONDS
    assert {one.file: one.outcome for one in done}[good.name] == "loaded"
    # Beside them, again: an empty file of an earlier sweep, which stays where it is.
    assert {one.file for one in done} >= sent
    for one in done:
        if one.outcome == "rejected":
            assert one.reason, f"{one.file} was rejected without a reason"
            assert UNFORESEEN not in one.reason, one.reason
        elif one.outcome != "duplicate":
            assert one.counts.loaded > 0, f"{one.file} loaded nothing"
    told = capfd.readouterr()
    assert "Traceback" not in told.out + told.err
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak_before < KILOBYTES
    assert _rows_agree(settings)


def _rows_agree(settings: Settings) -> bool:
    """What the registry says was loaded is what is there."""
    with reading(settings) as connection:
        rows = connection.execute(
            "select (select coalesce(sum(rows_loaded), 0) from warehouse.ledger.returns "
            "where \"return\" = 'finance_payments') "
            "= (select count(*) from warehouse.landed.finance_payments)"
        ).fetchone()
    return bool(rows and rows[0])
