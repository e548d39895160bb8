"""Two hundred damaged files a run: each is answered; none raises, hangs or eats the memory.

FUZZ_SEED chooses other files: the seed of a failing file stands in the test's message.
"""

import os
import resource
import time

import pytest

from flows.intake.submission import Submission
from flows.intake.take_in import take_in
from flows.returns.identity import Hints
from flows.warehouse.connection import reading
from tests.support.mutated import write_mutated

FIRST = int(os.environ.get("FUZZ_SEED", "20221122"))
BATCHES, EACH = 8, 25
SECONDS = 10
KILOBYTES = 1 << 20  # 1 GB


@pytest.fixture(autouse=True)
def warm(take):
    """The first judgement of a process pays for importing Great Expectations."""
    good = "Date paid,Supplier name,Net amount\n01/04/2022,Acme,10.00\n"
    assert take(good, "warm_2022-04.csv").outcome == "loaded"


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_damaged_file_is_answered(batch, settings, rules, tmp_path):
    peak_before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for seed in range(FIRST + batch * EACH, FIRST + (batch + 1) * EACH):
        path = write_mutated(seed, tmp_path)
        sent = Submission(path, "finance_payments", Hints(sender=f"sender-{seed}"))
        started = time.monotonic()
        try:
            done = take_in(sent, rules, settings)
        except Exception as error:
            raise AssertionError(f"seed {seed} raised {type(error).__name__}: {error}") from error
        assert time.monotonic() - started < SECONDS, f"seed {seed} took too long"
        counts = done.counts
        if done.outcome == "rejected":
            assert done.reason, f"seed {seed} was rejected without a reason"
            assert "\n" not in done.reason, f"seed {seed}: the reason is more than a sentence"
        else:
            assert counts.loaded > 0, f"seed {seed} loaded nothing"
            assert counts.read == counts.loaded + counts.quarantined + counts.dropped
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak_before
    assert grown < KILOBYTES
    assert _rows_agree(settings)


def _rows_agree(settings) -> bool:
    """What the registry says was loaded is what is there."""
    with reading(settings) as connection:
        rows = connection.execute(
            "select (select coalesce(sum(rows_loaded), 0) from warehouse.ledger.returns) "
            "= (select count(*) from warehouse.landed.finance_payments)"
        ).fetchone()
    return bool(rows and rows[0])
