"""The pages of docs/indicators, as tests read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from tests.support.in_memory import Figure, Key

PAGES = Path(__file__).resolve().parents[2] / "docs" / "indicators"
ROWS = PAGES / "rows"
SECTIONS = [
    "What it is",
    "Why",
    "Rule",
    "Worked example",
    "What is left out",
    "Assumptions",
    "Source",
]
SIX = Decimal("0.000001")


@dataclass(frozen=True)
class Page:
    """A page: its title, its sections by name, and the figures of its worked example."""

    indicator: str
    title: str
    facts: str
    sections: Mapping[str, str]
    example: Mapping[Key, Figure]


def read_page(path: Path) -> Page:
    """The page of an indicator."""
    head, *parts = path.read_text(encoding="utf-8").split("\n## ")
    title, _, facts = head.partition("\n")
    named = dict(part.split("\n", 1) for part in parts)
    sections = {name: text.strip() for name, text in named.items()}
    example = _figures(path.stem, sections["Worked example"])
    return Page(path.stem, title.removeprefix("# "), facts.strip(), sections, example)


def _figures(indicator: str, text: str) -> Mapping[Key, Figure]:
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")][2:]
    return {
        Key(indicator, basis, period, of): (_number(above), _number(below), _number(value))
        for basis, period, of, above, below, value in ([c.strip() for c in row] for row in rows)
    }


def _number(text: str) -> Decimal | None:
    return Decimal(text).quantize(SIX, ROUND_HALF_UP) if text else None


def disagreements(page: Page, figures: Mapping[Key, Figure]) -> list[str]:
    """Where figures are not what the page's example says; `of` a measure or an employer."""
    return [
        f"{key}: {figures.get(key)}, and the page says {said}"
        for key, said in page.example.items()
        if _plain(figures.get(key)) != said
    ]


def _plain(figure: Figure | None) -> Figure | None:
    if figure is None:
        return None
    above, below, value = figure
    return (_six(above), _six(below), _six(value))


def _six(number: Decimal | None) -> Decimal | None:
    return None if number is None else number.quantize(SIX, ROUND_HALF_UP)


def pages() -> list[Page]:
    """Every page, by indicator."""
    return [read_page(path) for path in sorted(PAGES.glob("[A-Z][0-9][0-9].md"))]
