"""Whose a temporary file is: what cannot be seen from here is left alone."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flows.common.files import put_in_place, remove_dead_scratch, scratch_folder
from flows.common.processes import is_dead, own_mark
from flows.common.settings import PROJECT, Settings

NOBODYS = "999999999"  # a number no process has


def mark(number: str, **other: str) -> str:
    """This process's mark with another process's number, and of another place."""
    host, boot, namespace, _ = own_mark().split(".")
    place = {"host": host, "boot": boot, "namespace": namespace} | other
    return ".".join([*place.values(), number])


@pytest.mark.parametrize(
    ("of", "dead"),
    [
        (own_mark(), False),
        (mark(NOBODYS), True),
        (mark(NOBODYS, host="another"), False),
        (mark(NOBODYS, namespace="1"), False),
        (mark(str(os.getpid()), boot="00000000"), True),  # of before the machine was started again
        (mark(NOBODYS, host="another", boot="00000000"), False),
        (NOBODYS, True),  # of an earlier version
        (str(os.getpid()), False),
        ("models-1a2b", False),
        ("", False),
    ],
    ids=[
        *("our own", "nobody's", "another host's", "another namespace's"),
        *("of another boot", "of another host's boot"),
        *("a bare number of nobody", "a bare number of our own", "no process", "empty"),
    ],
)
def test_who_is_dead(of: str, dead: bool) -> None:
    assert is_dead(of) is dead


def test_what_belongs_to_another_machine_is_left_alone(settings: Settings) -> None:
    own = scratch_folder(settings)
    others = [own.with_name(mark(NOBODYS, host="other")), own.with_name(mark(NOBODYS))]
    for folder in others:
        folder.mkdir()
    assert remove_dead_scratch(settings) == [others[1]]
    assert others[0].is_dir()
    assert own.is_dir()


TIDIES = """
import sys
from pathlib import Path
from flows.common.settings import settings_for
from flows.common.files import remove_partials, scratch_folder, remove_dead_scratch
settings = settings_for(Path(sys.argv[1]))
own = scratch_folder(settings)
removed = [*remove_dead_scratch(settings), *remove_partials(settings.home)]
print(own.name, len(removed))
"""
APART = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc"]


def can_unshare() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*APART, "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not can_unshare(), reason="no PID namespaces can be made here")
def test_another_pid_namespace_removes_nothing_of_a_living_process(settings: Settings) -> None:
    """A home that containers of one machine share: numbers of the one say nothing in the other."""
    own = scratch_folder(settings)
    half = settings.home / f".half.csv.{own_mark()}-1.partial"
    half.touch()
    words = [*APART, sys.executable, "-c", TIDIES, str(settings.home)]
    said = subprocess.run(words, cwd=PROJECT, check=True, capture_output=True, text=True).stdout
    other, removed = said.split()
    assert own.is_dir()
    assert half.exists()
    assert removed == "0"
    assert other.split(".")[2] != own.name.split(".")[2]


def test_what_is_a_nodes_own_lies_where_it_is_said(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOCIAL_VALUE_SCRATCH", str(tmp_path / "node"))
    there = Settings(home=settings.home)
    assert {there.scratch.parent, there.dbt_folder.parent, there.reference.parent} == {
        tmp_path / "node"
    }
    assert there.warehouse == settings.warehouse
    assert scratch_folder(there).stat().st_mode & 0o777 == 0o700
    own = {settings.scratch.parent, settings.dbt_folder.parent, settings.reference.parent}
    assert own == {settings.warehouse.parent}


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="there is no second disk")
def test_a_file_of_another_disk_takes_its_place_whole(tmp_path: Path) -> None:
    source = Path("/dev/shm") / f"of-a-test-{os.getpid()}"
    source.write_text("new")
    source.chmod(0o440)
    target = tmp_path / "there"
    target.write_text("old")
    put_in_place(source, target)
    assert target.read_text() == "new"
    assert target.stat().st_mode & 0o777 == 0o440
    assert not source.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
