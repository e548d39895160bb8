"""Rows are kept unsorted, as threads leave them: each says where it stood in the file."""

from pathlib import Path

from flows.common.settings import Settings
from flows.intake.rules import Rules
from flows.intake.submission import Submission
from flows.intake.take_in import take_in
from flows.warehouse.connection import reading
from tests.benchmarks.payments import write_payments

ROWS = 130_000  # more than DuckDB gives to one thread
BAD_EVERY = 3


def test_each_row_that_lands_says_where_it_stood(
    rules: Rules, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "lcrca_2022-04.csv"
    write_payments(path, ROWS, BAD_EVERY)
    done = take_in(
        Submission(path, "finance_payments"), rules, settings.model_copy(update={"threads": 4})
    )
    bad = len(range(0, ROWS, BAD_EVERY))
    assert (done.counts.loaded, done.counts.quarantined) == (ROWS - bad, bad)
    with reading(settings) as connection:
        misplaced = connection.execute(
            "select count(*) from warehouse.landed.finance_payments "
            "where transaction_number <> 'T' || (_row - 2)"
        ).fetchone()
        places = connection.execute(
            "select count(distinct _row) from warehouse.landed.finance_payments"
        ).fetchone()
    assert (misplaced, places) == ((0,), (ROWS - bad,))
