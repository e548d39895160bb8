"""Every page of a release, by its path: the same cells as the workbook, and nothing else."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from exports.definitions.table import MEANINGS
from exports.edition.changes import Change
from exports.edition.facts import Edition
from exports.edition.history import History
from exports.edition.words import Words
from exports.figures.selection import Selection
from exports.files.frontmatter import spell_day, spell_period
from exports.narrative.rendered import sources_of
from exports.site.changes_page import changes_view
from exports.site.chapters import chapter_views
from exports.site.indicators import IndicatorView, indicator_views
from exports.site.names import names_of
from exports.site.overview import cards_of
from exports.site.place_map import tiles_of
from exports.site.views import TableView, table_view
from flows.common.files import slug

QUALITY = "Data quality"
PAGES = (
    "index.html",
    "indicators.html",
    "tables.html",
    "data-quality.html",
    "downloads.html",
    "about.html",
)
CHANGES = "changes.html"  # of a revision after the first
_KILO = 1024
_STYLE = Path(__file__).resolve().parent / "templates" / "style.css"


def site_pages(
    edition: Edition,
    selections: Sequence[Selection],
    words: Words,
    changes: Sequence[Change],
    files: Mapping[str, int],
    history: History,
) -> dict[str, str]:
    """The pages by their paths in `site/`; `files` are the release's other files, with their sizes.

    Equal arguments give equal pages.
    """
    names = names_of(selections)
    tables = [table_view(edition, one, names) for one in selections]
    indicators = indicator_views(edition, selections, history)
    page_of = {table.name: f"tables/{slug(table.name)}.html" for table in tables}
    chapters = chapter_views(edition, words.chapters, selections, history)
    common = {
        "edition": edition,
        "facts": edition.facts,
        "publisher": edition.facts.publisher,
        "release": f"{edition.facts.publication}/{edition.facts.period.slug}/r{edition.revision}",
        "spelt_period": spell_period(edition),
        "as_of": spell_day(edition.facts.as_of),
        "lead": words.lead,
        "cards": cards_of(words.lead, history, {one.page for one in indicators})
        if words.lead
        else [],
        "actions": words.actions,
        "sections": words.told,
        "chapters": chapters,
        "chapter_links": [
            (one.page, one.chapter.name.replace("-", " ").capitalize()) for one in chapters
        ],
        "tiles": tiles_of(edition, selections),
        "change": changes_view(changes, [one.table for one in selections], names),
        "tables": tables,
        "topics": _topics(tables),
        "quality": [table for table in tables if table.topic == QUALITY],
        "indicators": indicators,
        "roles": _roles(indicators),
        "changes": changes,
        "workbook": next((path for path in files if path.endswith(".xlsx")), None),
        "book": next((path for path in files if path.endswith(".pdf")), None),
        "whole": next((path for path in files if path.endswith(".zip")), None),
        "size_of": {path: _size(size) for path, size in files.items()},
        "meanings": MEANINGS,
        "numbers": {table.name: table.number for table in tables},
        "table_page": page_of,
    }
    environment = environment_for()
    pages = {
        name: environment.get_template(name).render(common, page=name, top="") for name in PAGES
    }
    if edition.revision > 1:
        pages[CHANGES] = environment.get_template(CHANGES).render(common, page=CHANGES, top="")
    for chapter in chapters:
        pages[chapter.page] = environment.get_template("chapter.html").render(
            common, page=chapter.page, top="../", view=chapter
        )
    for indicator in indicators:
        own_tables = {table.name for table in indicator.tables}
        pages[indicator.page] = environment.get_template("indicator.html").render(
            common,
            page=indicator.page,
            top="../",
            indicator=indicator,
            own_changes=changes_view(
                [one for one in changes if _is_of(one, indicator.number, own_tables)],
                [one.table for one in selections],
                names,
            ).listed,
        )
    for table in tables:
        path = page_of[table.name]
        pages[path] = environment.get_template("table.html").render(
            common,
            page=path,
            top="../",
            table=table,
        )
    return pages


def _topics(tables: Sequence[TableView]) -> list[tuple[str, list[TableView]]]:
    """The tables under their headings, in the order in which a heading is first met."""
    topics: dict[str, list[TableView]] = {}
    for table in tables:
        topics.setdefault(table.topic, []).append(table)
    return list(topics.items())


def _roles(indicators: Sequence[IndicatorView]) -> list[tuple[str, list[IndicatorView]]]:
    """The indicators by the role in which the authority acts."""
    roles: dict[str, list[IndicatorView]] = {}
    for indicator in indicators:
        roles.setdefault(indicator.role, []).append(indicator)
    return list(roles.items())


def _size(size: int) -> str:
    """A file's size in words: `12 KB`."""
    return f"{size} bytes" if size < _KILO else f"{-(-size // _KILO):,} KB"


@cache
def environment_for() -> Environment:
    """Jinja as the pages want it: strict, escaping, the style sheet at hand."""
    environment = Environment(
        loader=PackageLoader("exports.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["slug"] = slug
    environment.filters["sources"] = sources_of
    environment.globals["style"] = _STYLE.read_text(encoding="utf-8")
    return environment


def _is_of(change: Change, number: str, own_tables: set[str]) -> bool:
    """Whether a change is of the indicator: of its row, or of a table that is its own."""
    if "indicator_id=" in change.row_key:
        return f"indicator_id={number}" in change.row_key
    return change.table in own_tables or number in change.row_key
