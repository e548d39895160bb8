"""A payments file of 1,000,000 rows is read, judged, kept and modelled in less than 2 GB."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.benchmarks.__main__ import travel
from tests.benchmarks.payments import write_payments

MILLION = 1_000_000


@pytest.mark.slow
def test_a_million_payments_take_less_than_two_gigabytes(tmp_path, postcodes, monkeypatch):
    monkeypatch.setenv("SOCIAL_VALUE_POSTCODES", str(postcodes))
    file = tmp_path / "lcrca_2022-04.csv"
    write_payments(file, MILLION)
    measured = json.loads(travel(file, tmp_path / "home"))
    assert (measured["outcome"], measured["rows"]) == ("loaded", MILLION)
    assert measured["peak MB"] < 2000
