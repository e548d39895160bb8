"""A fault that nobody foresaw is one file's: it says what failed and where, and quotes no cell."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from flows.common.settings import Settings
from flows.intake import settle as settling
from flows.intake import stages as steps
from flows.intake import take_in as intake
from flows.intake.rules import Rules
from flows.intake.submission import Ingested, Submission
from flows.intake.take_in import take_in_together
from flows.operations.notices import list_notices
from flows.returns.file import File
from flows.warehouse.archive import is_held
from flows.warehouse.connection import reading
from flows.warehouse.filing import Filing
from tests.support.small_returns import PAYMENTS, payments

PEOPLE = "Employer,Snapshot date,Employee number,FTE\nlcrca,30/06/2022,E99887,1\n"


def _quotes_a_cell(connection: duckdb.DuckDBPyConnection, *_: object) -> None:
    connection.execute("select cast(said as integer) from (values ('E99887')) as v(said)")


def test_it_is_answered_kept_and_told_without_a_cell(
    take: Callable[..., Ingested], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "type_rows", _quotes_a_cell)

    done = take(PEOPLE, "lcrca_2022-23-q1.csv", "hr_workforce")

    assert done.outcome == "rejected"
    assert done.reason is not None
    assert done.reason.startswith(
        "lcrca_2022-23-q1.csv could not be taken in for a reason that nobody foresaw "
        "(ConversionException in test_redaction.py, line "
    )
    assert done.is_kept
    with reading(settings) as connection:
        (held,) = connection.execute("select sha256 from warehouse.ledger.returns").fetchall()
    assert is_held(settings, held[0])
    (failed,) = [one for one in list_notices(settings) if one.kind == "failed"]
    assert done.reason in failed.text
    everything = [done.reason, *(one.text for one in list_notices(settings))]
    assert not any("E99887" in text for text in everything)


def test_short_memory_is_told_with_what_to_do(
    take: Callable[..., Ingested], monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_much(connection: duckdb.DuckDBPyConnection, *_: object) -> None:
        connection.execute("set memory_limit = '30MB'")
        connection.execute("create table t as select i, repeat('x', 99) from range(9000000) r(i)")

    monkeypatch.setattr(steps, "type_rows", too_much)
    done = take(PEOPLE, "lcrca_2022-23-q1.csv", "hr_workforce")
    assert "needs more memory than SOCIAL_VALUE_MEMORY_LIMIT allows" in (done.reason or "")


def test_a_librarys_fault_is_hidden_though_it_is_called_like_one_of_our_own(
    take: Callable[..., Ingested], monkeypatch: pytest.MonkeyPatch
) -> None:
    of_a_library = type("ManifestError", (Exception,), {})

    def quotes(*_: object) -> None:
        raise of_a_library("cell: Jane Smith")

    monkeypatch.setattr(steps, "type_rows", quotes)
    done = take(PEOPLE, "lcrca_2022-23-q1.csv", "hr_workforce")
    assert "ManifestError" in (done.reason or "")
    assert "Jane Smith" not in (done.reason or "")


@pytest.fixture
def three(tmp_path: Path) -> list[Submission]:
    """A batch of three good files."""
    found = []
    for sender in ("halton", "lcrca", "sefton"):
        path = tmp_path / f"{sender}_2022-04.csv"
        path.write_text(payments(), encoding="utf-8")
        found.append(Submission(path, PAYMENTS))
    return found


def _outcomes(done: list[Ingested]) -> dict[str, str]:
    return {one.sender: one.outcome for one in done}


def test_a_file_that_brings_its_reader_down_leaves_the_others_of_its_batch_alone(
    three: list[Submission], rules: Rules, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = intake.read

    def falls(connection: object, file: File, *rest: object) -> object:
        if "lcrca" in file.name:
            raise IndexError("list index out of range")
        return read(connection, file, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "read", falls)
    done = take_in_together(three, rules, settings)
    assert _outcomes(done) == {"halton": "loaded", "lcrca": "rejected", "sefton": "loaded"}


def test_a_file_that_cannot_be_kept_leaves_the_others_of_its_batch_alone(
    three: list[Submission], rules: Rules, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = settling.keep

    def falls(connection: duckdb.DuckDBPyConnection, filing: Filing, *rest: object) -> object:
        kept = keep(connection, filing, *rest)  # type: ignore[arg-type]
        if filing.sender == "lcrca":
            raise KeyError("after all of it was written")
        return kept

    monkeypatch.setattr(settling, "keep", falls)
    done = take_in_together(three, rules, settings)
    assert _outcomes(done) == {"halton": "loaded", "lcrca": "rejected", "sefton": "loaded"}
    with reading(settings) as connection:
        senders = connection.execute(
            "select distinct sender from warehouse.landed.finance_payments as l "
            "join warehouse.ledger.returns as r on r.return_id = l._return_id order by 1"
        ).fetchall()
    assert senders == [("halton",), ("sefton",)]


def test_a_full_disk_is_no_files_fault(
    three: list[Submission], rules: Rules, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(steps, "type_rows", full)
    with pytest.raises(OSError, match="No space left"):
        take_in_together(three, rules, settings)
