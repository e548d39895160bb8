"""docs/architecture.md says what there is: the tree and the floors."""

import re
import tomllib
from pathlib import Path

from tests.support.documents import ROOT, files_of_the_tree

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def folders_named() -> list[str]:
    """The folders of the tree as the page draws it, by their indentation."""
    (drawn,) = re.findall(r"^```\n(flows/.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)
    above: list[str] = []
    named = []
    for line in drawn.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        above = [*above[:depth], line.split()[0].rstrip("/")]
        named.append("/".join(above))
    return named


def test_the_tree_that_is_drawn_is_the_tree() -> None:
    there = {str(path.parent) for path in files_of_the_tree()}
    there |= {str(folder) for path in there for folder in Path(path).parents} - {"."}
    assert sorted(folders_named()) == sorted(there)


def test_every_folder_says_what_it_is_for_or_has_the_name_of_what_it_tests() -> None:
    silent = [line.strip(" /") for line in re.findall(r"^ *[a-z_]+/ *$", PAGE, flags=re.MULTILINE)]
    tested = {path.parts[-1] for path in map(Path, folders_named()) if path.parts[0] != "tests"}
    assert silent
    assert sorted(set(silent) - tested) == []


def test_the_floors_are_those_that_import_linter_holds() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    held = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    table = re.findall(r"^\| (\d) \| (.*) \|$", PAGE, flags=re.MULTILINE)
    assert [floor for floor, _ in table] == [str(n) for n in range(len(held), 0, -1)]
    named = [" | ".join(re.findall(r"`([^`]+)`", folders)) for _, folders in table]
    assert named == held


def test_a_newcomer_finds_an_answer_to_twenty_questions() -> None:
    section = PAGE.split("## Where do I look for")[1].split("\n## ")[0]
    answers = [row for row in section.splitlines() if row.startswith("| ")][1:]
    assert len(answers) >= 20
    assert [row for row in answers if not re.search(r"`[\w./-]+`", row.split("|")[2])] == []
