"""`status` and `findings` open with what matters, narrow to what is asked, and cut nothing."""

import json
from collections.abc import Callable

import pytest

from flows.commands.cli import main
from flows.commands.listing import sum_up_status, waiting_first
from flows.common.settings import Settings
from flows.intake.submission import Ingested
from tests.support.small_files import payments


@pytest.fixture
def said(
    take: Callable[..., Ingested],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., tuple[object, str, str]]:
    """What the command says of a home with one ledger, a row of which is not taken."""
    take(payments(10) + "2022-04-29,Acme Ltd,TBC\n")
    monkeypatch.setenv("SOCIAL_VALUE_HOME", str(settings.home))

    def run(*words: str) -> tuple[object, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main(list(words))
        return (end.value.code, *capsys.readouterr())

    return run


Say = Callable[..., tuple[object, str, str]]


def test_status_sums_up_and_lists_what_waits_for_somebody_first(said: Say) -> None:
    status, printed, _ = said("status")
    head, _, *rows = printed.splitlines()
    assert status == 0
    assert " loaded" in head
    assert " missing" in head
    assert {row.split()[4] if "2022-04 " in row else "missing" for row in rows[:5]} == {"missing"}
    assert rows[-1].endswith(" more wait for nobody: --all lists them.")


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (["--period", "2022-23 Q1"], lambda row: row["period"] in APRIL_TO_JUNE),
        (["--return", "finance_payments"], lambda row: row["return"] == "finance_payments"),
        (["--sender", "lcrca"], lambda row: row["sender"] == "lcrca"),
        (["--missing"], lambda row: row["outcome"] == "missing"),
        (["--late"], lambda row: (row["late_days"] or 0) > 0),
    ],
)
def test_status_narrows_to_what_is_asked(
    said: Say, words: list[str], kept: Callable[[dict[str, object]], bool]
) -> None:
    everything = json.loads(said("status", "--json")[1])
    narrowed = json.loads(said("status", *words, "--json")[1])
    assert narrowed == [row for row in everything if kept(row)]
    assert 0 < len(narrowed) < len(everything)


APRIL_TO_JUNE = {"2022-23 Q1", "2022-04", "2022-05", "2022-06"}


def test_findings_narrow_to_a_period_and_a_return_and_owed_ones_are_among_them(said: Say) -> None:
    def found(*words: str) -> set[tuple[str, str]]:
        rows = json.loads(said("findings", "--json", *words)[1])
        return {(row["rule"], row["severity"]) for row in rows}

    assert ("cell_reads", "quarantine") in found("--return", "finance_payments")
    assert found("--period", "2022-05") & {("cell_reads", "quarantine")} == set()
    assert ("cell_reads", "quarantine") in found("--period", "2022-23")
    assert said("findings", "--period", "2031-04")[1] == "Nothing was found.\n"


def test_a_sender_of_no_return_is_answered_with_the_nearest(said: Say) -> None:
    status, printed, fault = said("status", "--sender", "lcrcb")
    assert (status, printed) == (2, "")
    assert fault.endswith("No return is owed or has come by lcrcb: did you mean lcrca?\n")
    assert said("findings", "--return", "xyzzy")[2] == (
        "No return is owed or has come called xyzzy: social-value status lists them.\n"
    )


def test_what_is_piped_is_neither_cut_nor_broken(
    settings: Settings, said: Say, take: Callable[..., Ingested]
) -> None:
    name = f"lcrca_2022-05_{'a-long-part-' * 15}.csv"
    take(payments(3, month="2022-05") + "2022-05-29,Acme Ltd,TBC\n", name)
    told = [line for line in said("findings")[1].splitlines() if name in line]
    assert len(told) == 2  # of the date, and of a part that nobody owes


def test_the_newest_that_waits_comes_first() -> None:
    rows: list[dict[str, object]] = [
        {"period": period, "outcome": outcome, "late_days": late}
        for period, outcome, late in [
            ("2022-04", "missing", 3),
            ("2022-05", "loaded", 0),
            ("2022-06", "held", 0),
        ]
    ]
    assert [row["period"] for row in waiting_first(rows)] == ["2022-06", "2022-04", "2022-05"]
    assert sum_up_status(rows) == (
        "3 returns: 1 missing, 1 loaded, 1 held. Late: 1, of them not here yet: 1."
    )
    assert sum_up_status([]) == "No return is owed, and none has come."
