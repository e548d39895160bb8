"""A backup holds what cannot be made anew, without the key; a restored home is the same home."""

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.common.files import PREFIX
from flows.common.settings import Settings, settings_for
from flows.intake.rules import Rules
from flows.intake.submission import Submission
from flows.intake.take_in import take_in
from flows.warehouse.connection import SCHEMA_VERSION, WarehouseBusy, lock, reading
from flows.warehouse.copies.backup import MANIFEST, BackupFault, back_up, restore
from flows.warehouse.proof.integrity import check

HEADER = "Date paid,Supplier name,Net amount\n"
KEY = "a key that no backup may ever hold"


@pytest.fixture(scope="module")
def first_home(tmp_path_factory: pytest.TempPathFactory, rules: Rules) -> Path:
    """A home with a return of which one row is quarantined, a rejected one, and a release."""
    folder = tmp_path_factory.mktemp("first")
    settings = settings_for(folder / "home")
    settings.key_path.write_text(KEY)
    settings.key_path.chmod(0o600)
    files = {
        "lcrca_2022-04.csv": HEADER + "01/04/2022,Acme,10.00\n02/04/2022,Beta,TBC\n",
        "lcrca_2022-05.csv": "no header at all\n1\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text)
        take_in(Submission(folder / name, "finance_payments"), rules, settings)
    release = settings.published / "quarterly" / "2022-23-Q1" / "r1"
    release.mkdir(parents=True)
    (release / "manifest.json").write_text('{"outputs": {}}')
    return settings.home


@pytest.fixture
def home(settings: Settings, first_home: Path) -> Settings:
    """A copy of the first home, with its key beside it."""
    shutil.copytree(first_home, settings.home)
    shutil.copy2(first_home.with_name("home.key"), settings.key_path)
    return settings


def elsewhere(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(update={"home": tmp_path / "new", "key_file": settings.key_path})


def everything(settings: Settings) -> dict[str, object]:
    """Every row of the warehouse, and the bytes and mode of each file that is kept."""
    found: dict[str, object] = {}
    with reading(settings) as connection:
        for (name,) in connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() "
            "where database_name = 'warehouse' order by 1"
        ).fetchall():
            rows = connection.execute(f"select * from warehouse.{name} order by all").fetchall()
            found[str(name)] = rows
    for folder in (settings.archive, settings.quarantine, settings.audit, settings.published):
        for path in [folder, *sorted(folder.rglob("*"))]:
            bytes_of = path.read_bytes() if path.is_file() else b""
            place = str(path.relative_to(settings.home))
            found[place] = (bytes_of, oct(path.stat().st_mode & 0o777))
    return found


def forge(source: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A backup with the same entries but for a change."""
    with tarfile.open(source) as tar:
        content = {entry.name: tar.extractfile(entry).read() for entry in tar}  # type: ignore[union-attr]
    change(content)
    with tarfile.open(target, "w") as tar:
        for name, text in content.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text))
    return target


def test_a_restored_home_is_the_same_home(home: Settings, tmp_path: Path) -> None:
    before = everything(home)
    assert len(before["ledger.returns"]) == 2  # type: ignore[arg-type]
    made = back_up(home, tmp_path / "kept.tar")
    new = elsewhere(home, tmp_path)
    back = restore(new, made.path)
    assert everything(new) == before
    assert (back.ledger_head, back.files) == (made.ledger_head, made.files)
    assert check(new) == check(home)
    assert oct(made.path.stat().st_mode & 0o777) == "0o600"


def test_the_key_and_the_inbox_are_not_in_it(home: Settings, tmp_path: Path) -> None:
    waiting = home.inbox / "hr_workforce" / "lcrca_2022-23-q1.csv"
    waiting.parent.mkdir(parents=True)
    waiting.write_text("Name\nSomebody Who Is Named\n")
    made = back_up(home, tmp_path / "kept.tar")
    held = made.path.read_bytes()
    assert KEY.encode() not in held
    assert b"Somebody Who Is Named" not in held
    assert made.left_in_inbox == 1
    with tarfile.open(made.path) as tar:
        manifest = json.load(tar.extractfile(MANIFEST))  # type: ignore[arg-type]
    assert manifest["the_key"] == "not in this backup"


def test_a_home_that_is_not_empty_is_left_alone(home: Settings, tmp_path: Path) -> None:
    made = back_up(home, tmp_path / "kept.tar")
    before = everything(home)
    with pytest.raises(BackupFault, match="is not empty"):
        restore(home, made.path)
    assert everything(home) == before


def changed(content: dict[str, bytes]) -> None:
    (name,) = (name for name in content if name.endswith(".duckdb"))
    content[name] = content[name][:-1] + bytes([content[name][-1] ^ 1])


def shortened(content: dict[str, bytes]) -> None:
    content.pop(next(name for name in content if name.startswith("archive/")))


def added(content: dict[str, bytes]) -> None:
    content["../outside"] = b"would lie beside the home"


def without_manifest(content: dict[str, bytes]) -> None:
    content.pop(MANIFEST)


def from_the_future(content: dict[str, bytes]) -> None:
    manifest = json.loads(content[MANIFEST])
    content[MANIFEST] = json.dumps({**manifest, "schema_version": 999}).encode()


def named(content: dict[str, bytes], name: str, text: bytes) -> None:
    manifest = json.loads(content[MANIFEST])
    manifest["files"][name] = hashlib.sha256(text).hexdigest()
    content[name], content[MANIFEST] = text, json.dumps(manifest).encode()


def folder_and_file(content: dict[str, bytes]) -> None:
    named(content, "audit", b"a file where a folder should be")
    named(content, "audit/report.html", b"and one below it")


def a_password_for_prefect(content: dict[str, bytes]) -> None:
    named(content, "prefect/password", b"social-value:known to others")


def a_table_of_figures(content: dict[str, bytes]) -> None:
    named(content, "warehouse/analysts.duckdb", b"figures of somebody's own")


def a_list_for_a_manifest(content: dict[str, bytes]) -> None:
    content[MANIFEST] = b"[]"


def a_manifest_that_says_nothing(content: dict[str, bytes]) -> None:
    content[MANIFEST] = b'{"format": 1, "files": [], "schema_version": "x"}'


def a_name_with_a_nul(content: dict[str, bytes]) -> None:
    named(content, "audit/a\0b", b"a name that no disk takes")


def nameless(content: dict[str, bytes]) -> None:
    named(content, "", b"a file that is called nothing")


@pytest.mark.parametrize(
    ("damage", "because"),
    [
        (changed, r"warehouse.duckdb is not what it was"),
        (shortened, r"lacks archive/"),
        (added, r"'../outside', which its manifest does not name"),
        (without_manifest, r"no manifest"),
        (from_the_future, r"later version"),
        (folder_and_file, r"'audit', which no backup has"),
        (nameless, r"'', which no backup has"),
        (a_password_for_prefect, r"'prefect/password', which no backup has"),
        (a_table_of_figures, r"'warehouse/analysts.duckdb', which no backup has"),
        (a_list_for_a_manifest, r"no manifest"),
        (a_manifest_that_says_nothing, r"no manifest"),
        (a_name_with_a_nul, r"is damaged, or is no backup|does not name"),
    ],
)
def test_a_backup_that_is_not_as_its_manifest_says_leaves_no_home(
    damage: Callable[[dict[str, bytes]], None], because: str, home: Settings, tmp_path: Path
) -> None:
    made = back_up(home, tmp_path / "kept.tar")
    forged = forge(made.path, tmp_path / "forged.tar", damage)
    new = elsewhere(home, tmp_path)
    with pytest.raises(BackupFault, match=because):
        restore(new, forged)
    assert not new.home.exists()
    assert not (tmp_path / "outside").exists()
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_sparse_file_and_a_time_beyond_any_clock_are_refused(
    home: Settings, tmp_path: Path
) -> None:
    """A sparse entry of a few bytes says that it unpacks to a terabyte."""
    text = b"0"
    sparse = {"GNU.sparse.major": "0", "GNU.sparse.minor": "1", "GNU.sparse.map": "0,1"}
    sparse |= {"GNU.sparse.size": str(1 << 40), "GNU.sparse.numblocks": "1"}
    for headers, mtime in ((sparse, 0.0), ({}, 1e30)):
        forged = tmp_path / f"{mtime}.tar"
        named(content := {MANIFEST: b'{"files": {}}'}, "audit/a", text)
        manifest = {**json.loads(content[MANIFEST]), "format": 1, "schema_version": SCHEMA_VERSION}
        manifest |= {"made_at": "", "ledger_head": "", "key_fingerprint": ""}
        with tarfile.open(forged, "w", format=tarfile.PAX_FORMAT) as tar:
            for name, inside in (("audit/a", text), (MANIFEST, json.dumps(manifest).encode())):
                entry = tarfile.TarInfo(name)
                entry.size = len(inside)
                if name != MANIFEST:
                    entry.pax_headers, entry.mtime = headers, mtime
                tar.addfile(entry, io.BytesIO(inside))
        new = elsewhere(home, tmp_path)
        with pytest.raises(BackupFault, match=r"which no backup has|is damaged"):
            restore(new, forged)
        assert not new.home.exists()


def test_what_a_killed_backup_or_restore_left_goes_with_the_next(
    home: Settings, tmp_path: Path
) -> None:
    (tmp_path / ".kept.tar.999999999-1.partial").write_bytes(b"half a backup")
    half = tmp_path / f"{PREFIX}999999999-abcdef12"
    half.mkdir()
    (half / "half a home").touch()
    restore(elsewhere(home, tmp_path), back_up(home, tmp_path / "kept.tar").path)
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_backup_cut_short_is_seen(home: Settings, tmp_path: Path) -> None:
    made = back_up(home, tmp_path / "kept.tar")
    os.truncate(made.path, made.size_bytes // 2)
    with pytest.raises(BackupFault, match=r"damaged|cut short"):
        restore(elsewhere(home, tmp_path), made.path)


def test_nothing_is_overwritten_and_no_backup_lies_in_its_own_home(
    home: Settings, tmp_path: Path
) -> None:
    taken = tmp_path / "taken.tar"
    taken.write_text("mine")
    for target in (taken, home.home / "kept.tar", tmp_path / "nowhere" / "kept.tar"):
        with pytest.raises(BackupFault):
            back_up(home, target)
    assert taken.read_text() == "mine"


def test_a_backup_waits_for_a_writer_and_a_writer_for_a_backup(
    home: Settings, tmp_path: Path
) -> None:
    hasty = home.model_copy(update={"wait_seconds": 0})
    with lock(home, exclusive=True), pytest.raises(WarehouseBusy):
        back_up(hasty, tmp_path / "kept.tar")
    assert list(tmp_path.glob("*kept*")) == []
