"""A home of each earlier version becomes one of this, publishes, and makes its releases again."""

import lzma
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from exports.site.shelf import INDEX
from flows.audit.verify import verify
from flows.authority.binding import FILE as BINDING
from flows.authority.binding import NoAuthority, NotMigrated, read_binding
from flows.authority.declaration import FILE as AUTHORITY_FILE
from flows.authority.places import places_in_use
from flows.commands.cli import main
from flows.common.periods import read_period
from flows.common.settings import PROJECT, Settings, settings_for
from flows.modelling.build import build
from flows.operations.setup.doctor import MIGRATE, examine
from flows.publishing.release import release
from flows.warehouse.connection import (
    SCHEMA_VERSION,
    WarehouseTooOld,
    open_scratch,
    reading,
    version_of,
    writing,
)
from flows.warehouse.copies.backup import BackupFault, restore
from flows.warehouse.ledger import read_events
from flows.warehouse.migrations import run
from flows.warehouse.migrations.run import NothingProven, migrate, steps_ahead
from flows.warehouse.proof.integrity import check
from tests.upgrading.make_home import AUTHORITY

HOMES = Path(__file__).parent / "homes"
KEPT = sorted(path.name.partition(".")[0] for path in HOMES.glob("*.tar.xz"))
R1 = "quarterly/2022-23-Q1/r1"
KILLED = """
import os, signal, sys
from pathlib import Path
from flows.common.settings import settings_for
from flows.warehouse.migrations import run

def killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)

settings = settings_for(Path(sys.argv[1]))
if sys.argv[2] == "in":
    proven, run._prove = run._prove, lambda connection: (
        run.version_of(connection) == 4 and killed(), proven(connection)
    )  # the step has moved the number, and is not committed
else:
    taken, run._take = run._take, lambda *words: (taken(*words), killed())
run.migrate(settings, Path(sys.argv[3]))
"""


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch) -> None:
    """Definitions as an installation has them: what ships, with the folder that is named."""
    monkeypatch.delenv("SOCIAL_VALUE_DEFINITIONS")
    monkeypatch.setenv("SOCIAL_VALUE_AUTHORITY", str(AUTHORITY))
    monkeypatch.setenv("SOCIAL_VALUE_NOW", "2022-08-20T09:00:00")


def put_back(name: str, tmp_path: Path) -> Settings:
    """A kept home, restored as it was."""
    backup = tmp_path / f"{name}.tar"
    backup.write_bytes(lzma.decompress((HOMES / f"{name}.tar.xz").read_bytes()))
    settings = settings_for(tmp_path / "home")
    restore(settings, backup)
    shutil.copy(HOMES / f"{name}-key.txt", settings.key_path)
    settings.key_path.chmod(0o600)
    return settings


def schema_of(settings: Settings) -> int:
    with reading(settings, 1) as connection:
        return version_of(connection)


def test_there_is_a_home_of_each_schema_that_leads_here() -> None:
    wanted = [step.to - 1 for step in run.STEPS] + [SCHEMA_VERSION]
    assert [f"schema-{schema}" for schema in wanted] == KEPT


@pytest.mark.parametrize("name", KEPT)
@pytest.mark.usefixtures("authority")
def test_a_kept_home_is_migrated_and_all_of_it_is_as_its_ledger_says(
    name: str, tmp_path: Path
) -> None:
    settings = put_back(name, tmp_path)
    with reading(settings, 1) as connection:
        before = [event.hash for event in read_events(connection)]
    steps = steps_ahead(settings)
    done = migrate(settings)
    assert list(done.steps) == steps
    assert schema_of(settings) == SCHEMA_VERSION
    assert check(settings) == []
    with reading(settings) as connection:
        after = read_events(connection)
    assert [event.hash for event in after][: len(before)] == before
    moved = [(event.kind, event.detail["to"]) for event in after[len(before) :]]
    assert moved == [("migrated", step.to) for step in steps]
    assert migrate(settings).steps == []  # a second time there is nothing to do


def test_the_page_shows_what_migrate_says(
    authority: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = put_back("schema-4", tmp_path)
    monkeypatch.setenv("SOCIAL_VALUE_NOW", "2026-11-30T09:20:00")
    with pytest.raises(SystemExit):
        main(["migrate", "--home", str(settings.home)])
    said = capsys.readouterr().out.replace(str(settings.home), "data")
    assert f"```\n{said}```\n" in (PROJECT / "docs" / "upgrading.md").read_text("utf-8")


@pytest.mark.parametrize("at", ["in", "after"])
@pytest.mark.usefixtures("authority")
def test_a_kill_leaves_a_home_of_one_schema_or_the_next(at: str, tmp_path: Path) -> None:
    settings = put_back("schema-3", tmp_path)
    words = [str(settings.home), at, str(tmp_path / "kept.tar")]
    done = subprocess.run([sys.executable, "-c", KILLED, *words], check=False, env=os.environ)
    assert done.returncode == -signal.SIGKILL
    assert schema_of(settings) == {"in": 3, "after": 4}[at]
    migrate(settings)
    assert check(settings) == []


@pytest.mark.usefixtures("authority")
def test_rows_that_the_ledger_does_not_vouch_for_are_not_migrated(tmp_path: Path) -> None:
    settings = put_back("schema-3", tmp_path)
    with open_scratch(settings) as connection, writing(settings, connection, 3):
        connection.execute("update warehouse.landed.finance_payments set amount = 1")
    with pytest.raises(NothingProven, match=r"rows were changed, landed\.finance_payments"):
        migrate(settings)
    assert schema_of(settings) == 3


def test_a_row_changed_after_a_migration_is_found_by_the_digest_it_came_with(
    authority: None, tmp_path: Path
) -> None:
    settings = put_back("schema-3", tmp_path)
    migrate(settings)
    with open_scratch(settings) as connection, writing(settings, connection):
        connection.execute("update warehouse.landed.finance_vendors set postcode = 'X'")
    assert {fault.where.partition(",")[0] for fault in check(settings)} == {
        "landed.finance_vendors"
    }


def test_an_old_home_is_led_on_by_one_sentence(
    authority: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = put_back("schema-4", tmp_path)
    for _ in range(2):  # nor does looking at it bind it
        with pytest.raises(WarehouseTooOld, match="run social-value migrate"), reading(settings):
            pass
        with pytest.raises(NotMigrated, match="run social-value migrate"):
            places_in_use(settings)
    wrong = {row["what"]: row["mend"] for row in examine(settings) if row["state"] == "wrong"}
    assert (wrong["declarations"], wrong["warehouse"]) == (MIGRATE, MIGRATE)
    monkeypatch.delenv("SOCIAL_VALUE_AUTHORITY")
    with pytest.raises(NoAuthority, match="SOCIAL_VALUE_AUTHORITY names"):
        migrate(settings_for(settings.home))
    assert schema_of(settings) == 4
    assert not (settings.home / BINDING).exists()
    assert list(tmp_path.glob("*.tar")) == [tmp_path / "schema-4.tar"]


def test_a_schema_that_nothing_leads_from_is_said(settings: Settings, tmp_path: Path) -> None:
    with open_scratch(settings) as connection, writing(settings, connection):
        connection.execute("update warehouse.ledger.schema_version set version = 1")
    with pytest.raises(WarehouseTooOld, match=r"schema version 1, from which nothing leads here"):
        migrate(settings)


@pytest.mark.usefixtures("authority")
def test_the_backup_of_a_migration_is_the_home_of_before(tmp_path: Path) -> None:
    settings = put_back("schema-4", tmp_path)
    backup = migrate(settings).backup
    assert backup is not None
    again = settings_for(tmp_path / "again")
    shutil.copy(settings.key_path, again.key_path)
    assert restore(again, backup).schema_version == 4
    assert (settings.home / BINDING).is_file()
    assert not (again.home / BINDING).exists()
    with pytest.raises(BackupFault, match="is there already"):
        migrate(again, backup)


@pytest.mark.usefixtures("authority")
def test_a_home_from_before_authorities_had_folders_publishes_and_verifies(
    tmp_path: Path, postcodes: Path
) -> None:
    settings = put_back("schema-4", tmp_path)
    os.link(postcodes, settings.reference)
    migrate(settings)
    bound = read_binding(settings.home)
    assert bound is not None
    assert (bound.folder / AUTHORITY_FILE).is_file()
    built = build(settings)
    done = release(settings, "quarterly", read_period("2022-23 Q1"), built.as_of)
    assert done.changed
    assert (done.path / "changes.csv").is_file()
    figures = [(one.release, one.outcome, one.faults) for one in verify(settings, R1)]
    assert figures == [(R1, "same figures", [])]
    assert check(settings) == []
    assert done.name in (settings.published / INDEX).read_text("utf-8")
