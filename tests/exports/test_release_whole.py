"""A release is there whole or not at all, whatever is killed and whoever else publishes."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

import exports.release.publish
from tests.support.definitions import publish
from tests.support.exports_made import Change, Facts

PROJECT = Path(__file__).parents[2]


@pytest.mark.slow
def test_a_publish_killed_at_any_moment_leaves_nothing_or_the_whole_release(
    analysts: Change, facts: Facts, tmp_path: Path
) -> None:
    path = analysts()
    whole = publish(facts(), analysts=path, published=tmp_path / "whole")
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.support.exports_made import make_facts\n"
        "from tests.support.definitions import publish\n"
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
    real, called = exports.release.publish.build_release, []

    def overtaken(*told: object) -> object:
        if not called:
            called.append(True)
            publish(facts(), analysts=path, published=published)
        return real(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(exports.release.publish, "build_release", overtaken)
    release = publish(facts(), analysts=path, published=published)
    assert (release.revision, release.changed) == (1, False)
    assert [one.name for one in release.path.parent.iterdir()] == ["r1"]
