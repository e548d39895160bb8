"""`verify`: the same release from the same inputs, or the name of what is not the same."""

from collections.abc import Callable
from datetime import datetime

import pytest

from flows.audit.verify import Verified, verify
from flows.common.settings import Settings
from flows.intake.rules import Rules
from flows.modelling.analysts import BadQuestion
from flows.warehouse.connection import open_scratch, writing
from flows.warehouse.proof.integrity import check
from flows.warehouse.retention import dispose

R1, R2 = "quarterly/2022-23-Q1/r1", "quarterly/2022-23-Q1/r2"


def told(found: list[Verified]) -> list[tuple[str, str]]:
    return [(one.release, one.outcome) for one in found]


def test_every_release_is_made_again_to_the_byte_and_said_when_it_is_known(
    home: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(path for path in home.home.rglob("*") if "scratch" not in path.parts)
    found = verify(home, from_originals=True)
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("q")]
    assert said == [f"{R1}: same bytes", f"{R2}: same bytes"]
    assert [one.faults for one in found] == [[], []]
    assert told(found) == [(R1, "same bytes"), (R2, "same bytes")]
    after = sorted(path for path in home.home.rglob("*") if "scratch" not in path.parts)
    assert [path for path in after if path not in before] == []


def test_a_row_that_was_changed_is_named_with_every_figure_that_moves(home: Settings) -> None:
    change = "update warehouse.landed.finance_payments set supplier_postcode = 'L31BP'"
    with open_scratch(home) as connection, writing(home, connection):
        connection.execute(change)
    (found,) = verify(home, R2)
    assert found.outcome == "different"
    rows = [fault for fault in found.faults if fault.what == "rows were changed"]
    assert {fault.where.split(",")[0] for fault in rows} == {"landed.finance_payments"}
    moved = {fault.where: (fault.expected, fault.found) for fault in found.faults}
    where = f"{R2}, local_spend, period=2022-23 Q1; place=Liverpool City Region, amount_in_place"
    assert moved[where] == ("3500.00", "12500.00")


def test_a_release_that_somebody_touched_is_not_made_again_to_find_that_out(
    home: Settings,
) -> None:
    path = home.published / R1 / "tables" / "local_spend.csv"
    path.write_text(path.read_text().replace("3000.00", "3001.00", 1))
    (found,) = verify(home, R1)
    assert (found.outcome, [fault.what for fault in found.faults]) == (
        "different",
        ["a released file was changed"],
    )


def test_what_was_disposed_of_is_named_and_never_called_well(
    home: Settings, rules: Rules, on: Callable[[str], datetime]
) -> None:
    on("2027-07-01")
    assert dispose(home, rules.contracts, "Data Protection Officer")
    assert check(home) == []
    found = verify(home)
    assert told(found) == [(R1, "not verifiable"), (R2, "not verifiable")]
    named = {(fault.what, fault.where.split(",")[0]) for fault in found[1].faults}
    assert ("rows of an input are no longer held", "hr_workforce lcrca 2022-23 Q1") in named
    assert ("an input is no longer held", "hr_workforce lcrca 2022-23 Q1") in named
    assert all("Data Protection Officer" in fault.found for fault in found[1].faults)
    assert not any(one.ok for one in found)


def test_only_a_release_that_went_out_can_be_verified(home: Settings) -> None:
    with pytest.raises(BadQuestion, match=r"There is no release quarterly/2022-23-Q1/r9; there"):
        verify(home, "quarterly/2022-23-Q1/r9")
