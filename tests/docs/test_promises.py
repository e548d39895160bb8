"""Every promise of SECURITY.md and docs/privacy.md names the test that holds it."""

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from tests.support.documents import ROOT

SECURITY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
PRIVACY = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@cache
def defined_in(path: str) -> frozenset[str]:
    """The tests that a file defines, none where there is no such file."""
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    defined = ast.parse(file.read_text(encoding="utf-8")).body
    return frozenset(one.name for one in defined if isinstance(one, ast.FunctionDef))


def missing(text: str) -> list[str]:
    return [f"{path}::{name}" for path, name in NAMED.findall(text) if name not in defined_in(path)]


def rows(text: str) -> Iterator[str]:
    """The rows of tables, without their headers."""
    for table in re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE):
        yield from table.splitlines()[2:]


@pytest.mark.parametrize("text", [SECURITY, PRIVACY], ids=["SECURITY.md", "docs/privacy.md"])
def test_each_test_that_is_named_is_there(text: str) -> None:
    assert NAMED.findall(text)
    assert missing(text) == []


def test_every_row_of_what_is_protected_and_who_may_see_names_a_test() -> None:
    # A row that says nothing of what stands against somebody promises nothing.
    promised = [row for row in rows(SECURITY) if row.split("|")[-3].strip()]
    assert len(promised) > 10
    assert [row for row in promised if not NAMED.search(row)] == []


def test_every_section_on_people_names_a_test() -> None:
    sections = PRIVACY.split("\n## ")
    assert len(sections) > 5
    assert [one.splitlines()[0] for one in sections if not NAMED.search(one)] == []


def test_a_test_that_is_not_there_is_missed() -> None:
    here = "tests/docs/test_promises.py"
    assert missing(f"`{here}::test_each_test_that_is_named_is_there`") == []
    assert missing(f"`{here}::test_gone` `tests/gone.py::test_a`") == [
        f"{here}::test_gone",
        "tests/gone.py::test_a",
    ]
