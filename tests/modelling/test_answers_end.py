"""An answer to `query` has an end: so many rows, so many seconds."""

import time

import duckdb
import pytest

from flows.common.settings import Settings
from flows.modelling.analysts import BadQuestion, query


@pytest.fixture
def modelled(settings: Settings) -> Settings:
    settings.analysts.parent.mkdir(parents=True)
    duckdb.connect(str(settings.analysts)).close()
    return settings


def test_an_answer_without_end_is_refused(modelled: Settings) -> None:
    few = modelled.model_copy(update={"query_rows": 1000})
    assert len(query(few, "select * from range(1000)")) == 1000
    with pytest.raises(BadQuestion, match="more than 1,000 rows: ask for fewer"):
        query(few, "select * from repeat(1, 100000000000)")


def test_an_answer_that_takes_too_long_is_interrupted(modelled: Settings) -> None:
    quick = modelled.model_copy(update={"query_seconds": 0.5})
    began = time.monotonic()
    with pytest.raises(BadQuestion, match=r"more than 0\.5 seconds: ask for less"):
        query(quick, "select sum(a.range * b.range) from range(10000000) a, range(10000000) b")
    assert time.monotonic() - began < 60
