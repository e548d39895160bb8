"""As of a past moment: what was known then, from superseded returns, beside what stands now."""

from datetime import datetime
from pathlib import Path

import pytest

from exports.edition.manifest import read_manifest
from flows.audit.trace_value import Question, trace
from flows.common.clock import ClockError
from flows.common.periods import read_period
from flows.common.settings import Settings
from flows.modelling.analysts import query
from flows.modelling.as_of import as_known, place_of, read_as_of
from flows.publishing.release import release

SPEND = (
    "select numerator from marts.fct_indicator_values where indicator_id = 'C01' "
    "and basis = 'all' and period = '2022-23 Q1' and breakdown = ''"
)
OLD, NEW = "3000.00", "3500.00"  # the first payment of May was 1000.00, and is 1500.00


def test_a_day_means_its_end_and_what_has_not_come_cannot_be_known(settings: Settings) -> None:
    assert read_as_of("2022-07-10") == datetime.fromisoformat("2022-07-10T23:59:59")
    assert read_as_of("2022-07-10T08:00") == datetime.fromisoformat("2022-07-10T08:00:00")
    assert read_as_of("2022-07-11") == datetime.fromisoformat("2022-07-11T09:00:00")  # now
    for words in ("2022-07-12", "spring"):
        with pytest.raises(ClockError):
            read_as_of(words)


def test_the_past_is_asked_in_a_scratch_database_and_the_present_stays(home: Settings) -> None:
    analysts = home.analysts.stat()
    assert str(query(home, SPEND)[0]["numerator"]).startswith(NEW)
    moment = read_as_of("2022-08-21")
    with as_known(home, moment) as models:
        assert str(query(home, SPEND, models)[0]["numerator"]).startswith(OLD)
        traced = trace(home, Question("C01", "2022-23 Q1", basis="all"), models)
        assert (traced["numerator"], traced["recomputed"]) == (OLD, traced["value"])
        old, published = _publish(home, moment, models)
    assert models is not None
    assert not models.exists()
    assert home.analysts.stat().st_mtime_ns == analysts.st_mtime_ns
    assert place_of(home, moment) != home.analysts
    # it goes out as a revision of its own, with the figures of the first one
    assert published == "quarterly/2022-23-Q1/r3"
    first = read_manifest(home.published / "quarterly/2022-23-Q1/r1")
    assert {name: old.tables[name] for name in ("local_spend", "indicators")} == {
        name: first.tables[name] for name in ("local_spend", "indicators")
    }
    assert old.as_of == "2022-08-21T23:59:59"
    assert [one.return_id for one in old.inputs] == [one.return_id for one in first.inputs]


def _publish(settings: Settings, moment: datetime, models: Path | None):
    done = release(settings, "quarterly", read_period("2022-23 Q1"), moment, models=models)
    return read_manifest(done.path), done.name
