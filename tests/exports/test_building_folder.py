"""A release is there whole or not at all, whatever is killed and whoever else publishes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import exports.release.publish
from exports.release.publish import publish
from flows.common.files import PREFIX, PlaceTaken, building_folder, put_in_place
from tests.support.exports_made import Change, Facts

PROJECT = Path(__file__).parents[2]
BUILDS_AND_WAITS = """
import sys, time
from pathlib import Path
from exports.building import building_folder
with building_folder(Path(sys.argv[1])) as folder:
    (folder / "half").write_text("half")
    print("ready", flush=True)
    time.sleep(120)
"""


def builder(beside: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", BUILDS_AND_WAITS, str(beside)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_a_folder_whose_building_fails_is_gone(tmp_path: Path) -> None:
    def fail() -> None:
        with building_folder(tmp_path) as folder:
            (folder / "a").write_text("a")
            raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_finished_folder_is_in_its_place_and_read_only(tmp_path: Path) -> None:
    with building_folder(tmp_path) as folder:
        (folder / "inner").mkdir()
        (folder / "inner" / "a").write_text("a")
        put_in_place(folder, tmp_path / "r1")
    assert [path.name for path in tmp_path.iterdir()] == ["r1"]
    assert (tmp_path / "r1" / "inner" / "a").stat().st_mode & 0o777 == 0o444


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_stands_in_the_place_is_never_overwritten(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "r1"
    if kind == "folder":
        place.mkdir()
        (place / "a").write_text("first")
    else:
        place.write_text("first")
    with building_folder(tmp_path) as folder:
        (folder / "a").write_text("second")
        with pytest.raises(PlaceTaken):
            put_in_place(folder, place)
    assert (place / "a" if kind == "folder" else place).read_text() == "first"


def test_the_folder_of_a_killed_process_is_wiped_and_that_of_a_live_one_is_not(
    tmp_path: Path,
) -> None:
    dead, alive = builder(tmp_path), builder(tmp_path)
    try:
        dead.send_signal(signal.SIGKILL)
        dead.wait()
        left = {path.name.split("-")[1] for path in tmp_path.glob(f"{PREFIX}*")}
        assert left == {str(dead.pid), str(alive.pid)}
        with building_folder(tmp_path):
            now = {path.name.split("-")[1] for path in tmp_path.glob(f"{PREFIX}*")}
        assert now == {str(alive.pid), str(os.getpid())}
    finally:
        alive.kill()
        alive.wait()


@pytest.mark.slow
def test_a_publish_killed_at_any_moment_leaves_nothing_or_the_whole_release(
    analysts: Change, facts: Facts, tmp_path: Path
) -> None:
    path = analysts()
    whole = publish(facts(), analysts=path, published=tmp_path / "whole")
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.support.exports_made import make_facts\n"
        "from exports.release.publish import publish\n"
        "print('ready', flush=True)\n"
        "publish(make_facts(), analysts=Path(sys.argv[1]), published=Path(sys.argv[2]))\n"
    )
    for wait in (0.0, 0.05, 0.15, 0.3):
        published = tmp_path / f"killed-{wait}"
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(path), str(published)],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(wait)
        process.kill()
        process.wait()
        again = publish(facts(), analysts=path, published=published)
        assert again.files == whole.files
        assert [one.name for one in again.path.parent.iterdir()] == ["r1"]


def test_a_publish_that_comes_second_looks_again(
    analysts: Change, facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, published = analysts(), tmp_path / "p"
    real, called = exports.release.build_release, []

    def overtaken(*told: object) -> object:
        if not called:
            called.append(True)
            publish(facts(), analysts=path, published=published)
        return real(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(exports.release, "build_release", overtaken)
    release = publish(facts(), analysts=path, published=published)
    assert (release.revision, release.changed) == (1, False)
    assert [one.name for one in release.path.parent.iterdir()] == ["r1"]
