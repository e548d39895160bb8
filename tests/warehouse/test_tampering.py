"""Digests that nobody can forge, a clock that is on record, and anchors for somebody apart."""

import json
import shutil
import time
from datetime import datetime, timedelta
from functools import reduce
from importlib.resources import files
from operator import xor
from pathlib import Path

import duckdb
import pytest

from flows.commands.cli import main
from flows.common import clock
from flows.common.settings import Settings
from flows.warehouse import ledger
from flows.warehouse.connection import (
    SCHEMA_VERSION,
    WarehouseTooOld,
    open_scratch,
    reading,
    writing,
)
from flows.warehouse.digests import (
    NOTHING,
    Part,
    combined,
    digests_of,
    of_return,
    row_digests,
)
from flows.warehouse.proof.integrity import check, clock_notes
from flows.warehouse.releases import (
    NoAnchor,
    anchor_of,
    read_anchor,
    write_anchor,
)
from tests.support.filled_home import change, rehashed, whats
from tests.support.small_files import Take, payments

GROWN = 3_000_000
ROWS = Part("landed.finance_payments", "true", ())


@pytest.fixture
def home(filled: Settings) -> Settings:
    """A home that was filled, with its key beside it."""
    return filled


# --- forged by linear algebra -----------------------------------------------------------------


def hashes(connection: duckdb.DuckDBPyConnection) -> dict[int, int]:
    return {row: int(digest, 16) for row, digest in row_digests(connection, ROWS, "_row")}


def chosen(flips: dict[int, int], target: int) -> set[int]:
    """Which of the flips come to the target by XOR: Gauss over the field of two elements."""
    basis: dict[int, tuple[int, frozenset[int]]] = {}
    for row, flip in flips.items():
        made = frozenset({row})
        while flip and (found := basis.get(flip.bit_length())):
            flip, made = flip ^ found[0], made ^ found[1]
        if flip:
            basis[flip.bit_length()] = (flip, made)
    picked: frozenset[int] = frozenset()
    while target:
        flip, made = basis[target.bit_length()]
        target, picked = target ^ flip, picked ^ made
    return set(picked)


def test_rows_forged_by_linear_algebra_are_found(settings: Settings, take: Take) -> None:
    """As the review did it: a sum given to another, and blanks where nobody sees them."""
    take(payments(320))
    table = "warehouse.landed.finance_payments"
    with open_scratch(settings) as connection, writing(settings, connection):
        before = hashes(connection)
        first = min(before)
        connection.execute(f"update {table} set amount = 456030.19 where _row = ?", [first])
        forged = hashes(connection)
        vary = f"update {table} set supplier_name = supplier_name || chr(160) where "
        connection.execute(f"{vary} _row > ?", [first])
        varied = hashes(connection)
        flips = {row: forged[row] ^ varied[row] for row in varied if row != first}
        picked = chosen(flips, reduce(xor, before.values()) ^ reduce(xor, forged.values()))
        connection.execute(
            f"update {table} set supplier_name = rtrim(supplier_name, chr(160)) "
            "where _row > ? and not list_contains(?, _row)",
            [first, sorted(picked)],
        )
        assert reduce(xor, hashes(connection).values()) == reduce(xor, before.values())
    assert whats(settings) == {"rows were changed"}


def test_a_set_of_rows_has_one_digest_however_it_is_made(settings: Settings, take: Take) -> None:
    take(payments(30))
    with reading(settings) as connection:
        by_row = combined(digest for _, digest in row_digests(connection, ROWS, "_row"))
        assert digests_of(connection, [ROWS]) == {"landed.finance_payments": by_row}


def test_cells_that_part_elsewhere_are_other_rows(settings: Settings) -> None:
    with open_scratch(settings) as connection:
        connection.execute("attach ':memory:' as warehouse; create schema warehouse.landed")
        connection.execute("create table warehouse.landed.t (a varchar, b varchar)")
        connection.execute("insert into warehouse.landed.t values ('x', 'y')")
        connection.execute("insert into warehouse.landed.t values ('x' || chr(31) || 'b=y', null)")
        rows = row_digests(connection, Part("landed.t", "true", ()), "a")
    assert len({digest for _, digest in rows}) == 2


# --- the clock --------------------------------------------------------------------------------


def test_a_set_clock_is_on_record_and_does_not_go_back(
    home: Settings, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    with reading(home) as connection:
        events = ledger.read_events(connection)
    assert {event.detail["clock"] for event in events} == {"set"}
    earlier = clock.now() - timedelta(days=300)
    with clock.set_to(earlier):
        with pytest.raises(clock.ClockError, match="--backdate-because WHY"):
            take(payments(3, month="2021-05"), "lcrca_2021-05.csv")
        monkeypatch.setenv(clock.BECAUSE_VARIABLE, "The post lay about")
        take(payments(3, month="2021-05"), "lcrca_2021-05.csv")
    assert check(home) == []
    with reading(home) as connection:
        notes = clock_notes(ledger.read_events(connection))
    assert notes[0].startswith("The clock was set for ")
    assert notes[1].endswith("The post lay about.")


def test_the_machines_own_clock_is_not_noted(
    settings: Settings, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(clock.NOW_VARIABLE)
    take(payments(3))
    with reading(settings) as connection:
        assert clock_notes(ledger.read_events(connection)) == []


# --- anchors ----------------------------------------------------------------------------------


def test_an_anchor_finds_a_tail_that_was_cut_and_a_chain_that_was_made_anew(
    home: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "anchor.json"
    write_anchor(anchor_of(home), path)
    anchor = read_anchor(path)
    with open_scratch(home) as connection, writing(home, connection):
        ledger.append(connection, "overridden", "C01", {"by": "Head"}, clock.now())
    assert check(home, anchor) == []  # the ledger has grown, and begins as it did
    as_it_was = home.warehouse.read_bytes()
    change(home, f"delete from warehouse.ledger.events where seq >= {anchor.event}")
    shutil.rmtree(home.published / "quarterly")
    (home.published / "index.html").unlink()
    assert check(home) == []  # nothing in the home itself tells of it
    assert [one.what for one in check(home, anchor)] == ["the chain ends before the anchor"]
    home.warehouse.write_bytes(as_it_was)
    change(home, "update warehouse.ledger.events set detail = replace(detail, 'twice', 'late')")
    rehashed(home)
    assert "the chain is another than the anchor's" in {one.what for one in check(home, anchor)}


def test_an_anchor_is_not_written_over_and_another_file_is_none(
    home: Settings, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "anchor.json"
    write_anchor(anchor_of(home), path)
    with pytest.raises(NoAnchor, match="is there already"):
        write_anchor(anchor_of(home), path)
    path.write_text(json.dumps({"event": 1}))
    with pytest.raises(NoAnchor, match="is no anchor"):
        read_anchor(path)
    with pytest.raises(NoAnchor, match="has no event yet"):
        anchor_of(settings.model_copy(update={"home": tmp_path / "empty"}))


def test_a_home_of_older_digests_is_refused(home: Settings) -> None:
    older = SCHEMA_VERSION - 1
    change(home, f"update warehouse.ledger.schema_version set version = {older}")
    with pytest.raises(WarehouseTooOld, match=f"schema version {older}"), reading(home):
        pass


def test_the_digests_of_an_event_take_no_longer_as_the_ledger_grows() -> None:
    """Rows are found by their time, so that no table that grows is gone through for an event."""
    schema = files("flows.warehouse").joinpath("schema.sql").read_text(encoding="utf-8")
    at = datetime.fromisoformat("2022-07-11T09:00:00")

    def cost() -> float:
        """The CPU seconds that the digests of a return take, at best."""
        spent = []
        for _ in range(5):
            began = time.process_time()
            made = of_return(connection, "r", 1, "", at, {})
            spent.append(time.process_time() - began)
        assert {name for name, digest in made.items() if digest != NOTHING} == {
            "ledger.quarantined",
            "ledger.dropped",
        }
        return min(spent)

    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as warehouse")
        connection.execute(f"use warehouse; {schema}; use memory")
        for table in ("quarantined", "dropped"):
            into = f"insert into warehouse.ledger.{table}"
            connection.execute(f"{into} values ('r', 1, ?, '', 7, null, 'totals')", [at])
        small = cost()
        for table in ("quarantined", "dropped"):
            connection.execute(
                f"insert into warehouse.ledger.{table} select 'abcrstxyz'[1 + n % 9] || n, 1, "
                "timestamp '2020-01-01' + to_minutes(n // 100), '', 7, null, 'totals' "
                f"from range({GROWN}) as r(n)"
            )
        assert cost() < 3 * small


def test_what_an_event_adds_is_what_is_there(settings: Settings, take: Take) -> None:
    take(payments(5))
    with reading(settings) as connection:
        (event,) = [one for one in ledger.read_events(connection) if one.kind == "kept"]
        whole = digests_of(connection, [ROWS, Part("ledger.files", "true", ())])
    assert {name: event.digests[name] for name in whole} == whole
    assert datetime.fromisoformat("2022-07-11T09:00:00") == event.at


def test_the_command_writes_an_anchor_and_proves_by_it(
    home: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOCIAL_VALUE_HOME", str(home.home))
    anchor = str(tmp_path / "anchor.json")

    def command(*words: str) -> tuple[object, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["audit", *words])
        return (end.value.code, *capsys.readouterr())

    assert command("anchor", "--to", anchor)[0] == 0
    status, out, err = command("check", "--against", anchor)
    assert (status, "All is as the ledger says" in out) == (0, True)
    assert "Please note: The clock was set for " in err
    newest = "(select max(seq) from warehouse.ledger.events)"
    change(home, f"delete from warehouse.ledger.events where seq = {newest}")
    status, out, _ = command("check", "--against", anchor, "--json")
    assert status == 1
    whats = [fault["what"] for fault in json.loads(out)["faults"]]
    assert whats[0] == "the chain ends before the anchor"
