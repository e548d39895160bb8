"""`audit check` proves the records, and names whatever somebody has touched."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from flows.commands.arguments import accept_finding, override_block
from flows.commands.cli import main
from flows.common.settings import Settings
from flows.warehouse.archive import path_in_archive
from flows.warehouse.connection import reading
from flows.warehouse.findings import NoSuchFinding
from flows.warehouse.ledger import read_events
from flows.warehouse.proof.integrity import Fault, check
from tests.support.filled_home import change
from tests.support.small_files import CONTROLS, Take, controls, payments


@pytest.fixture
def kept(settings: Settings, take: Take) -> Settings:
    """Returns that were kept, partly quarantined and rejected."""
    take(payments(10) + "2022-04-29,Acme Ltd,TBC\n,Total,1005.00\n")
    take("Vendor,Town\nAcme,Leeds\n", return_name="finance_vendors")
    take(controls(("", 11, "1000.00")), return_name=CONTROLS)
    return settings


def faults_of(settings: Settings) -> list[tuple[str, str]]:
    return [(fault.what, fault.where) for fault in check(settings)]


def test_nothing_is_wrong_with_what_nobody_touched(kept: Settings) -> None:
    assert check(kept) == []


TOUCHED = {
    "landed.finance_payments": "update warehouse.landed.finance_payments set amount = 7",
    "ledger.quarantined": "update warehouse.ledger.quarantined set amount = 5",
    "ledger.checks": "delete from warehouse.ledger.checks where outcome = 'passed'",
    "ledger.findings": "update warehouse.ledger.findings set message = 'fine'",
    "ledger.dropped": "update warehouse.ledger.dropped set why = 'none'",
    "ledger.returns": "update warehouse.ledger.returns set rows_loaded = 99 where rows_loaded > 0",
    "ledger.standing": "update warehouse.ledger.standing set in_force = false",
    "ledger.files": "delete from warehouse.ledger.files",
}


def test_a_changed_row_is_found_and_its_table_named(kept: Settings) -> None:
    as_it_was = kept.warehouse.read_bytes()
    for table, sql in TOUCHED.items():
        kept.warehouse.write_bytes(as_it_was)
        change(kept, sql)
        # A file that the ledger no longer knows has an original that nobody knows.
        found = [one for one in faults_of(kept) if one[0] != "a file was added to the archive"]
        assert found, table
        assert {what for what, _ in found} == {"rows were changed"}
        assert {where.split(",")[0] for _, where in found} == {table}


def test_a_changed_event_breaks_the_chain_there(kept: Settings) -> None:
    change(kept, "update warehouse.ledger.events set detail = '{}' where seq = 2")
    assert ("an event was changed", "event 2") in [(w, at[:7]) for w, at in faults_of(kept)]


def test_an_event_that_was_taken_out_is_missed(kept: Settings) -> None:
    change(kept, "delete from warehouse.ledger.events where seq = 2")
    assert any(what == "an event is missing" for what, _ in faults_of(kept))


def test_a_return_that_was_slipped_in_has_no_event(kept: Settings) -> None:
    change(
        kept,
        "insert into warehouse.ledger.returns by name select * replace ('x' as return_id) "
        "from warehouse.ledger.returns limit 1",
    )
    assert ("rows have no event", "ledger.returns, return x, attempt 1") in faults_of(kept)


def test_one_byte_of_an_original_is_found(kept: Settings) -> None:
    with reading(kept) as connection:
        (sha256,) = connection.execute("select min(sha256) from warehouse.ledger.files").fetchone()
    path = path_in_archive(kept, sha256)
    touch_one_byte(path)
    assert faults_of(kept) == [("an original was changed", f"archive, original {sha256[:12]}")]
    os.chmod(path.parent, 0o700)
    path.unlink()
    assert faults_of(kept) == [("an original is missing", f"archive, original {sha256[:12]}")]


def touch_one_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)


def test_what_people_decide_is_in_the_chain(kept: Settings) -> None:
    with reading(kept) as connection:
        (finding,) = connection.execute(
            "select finding_id from warehouse.ledger.findings where severity = 'quarantine'"
        ).fetchone()
    accepted = accept_finding(kept, finding, "Head of Finance", "The clerk has left")
    assert accepted["accepted_by"] == "Head of Finance"
    override_block(kept, "C01", "Director of Finance", "Half is better than none")
    assert check(kept) == []
    change(kept, "update warehouse.ledger.events set detail = replace(detail, 'left', 'gone')")
    assert [fault.what for fault in check(kept)] == ["an event was changed"]


def test_only_what_was_found_can_be_accepted(kept: Settings) -> None:
    with pytest.raises(NoSuchFinding, match="no finding abc"):
        accept_finding(kept, "abc", "Somebody", "Because")


def test_a_fault_says_what_was_expected_and_what_is_there(kept: Settings) -> None:
    change(kept, "update warehouse.ledger.quarantined set amount = 5")
    (fault,) = check(kept)
    assert isinstance(fault, Fault)
    assert fault.expected.startswith("1:")
    assert fault.found.startswith("1:")
    assert fault.expected != fault.found


def test_a_certificate_says_what_was_looked_at_and_is_filed(
    kept: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOCIAL_VALUE_HOME", str(kept.home))

    def checked() -> tuple[object, dict[str, object]]:
        with pytest.raises(SystemExit) as end:
            main(["audit", "check", "--json"])
        return end.value.code, json.loads(capsys.readouterr().out)

    status, said = checked()
    assert (status, said["ok"], said["files"], said["judgements"], said["rows"]) == (
        0,
        True,
        3,
        3,
        11,
    )
    with reading(kept) as connection:
        events = read_events(connection)
    assert said["events"] == len(events)
    assert isinstance(said["head"], dict)
    assert said["head"]["head"] == events[-1].hash
    filed = Path(str(said["certificate"]))
    *lines, last = filed.read_text().splitlines(keepends=True)
    assert last == f"sha256  {hashlib.sha256(''.join(lines).encode()).hexdigest()}\n"
    assert any(line.startswith("verdict") and "as the ledger says" in line for line in lines)
    assert filed.stat().st_mode & 0o077 == 0
    change(kept, "update warehouse.landed.finance_payments set amount = 7")
    status, said = checked()
    assert (status, said["ok"]) == (1, False)
    assert "rows were changed" in Path(str(said["certificate"])).read_text()
