"""What README and docs show as output is what the command prints.

A block with a prompt (`$ `) says in a comment above it where it was run: `beside tests/docs/files`,
in a folder with those files and an empty home, or `on data/demo`, the home of the whole demo. The
latter are run where SOCIAL_VALUE_DEMO_HOME names such a home (`make shown`).
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flows.common.settings import Settings
from flows.demo.made.deliveries import deliveries
from tests.support.documents import ROOT, documents
from tests.support.shown import Shown, is_what_came, shown_in
from tests.support.social_value import BIN, QUIET, Command, clean_environment

FILES, DEMO = "beside tests/docs/files", "on data/demo"
SHOWN = [
    one
    for page in documents()
    for one in shown_in(str(page.relative_to(ROOT)), page.read_text(encoding="utf-8"))
]
HOME = os.environ.get("SOCIAL_VALUE_DEMO_HOME")
ON_THE_DEMO = pytest.mark.skipif(HOME is None, reason="SOCIAL_VALUE_DEMO_HOME names no home")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_with_its_output_says_where_it_was_run() -> None:
    assert [str(one) for one in SHOWN if one.where not in (FILES, DEMO)] == []
    assert {one.where for one in SHOWN} == {FILES, DEMO}


@pytest.mark.parametrize("shown", [one for one in SHOWN if one.where == FILES], ids=str)
def test_what_is_shown_of_a_small_file_is_what_comes(shown: Shown, command: Command) -> None:
    shutil.copytree(ROOT / "tests" / "docs" / "files", command.folder, dirs_exist_ok=True)
    came = command(*shown.words[1:])
    assert is_what_came(shown.lines, came.out), came.out + came.err


@ON_THE_DEMO
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("shown", [one for one in SHOWN if one.where == DEMO], ids=str)
def test_what_is_shown_of_the_demo_is_what_comes(shown: Shown) -> None:
    home = str(Path(HOME or "").resolve())
    program = [sys.executable] if shown.words[0] == "python" else [BIN / shown.words[0]]
    done = subprocess.run(
        [*program, *(home if word == "data/demo" else word for word in shown.words[1:])],
        env={**clean_environment(), **QUIET, "SOCIAL_VALUE_HOME": home},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert is_what_came(shown.lines, done.stdout), done.stdout + done.stderr


def test_the_demo_lets_as_many_files_come_as_the_readme_says() -> None:
    (said,) = re.findall(r"^(\d+) files came; ", README, flags=re.M)
    assert int(said) == len(deliveries())


@ON_THE_DEMO
def test_the_releases_that_the_readme_lists_are_those_of_the_demo() -> None:
    listed = re.findall(r"^  ((?:quarterly|annual)/\S+)$", README, flags=re.M)
    there = Path(HOME or "").glob("published/*/*/r*/manifest.json")
    assert sorted(listed) == sorted("/".join(path.parts[-4:-1]) for path in there)


def test_what_serve_announces_is_what_the_page_shows(settings: Settings) -> None:
    from flows.operations.server.serve import _announced, deployments

    announced = _announced(deployments(settings)).splitlines()
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    assert "\n".join(announced[:-1]) in page
    assert announced[-1].split(". ")[0] in page


def test_what_differs_from_the_output_is_seen() -> None:
    came = "one\ntwo  \nthree\nfour\n"
    right = [["one", "two", "three", "four"], ["one", "...", "four"], ["...", "three", "four"]]
    right += [["one", "two", "..."], ["...", "two", "..."]]
    wrong = [["one", "two"], ["two", "three", "four"], ["one", "...", "five"], ["...", "three"]]
    wrong += [["one", "three", "..."], ["three", "...", "two"], ["...", "four", "...", "three"]]
    assert [lines for lines in right if not is_what_came(lines, came)] == []
    assert [lines for lines in wrong if is_what_came(lines, came)] == []
