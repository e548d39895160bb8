"""The second collection of real payments files: to the penny, or refused as its README says."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from flows.intake.submission import Ingested
from flows.returns.identity import Hints

Take = Callable[..., Ingested]
SPEND = Path(__file__).resolve().parents[3] / "shared" / "real" / "spend-2"
# Payments and their sum, as the collection's README gives them.
STATED = {
    "bart_2020-12.xls": (211, "60110413.54"),
    "devon_202603.csv": (3_545, "57492900.67"),
    "exeter_2025-04-06.csv": (2_691, "17644006.22"),
    "gateshead_2022-08.csv": (8_053, "30466722.83"),
    "lancsfire_2025-26-q3.xlsx": (881, "5702960.85"),
    "lancspcc_2020-21.xlsx": (5_250, "53401238.75"),
    "networkrail_2021-04.csv": (1_462, "410476063.55"),
    "nhs-lnwu_2020-21.csv": (355, "64463765.82"),
    "wakefield_2021-Q4.csv": (11_517, "723498.26"),
}
QUARANTINED = {"networkrail_2021-04.csv": 1, "wakefield_2021-Q4.csv": 15}
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not SPEND.is_dir(), reason="the real files are not here"),
]


@pytest.fixture(autouse=True)
def in_november_2026(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIAL_VALUE_NOW", "2026-11-29T09:00:00")


def sent(take: Take, name: str) -> Ingested:
    return take((SPEND / name).read_bytes(), name, hints=Hints(sender=name.split("_")[0]))


@pytest.mark.parametrize("name", STATED)
def test_it_loads_to_the_penny(take: Take, name: str) -> None:
    """Of what is quarantined a copyright line has no sum, and 15 payments have theirs."""
    payments, total = STATED[name]

    taken = sent(take, name)

    held_back = QUARANTINED.get(name, 0)
    assert (taken.outcome, taken.counts.quarantined) == ("loaded", held_back)
    lines = taken.counts.loaded + (held_back if name.startswith("wakefield") else 0)
    amount = (taken.counts.amount_total or Decimal(0)) + (
        taken.counts.amount_quarantined or Decimal(0)
    )
    assert (lines, amount) == (payments, Decimal(total))


def test_a_file_that_repeats_a_month_is_held_with_its_lines_named(take: Take) -> None:
    assert sent(take, "exeter_2025-04-06.csv").outcome == "loaded"

    taken = sent(take, "exeter_2025-07-09.csv")

    assert (taken.outcome, taken.counts.loaded) == ("held", 3_815)
    assert "2025-06 stands in force from exeter_2025-04-06.csv" in taken.reason
    assert "rows, from row 2 to row 952, stand line for line in other returns" in taken.reason


def test_two_forms_of_date_in_one_column_are_refused_with_a_cell_of_each(take: Take) -> None:
    taken = sent(take, "nhs-nerd_2021-03.csv")

    assert taken.outcome == "rejected"
    assert "(31/03/21 in row 48; but 3/31/2021 in row 2)" in taken.reason


def test_every_file_of_the_collection_is_here() -> None:
    named = {*STATED, "exeter_2025-07-09.csv", "nhs-nerd_2021-03.csv"}
    assert {path.name for path in SPEND.iterdir()} == named
