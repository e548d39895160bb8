"""Control totals beside the payments: what does not tie blocks a release until it does."""

import hashlib
from pathlib import Path

import pytest

from flows.common.settings import Settings
from flows.intake.across import judge_across
from flows.intake.rules import Rules
from flows.warehouse.connection import Row, open_scratch, reading, writing
from flows.warehouse.findings import list_findings
from flows.warehouse.proof.integrity import check
from tests.support.small_files import CONTROLS, Take, controls, payments

TIE = "payments_tie_to_the_control_total"
COME = "controlled_payments_have_come"


def across(settings: Settings, rules: Rules, *, everything: bool = False) -> list[Row]:
    """The findings across returns, after they were looked for."""
    judge_across(rules, settings)
    return [row for row in list_findings(settings, everything) if row["rule"] in (TIE, COME)]


def state(path: Path) -> tuple[str, int, int]:
    about = path.stat()
    return hashlib.sha256(path.read_bytes()).hexdigest(), about.st_mtime_ns, about.st_ino


def test_totals_that_tie_find_nothing(settings: Settings, rules: Rules, take: Take) -> None:
    take(payments(3), "lcrca_2022-04_corporate.csv")
    take(payments(2), "lcrca_2022-04_transport.csv")
    take(controls(("corporate", 3, "301.50"), ("transport", 2, "201.00")), return_name=CONTROLS)
    assert across(settings, rules) == []


def test_a_total_that_does_not_tie_blocks_a_release_and_points_to_its_own_row(
    settings: Settings, rules: Rules, take: Take
) -> None:
    take(payments(3), "lcrca_2022-04_corporate.csv")
    take(payments(2), "lcrca_2022-04_transport.csv")
    sent = take(
        controls(("corporate", 3, "301.50"), ("transport", 3, "301.50")), return_name=CONTROLS
    )
    (found,) = across(settings, rules)
    assert (found["severity"], found["rule"]) == ("block release", TIE)
    assert (found["return_id"], found["row"], found["column"]) == (sent.returns[0], 3, "amount")
    assert found["file"] == "lcrca_2022-04.csv"
    assert "control total" in str(found["message"])


@pytest.mark.parametrize(
    ("count", "amount"), [(3, "301.51"), (3, "-301.50"), (4, "301.50"), (2, "301.50")]
)
def test_both_the_count_and_the_sum_must_tie_to_the_penny(
    settings: Settings, rules: Rules, take: Take, count: int, amount: str
) -> None:
    take(payments(3))
    take(controls(("", count, amount)), return_name=CONTROLS)
    assert [row["rule"] for row in across(settings, rules)] == [TIE]


def test_a_total_without_a_part_speaks_of_all_parts_together(
    settings: Settings, rules: Rules, take: Take
) -> None:
    take(payments(3), "lcrca_2022-04_corporate.csv")
    take(payments(2), "lcrca_2022-04_transport.csv")
    take(controls(("", 5, "502.50")), return_name=CONTROLS)
    assert across(settings, rules) == []


def test_quarantined_lines_count_towards_the_total(
    settings: Settings, rules: Rules, take: Take
) -> None:
    take(payments(3) + "2022-04-30,,17.25,2022-04/x,S1,\n")  # no supplier: quarantined
    take(controls(("", 4, "318.75")), return_name=CONTROLS)
    assert across(settings, rules) == []


def test_payments_that_have_not_come_are_only_warned_of(
    settings: Settings, rules: Rules, take: Take
) -> None:
    take(payments(3), "lcrca_2022-04_corporate.csv")
    take(controls(("corporate", 3, "301.50"), ("transport", 3, "301.50")), return_name=CONTROLS)
    assert [(row["rule"], row["severity"], row["row"]) for row in across(settings, rules)] == [
        (COME, "warn", 3)
    ]


def test_anothers_total_is_not_ours(settings: Settings, rules: Rules, take: Take) -> None:
    take(payments(3), "lcrca_2022-04.csv")
    take(controls(("", 3, "301.50")), "halton_2022-04.csv", return_name=CONTROLS)
    assert [row["rule"] for row in across(settings, rules)] == [COME]


def test_a_finding_is_cleared_when_the_missing_lines_come(
    settings: Settings, rules: Rules, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(payments(3))
    take(controls(("", 5, "502.50")), return_name=CONTROLS)
    (found,) = across(settings, rules)
    monkeypatch.setenv("SOCIAL_VALUE_NOW", "2022-07-12T08:00:00")
    take(payments(5))
    assert across(settings, rules) == []
    (kept,) = across(settings, rules, everything=True)
    assert kept["id"] == found["id"]
    with reading(settings) as connection:
        cleared = connection.execute(
            "select found_at, cleared_at from warehouse.ledger.findings where rule = ?", [TIE]
        ).fetchall()
    assert [[str(moment) for moment in row] for row in cleared] == [
        ["2022-07-11 09:00:00", "2022-07-12 08:00:00"]
    ]


def test_a_finding_that_comes_back_is_open_again_under_its_old_name(
    settings: Settings, rules: Rules, take: Take
) -> None:
    take(payments(4))
    take(controls(("", 5, "502.50")), return_name=CONTROLS)
    (first,) = across(settings, rules)
    take(payments(5))
    assert across(settings, rules) == []
    take(payments(4))  # the earlier file, sent again: back in force
    (again,) = across(settings, rules)
    assert again["id"] == first["id"]
    assert len(across(settings, rules, everything=True)) == 2


def test_a_held_total_is_not_compared(settings: Settings, rules: Rules, take: Take) -> None:
    take(payments(3))
    take(controls(("", 3, "301.50")), return_name=CONTROLS)
    held = take(controls(("", 1, "1.00")), return_name=CONTROLS)
    assert held.outcome == "held"
    assert across(settings, rules) == []


@pytest.mark.parametrize("amount", ["301.50", "999.99"])
def test_nothing_is_written_when_nothing_changed(
    settings: Settings, rules: Rules, take: Take, amount: str
) -> None:
    take(payments(3))
    take(controls(("", 3, amount)), return_name=CONTROLS)
    judge_across(rules, settings)
    before = state(settings.warehouse)
    hasty = settings.model_copy(update={"wait_seconds": 0.0})
    with reading(settings):  # which would turn away whoever came to write
        judge_across(rules, hasty)
    assert state(settings.warehouse) == before


def test_payments_without_any_control_total_are_no_fault(
    settings: Settings, rules: Rules, take: Take
) -> None:
    take(payments(3))
    assert across(settings, rules) == []


def test_what_is_found_across_returns_stands_in_the_audited_ledger(
    settings: Settings, rules: Rules, take: Take
) -> None:
    take(payments(3))
    take(controls(("", 5, "502.50")), return_name=CONTROLS)
    across(settings, rules)
    assert check(settings) == []
    take(payments(5))
    assert across(settings, rules) == []  # cleared
    assert check(settings) == []

    with open_scratch(settings) as connection, writing(settings, connection):
        connection.execute(
            "update warehouse.ledger.findings set message = 'fine' where rule = ?", [TIE]
        )
    assert [(fault.what, fault.where) for fault in check(settings)] == [
        ("rows were changed", "ledger.findings, found by event 3")
    ]
