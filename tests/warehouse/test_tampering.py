"""Whoever changes, adds or takes away anything by hand is found out: what was touched is named."""

import hashlib
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce
from importlib.resources import files
from operator import xor
from pathlib import Path

import duckdb
import pytest

from exports.release.publish import publish
from flows.commands.arguments import confirm_return
from flows.commands.cli import main
from flows.common import clock
from flows.common.settings import Settings
from flows.intake.across import judge_across
from flows.intake.rules import Rules
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
from flows.warehouse.integrity import check, clock_notes
from flows.warehouse.releases import (
    NoAnchor,
    anchor_of,
    read_anchor,
    write_anchor,
)
from tests.support.exports_made import make_analysts, make_facts
from tests.support.small_files import CONTROLS, Take, controls, payments

RELEASE = "quarterly/2022-23-Q1/r1"
GROWN = 3_000_000
ROWS = Part("landed.finance_payments", "true", ())


def change(settings: Settings, *statements: str) -> None:
    with open_scratch(settings) as connection, writing(settings, connection):
        for sql in statements:
            connection.execute(sql)


def whats(settings: Settings) -> set[str]:
    return {fault.what for fault in check(settings)}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first home that was filled is kept, for the others to be copies of."""
    return tmp_path_factory.mktemp("made")


@pytest.fixture
def home(settings: Settings, take: Take, rules: Rules, tmp_path: Path, made: Path) -> Settings:
    """A home that was filled, with its key beside it."""
    if not (made / "home").exists():
        fill(settings, take, rules, tmp_path)
        shutil.copytree(settings.home, made / "home")
        shutil.copy2(settings.key_path, made / "home.key")
    else:
        shutil.copytree(made / "home", settings.home, dirs_exist_ok=True)
        shutil.copy2(made / "home.key", settings.key_path)
    return settings


def fill(settings: Settings, take: Take, rules: Rules, tmp_path: Path) -> None:
    """Returns kept, rejected, held and confirmed, a look across them, and a release."""
    take(payments(10) + "2022-04-29,Acme Ltd,TBC\n")
    take("Vendor,Town\nAcme,Leeds\n", return_name="finance_vendors")
    held = take(payments(2))
    confirm_return(settings, held.returns[0], "Head of Finance", "Eight lines came twice")
    take(controls(("", 9, "900.00")), return_name=CONTROLS)
    judge_across(rules, settings)
    with reading(settings) as connection:
        facts = replace(make_facts(), ledger_head=ledger.head(connection))
    done = publish(
        facts, analysts=make_analysts(tmp_path / "a.duckdb"), published=settings.published
    )
    digests = {
        name: hashlib.sha256((done.path / f"{name}.json").read_bytes()).hexdigest()
        for name in ("manifest", "receipt")
    }
    with open_scratch(settings) as connection, writing(settings, connection):
        ledger.append(connection, "published", done.name, digests, clock.now())
    assert check(settings) == []


def rehashed(settings: Settings, since: int = 1) -> None:
    """Make every hash of the chain anew from an event on, as one would who holds the home."""
    with open_scratch(settings) as connection, writing(settings, connection):
        rows = connection.execute(
            'select seq, "at", kind, subject, detail, hash from warehouse.ledger.events order by 1'
        ).fetchall()
        before = ledger.FIRST
        for seq, at, kind, subject, detail, digest in rows:
            now = ledger.event_hash(seq, at, kind, subject, detail, before)
            connection.execute(
                "update warehouse.ledger.events set previous_hash = ?, hash = ? where seq = ?",
                [before, now if seq >= since else digest, seq],
            )
            before = now if seq >= since else digest


# --- what the review did ----------------------------------------------------------------------


def a_forged_release(home: Settings) -> None:
    release = home.published / RELEASE
    shutil.copytree(release, release.with_name("r2"))


def a_page_among_what_is_published(home: Settings) -> None:
    (home.published / "quarterly" / "notes.html").write_text("<script>")


def another_index(home: Settings) -> None:
    index = home.published / "index.html"
    index.write_text(index.read_text() + "<script>")


def a_second_manifest(home: Settings) -> None:
    (home.published / RELEASE / "site" / "manifest.json").write_text("{}")


def another_receipt(home: Settings) -> None:
    path = home.published / RELEASE / "receipt.json"
    path.chmod(0o600)
    path.write_text("{}")


def events_hashed_anew(home: Settings) -> None:
    change(
        home,
        "update warehouse.ledger.events set detail = replace(detail, 'came twice', 'went')",
    )
    rehashed(home)


def a_clock_set_back(home: Settings) -> None:
    change(
        home,
        'update warehouse.ledger.events set "at" = "at" - interval 1 year where seq = '
        "(select max(seq) from warehouse.ledger.events)",
    )
    rehashed(home)


# --- and more ---------------------------------------------------------------------------------


def a_finding_cleared_quietly(home: Settings) -> None:
    change(
        home,
        "update warehouse.ledger.findings set cleared_at = found_at "
        "where severity = 'block release'",
    )


def rows_of_nobody(home: Settings) -> None:
    change(
        home,
        "insert into warehouse.landed.finance_payments by name select * replace "
        "('nobody' as _return_id) from warehouse.landed.finance_payments limit 3",
    )


def a_row_more_of_another_time(home: Settings) -> None:
    change(
        home,
        "insert into warehouse.landed.finance_payments by name select * replace "
        "(_received_at + interval 1 day as _received_at) "
        "from warehouse.landed.finance_payments limit 1",
    )


def what_is_in_force_without_an_event(home: Settings) -> None:
    change(
        home,
        "insert into warehouse.ledger.standing select max(seq) + 1, any_value(return_id), false, "
        "max(\"at\"), 'nobody' from warehouse.ledger.standing",
    )


def a_file_in_the_archive(home: Settings) -> None:
    (home.archive / "ab").mkdir(exist_ok=True)
    (home.archive / "ab" / ("ab" * 32)).write_bytes(b"another original")


def an_event_taken_back(home: Settings) -> None:
    """The newest event goes, with its release left standing."""
    change(
        home,
        "delete from warehouse.ledger.events "
        "where seq = (select max(seq) from warehouse.ledger.events)",
    )


def a_link_out_of_a_release(home: Settings) -> None:
    (home.published / RELEASE / "site" / "more").symlink_to("/")


@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (a_forged_release, "a release has no event"),
        (a_page_among_what_is_published, "a file was added to what is published"),
        (another_index, "the index was changed"),
        (a_second_manifest, "a file was added to a release"),
        (another_receipt, "a receipt was changed"),
        (events_hashed_anew, "a release rests on another ledger"),
        (a_clock_set_back, "time runs backwards"),
        (a_finding_cleared_quietly, "a finding was cleared"),
        (rows_of_nobody, "rows have no event"),
        (a_row_more_of_another_time, "rows were changed"),
        (what_is_in_force_without_an_event, "rows have no event"),
        (a_file_in_the_archive, "a file was added to the archive"),
        (an_event_taken_back, "a release has no event"),
        (a_link_out_of_a_release, "a file was added to a release"),
    ],
)
def test_what_was_touched_is_named(
    home: Settings, tamper: Callable[[Settings], None], named: str
) -> None:
    tamper(home)
    assert named in whats(home), check(home)


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
            made = of_return(connection, "r", 1, "", at, [])
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
    assert (status, out.startswith("All is as the ledger says")) == (0, True)
    assert "Please note: The clock was set for " in err
    an_event_taken_back(home)
    status, out, _ = command("check", "--against", anchor, "--json")
    assert status == 1
    whats = [fault["what"] for fault in json.loads(out)["faults"]]
    assert whats[0] == "the chain ends before the anchor"
