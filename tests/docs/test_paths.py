"""Every path, link and module that the docs name is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.documents import (
    MADE,
    ROOT,
    TOPS,
    documents,
    files_of_the_tree,
    links_in,
    named_in,
)

PATH = re.compile(rf"(?:{'|'.join(TOPS)})/[\w./*<>-]*|(?:prefect\.yaml|pyproject\.toml|Makefile)")
MODULE = re.compile(r"(?:flows|expectations|exports|tests)(?:\.\w+)+")
MODEL = re.compile(r"\b(?:stg|int|dim|fct|rpt|ppl|pub)_[a-z0-9_]*[a-z0-9]\b(?![*_])")
# In comments a path is known by how it ends: a slash may be a word for *or*.
IN_A_COMMENT = re.compile(
    rf"(?<![\w./-])(?:{'|'.join(TOPS)})/[\w./-]+\.(?:py|md|ya?ml|sql|csv|json|html|css)\b"
)


def is_there(path: str) -> bool:
    """Whether a path is there; `*` and `<name>` stand for any part of a name.

    What running leaves in the tree is there once something has run.
    """
    if MADE & set(path.split("/")):
        return True
    pattern = re.sub(r"<\w+>", "*", path).rstrip("/")
    return any(ROOT.glob(pattern)) if "*" in pattern else (ROOT / pattern).exists()


def is_importable(name: str) -> bool:
    """Whether a dotted name begins with a module, and names no more in it than two things."""
    parts = name.split(".")
    return any(
        (ROOT / "/".join(parts[:n])).with_suffix(".py").is_file()
        or (n == len(parts) and (ROOT / "/".join(parts) / "__init__.py").is_file())
        for n in range(2, len(parts) + 1)
    )


def missing(text: str, page: Path) -> Iterator[str]:
    for word in named_in(text):
        bare = word.strip(".,;()").split("::")[0].split(":")[0]
        if PATH.fullmatch(bare) and not is_there(bare):
            yield bare
        if MODULE.fullmatch(bare) and not is_there(bare) and not is_importable(bare):
            yield bare
    for link in links_in(text):
        if not (page.parent / link).exists():
            yield link


@pytest.mark.parametrize("page", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_page_names_is_there(page: Path) -> None:
    assert sorted(set(missing(page.read_text(encoding="utf-8"), page))) == []


def test_what_code_and_comments_name_is_there() -> None:
    """Docstrings and comments of Python, SQL and YAML, with the paths that tests and tools open."""
    kinds = {".py", ".sql", ".yaml", ".yml", ".toml"}
    files = [
        path for path in files_of_the_tree() if path.suffix in kinds and path.parts[1] != "docs"
    ]
    files += [Path(name) for name in ("prefect.yaml", "pyproject.toml", "Makefile")]
    wrong = {
        f"{file}: {path}"
        for file in files
        for path in IN_A_COMMENT.findall((ROOT / file).read_text(encoding="utf-8"))
        if not is_there(path)
    }
    assert sorted(wrong) == []


@pytest.mark.parametrize("page", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_models_that_a_page_names_are_there(page: Path) -> None:
    models = {path.stem for path in files_of_the_tree() if path.suffix == ".sql"}
    models |= {path.stem for path in files_of_the_tree() if path.suffix in (".csv", ".yml")}
    named = set(MODEL.findall(page.read_text(encoding="utf-8")))
    assert sorted(named - models) == []


def test_a_path_and_a_module_that_are_not_there_are_seen() -> None:
    text = "See `flows/nowhere.py`, `flows.gone.Class`, `tests/*/nothing_*.py`, [this](gone.md)."
    assert sorted(missing(text, ROOT / "docs" / "page.md")) == [
        "flows.gone.Class",
        "flows/nowhere.py",
        "gone.md",
        "tests/*/nothing_*.py",
    ]
