"""The documents of the project, and what they name."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOPS = ("flows", "dbt", "expectations", "exports", "tests", "docs")
MADE = {"__pycache__", "target", "logs", "dbt_packages"}  # what running leaves in the tree


def documents() -> list[Path]:
    """Everything that is written to be read, but for the change log, which tells of the past."""
    pages = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]
    assert len(pages) > 40
    return pages


def files_of_the_tree() -> Iterator[Path]:
    """Every file under the folders of the tree, relative to the checkout."""
    for top in TOPS:
        for path in sorted((ROOT / top).rglob("*")):
            inside = path.relative_to(ROOT)
            if path.is_file() and not MADE & set(inside.parts) and path.name != ".gitkeep":
                yield inside


def named_in(text: str) -> Iterator[str]:
    """What stands in backticks, word by word, outside of fenced blocks."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    for quoted in re.findall(r"`([^`\n]+)`", prose):
        yield from quoted.split()


def links_in(text: str) -> Iterator[str]:
    """The targets of links that do not leave the checkout."""
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"[a-z]+:|#", target):
            yield target.split("#")[0]
