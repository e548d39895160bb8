"""A payments file of 250,000 rows is read, judged, kept and modelled in less than 1 GB.

`make bench` measures a million rows and ten.
"""

from pathlib import Path

import pytest

from tests.benchmarks.measured import run
from tests.benchmarks.payments import write_payments, write_vendors

ROWS = 250_000


@pytest.mark.slow
def test_a_quarter_of_a_million_payments_take_less_than_a_gigabyte(
    tmp_path: Path, postcodes: Path
) -> None:
    file, vendors = tmp_path / "lcrca_2022-04.csv", tmp_path / "vendors" / "lcrca_2022-04.csv"
    vendors.parent.mkdir()
    write_payments(file, ROWS)
    write_vendors(vendors)
    home = tmp_path / "home"
    measured = run("road", file, vendors, home, SOCIAL_VALUE_POSTCODES=str(postcodes))
    assert measured.rows == ROWS
    assert measured.peak_mb < 1000
