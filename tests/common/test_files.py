"""Files and folders are there whole or not at all, whatever is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flows.common.files import (
    PREFIX,
    PlaceTaken,
    building_folder,
    folder_written_whole,
    remove_partials,
    scratch_folder,
    slug,
    written_whole,
)
from flows.common.settings import Settings

PROJECT = Path(__file__).parents[2]
BUILDS_AND_WAITS = """
import sys, time
from pathlib import Path
from flows.common.files import building_folder
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
    with folder_written_whole(tmp_path / "r1") as folder:
        (folder / "inner").mkdir()
        (folder / "inner" / "a").write_text("a")
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
    with pytest.raises(PlaceTaken), folder_written_whole(place) as folder:
        (folder / "a").write_text("second")
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


def test_a_file_takes_its_place_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("before")
    with written_whole(path) as partial:
        assert partial.stat().st_mode & 0o777 == 0o600
        partial.write_text("after")
        assert path.read_text() == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("after", 0o600)


def test_a_file_whose_writing_fails_is_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"

    def fail() -> None:
        with written_whole(path) as partial:
            partial.write_text("half")
            raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_may_not_be_overwritten_is_not(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("first")
    with pytest.raises(FileExistsError), written_whole(path, overwrite=False) as partial:
        partial.write_text("second")
    assert path.read_text() == "first"
    assert [one.name for one in tmp_path.iterdir()] == ["key"]


WRITES_AND_WAITS = """
import sys, time
from pathlib import Path
from flows.common.files import written_whole
with written_whole(Path(sys.argv[1])) as partial:
    partial.write_text("half")
    print("ready", flush=True)
    time.sleep(120)
"""


def test_the_partial_file_of_a_killed_process_is_removed_and_no_other(tmp_path: Path) -> None:
    words = [sys.executable, "-c", WRITES_AND_WAITS, str(tmp_path / "deep" / "a.csv")]
    (tmp_path / "deep").mkdir()
    senders = tmp_path / ".upload.999999999.partial"  # another program's way to name one
    senders.touch()
    with subprocess.Popen(words, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        assert remove_partials(tmp_path) == []
        process.kill()
        process.wait()
    (left,) = (tmp_path / "deep").iterdir()
    assert remove_partials(tmp_path) == [left]
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [senders.name]


def test_a_scratch_folder_goes_with_its_process(settings: Settings) -> None:
    code = "from pathlib import Path; import sys; from flows.common.settings import settings_for; "
    code += "from flows.common.files import scratch_folder; "
    code += "(scratch_folder(settings_for(Path(sys.argv[1]))) / 'a').touch()"
    subprocess.run([sys.executable, "-c", code, str(settings.home)], cwd=PROJECT, check=True)
    assert list(settings.scratch.iterdir()) == []
    assert scratch_folder(settings).stat().st_mode & 0o777 == 0o700


def test_what_a_killed_process_left_in_scratch_goes_with_the_next_that_makes_a_folder(
    settings: Settings,
) -> None:
    code = "from pathlib import Path; import os, sys; "
    code += "from flows.common.settings import settings_for; "
    code += "from flows.common.files import scratch_folder; "
    code += "(scratch_folder(settings_for(Path(sys.argv[1]))) / 'spilled').touch(); "
    code += "os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", code, str(settings.home)], cwd=PROJECT, check=False)
    left = list(settings.scratch.iterdir())
    assert len(left) == 1
    own = scratch_folder(settings)
    assert list(settings.scratch.iterdir()) == [own]
    assert own not in left


@pytest.mark.parametrize(
    ("name", "path"),
    [("Leeds City Council", "leeds-city-council"), (" A&B (North) ", "a-b-north"), ("---", "")],
)
def test_a_name_stands_in_a_path(name: str, path: str) -> None:
    assert slug(name) == path
