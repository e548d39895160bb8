"""What went out of a file is the same bytes out of a lake, and out of the file it comes back to."""

import shutil
from pathlib import Path

import pytest

from flows.audit.verify import verify
from flows.common.settings import Settings, settings_for
from flows.warehouse.copies.backup import back_up, restore
from flows.warehouse.proof.integrity import check
from tests.support.filled_home import head
from tests.support.in_postgres import Cluster
from tests.warehouse.store.conftest import in_a_lake

OUT = [(f"quarterly/2022-23-Q1/{name}", "same bytes") for name in ("r1", "r2")]


def moved(here: Settings, to: Settings, by: Path) -> Settings:
    """Move a warehouse by its backup, and prove that it came whole."""
    back_up(here, by)
    shutil.copy(here.key_path, to.key_path)
    restore(to, by)
    assert head(to) == head(here)
    assert check(to) == []
    return to


def same_bytes(settings: Settings) -> None:
    assert [(one.release, one.outcome) for one in verify(settings)] == OUT


@pytest.mark.slow
def test_from_a_file_to_a_lake_and_back_every_release_is_the_same_bytes(
    home: Settings,
    server: Cluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_a_lake(server, tmp_path / "files", monkeypatch)
    lake = moved(home, settings_for(tmp_path / "lake"), tmp_path / "of-a-file.tar")
    assert lake.warehouse_at
    assert not lake.warehouse.exists()
    same_bytes(lake)
    again = settings_for(tmp_path / "again").model_copy(update={"warehouse_at": ""})
    moved(lake, again, tmp_path / "of-a-lake.tar")
    assert again.warehouse.exists()
    same_bytes(again)
