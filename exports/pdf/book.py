"""A publication from its title to its methods: what the pages say, in the order of a book."""

from collections.abc import Iterator, Sequence

from exports.definitions.table import MEANINGS
from exports.edition.facts import Edition
from exports.edition.history import History
from exports.edition.words import Words
from exports.figures.selection import Selection
from exports.files.frontmatter import spell_day, spell_period, table_title
from exports.narrative.actions import RenderedActions
from exports.narrative.lead import RenderedLead
from exports.narrative.rendered import RenderedSection, text_of
from exports.pdf.typesetting import (
    grid,
    heading,
    lead_in,
    pair,
    paragraph,
    picture,
    points,
    quotation,
    said,
    sentence,
    typeset,
)
from exports.site.chapters import ChapterView, FigureView, chapter_views
from exports.site.drawing.beside_svg import promises
from exports.site.indicators import IndicatorView, indicator_views
from exports.site.place_map import tiles_of

# Between chapters, and no new page: a chapter's end may be three lines, or one chart.
_APART = "#v(2em, weak: true)"
_TOGETHER = 4  # measures in one picture: a page may break between pictures, and not in one


def book_of(
    edition: Edition, selections: Sequence[Selection], words: Words, history: History
) -> bytes:
    """The release as a PDF; equal arguments give equal bytes."""
    publisher = edition.facts.publisher
    chapters = chapter_views(edition, words.chapters, selections, history)
    indicators = indicator_views(edition, selections, history)
    body = [
        *_opening(edition),
        *(_lead(words.lead) if words.lead else []),
        *(_actions(words.actions) if words.actions else []),
        *_places(edition, selections),
        *(line for one in words.told for line in _section(one, 1)),
        *(line for one in chapters for line in _chapter(one)),
        *([] if chapters else _trends(indicators)),
        *_methods(edition, selections, indicators),
    ]
    author = publisher.name if publisher else edition.kind
    return typeset(edition.title, author, edition.facts.as_of, body)


def _opening(edition: Edition) -> Iterator[str]:
    publisher, facts = edition.facts.publisher, edition.facts
    yield f"#title({said(edition.heading)[1:]})"
    yield paragraph(said(spell_period(edition)))
    status = f"{edition.status.capitalize()}, revision {edition.revision}."
    yield paragraph(
        said(f"{status} The figures rest on what was sent by {spell_day(facts.as_of)}.")
    )
    if edition.next_due:
        yield paragraph(said(f"Next release: {spell_day(edition.next_due)}."))
    if publisher:
        contact = publisher.contact
        yield paragraph(said(f"Published by {publisher.name}. Licence: {publisher.licence.name}."))
        yield paragraph(said(f"Contact: {contact.name}, {contact.email}."))
    for one in edition.overrides:
        yield paragraph(said(f"{one.what}: overridden by {one.by}, because {one.because}"))
    yield "#outline(depth: 1)"
    yield "#pagebreak()"


def _lead(lead: RenderedLead) -> Iterator[str]:
    yield heading(1, lead.section.title)
    yield from (paragraph(sentence(one)) for one in lead.section.sentences)
    rows = [
        (
            card.value.text if card.value else "",
            card.label,
            card.target.text if card.target else "none",
            {True: "met", False: "missed", None: ""}[card.is_met],
        )
        for card in lead.cards
    ]
    yield grid("(auto, 1fr, auto, auto)", ["Figure", "What it is", "Target", "Is it met"], rows)


def _actions(actions: RenderedActions) -> Iterator[str]:
    yield heading(1, "What needs action")
    if actions.rows:
        rows = [
            [text_of(part) for part in (one.what, one.who, one.by_when, one.how_far)]
            for one in actions.rows
        ]
        headers = ["What", "Who", "By when", "How far off, or what is planned"]
        yield grid("(1.4fr, 1fr, .8fr, 1.3fr)", headers, rows)
    elif not actions.further:
        yield paragraph(said(actions.section.if_none))
    yield from (paragraph(sentence(one)) for one in actions.further)


def _places(edition: Edition, selections: Sequence[Selection]) -> Iterator[str]:
    if tiles := tiles_of(edition, selections):
        yield heading(1, "Where the money went")
        rows = [(one.name, one.money, one.for_each or "not known") for one in tiles]
        yield grid("(1fr, auto, auto)", ["District", "Spent there", "For each resident"], rows)


def _section(section: RenderedSection, level: int) -> Iterator[str]:
    if section.name == "attention":
        return
    yield heading(level, section.title)
    if section.about:
        yield lead_in(section.about)
    if section.figures:
        rows = [(one.value.text if one.value else "", one.label) for one in section.figures]
        yield grid("(auto, 1fr)", ["Figure", "What it is"], rows)
    if section.sentences:
        yield points([sentence(one) for one in section.sentences])
    elif not section.figures:
        yield paragraph(said(section.if_none))


def _chapter(view: ChapterView) -> Iterator[str]:
    chapter = view.chapter
    yield _APART
    yield heading(1, f"{view.number}. {chapter.title}")
    yield lead_in(chapter.about)
    if view.figures:
        yield heading(2, "The figures, beside last year and the target")
        yield lead_in("Dark is this year, grey the year before; the dashed line is the target.")
        yield pair([_small(one) for one in view.figures])
    if view.people:
        start = "Other figures" if view.figures else "The figures"
        yield heading(2, f"{start}, quarter by quarter")
        yield lead_in("They count people. Counts are rounded, and small ones are hidden.")
        yield pair([(one.title, one.svg, one.sentence) for one in view.people])
    yield from (paragraph(said(text)) for text in view.cautions)
    yield from (picture(one.svg, one.title) for one in view.charts)
    if view.promise:
        yield heading(2, "Promise and proof")
        yield lead_in(
            "A bar is what suppliers promised by now. Dark is checked and accepted, grey has"
            " evidence, light is claimed only."
        )
        for at in range(0, len(view.promise.rows), _TOGETHER):
            title = "" if at else view.promise.title
            rows = view.promise.rows[at : at + _TOGETHER]
            yield picture(promises(f"promises-{at}", view.promise.title, rows), title)
    for section in chapter.told[:-1]:
        yield from _section(section, 2)
    if chapter.stories:
        yield heading(2, "Stories")
    for story in chapter.stories:
        yield heading(3, story.title.text)
        yield quotation(story.story.text)
        parts = [story.changed.text if story.changed else "", text_of(story.number), story.apart]
        yield from (paragraph(said(text)) for text in parts if text)
        place = f"{story.place.text}, " if story.place else ""
        yield paragraph(said(f"{place}{story.quarter.text}. Told with consent."))
    if chapter.without_story:
        yield from _section(chapter.without_story, 2)
    for section in chapter.told[-1:]:
        yield from _section(section, 2)
    yield from (picture(one.svg, one.title) for one in view.estimates)


def _small(one: FigureView) -> tuple[str, str, str]:
    """A figure's title, its picture, and what is said below it."""
    title = f"{one.figure.title.text} ({one.figure.figure.text}): {one.figure.value.text}"
    before = f"{one.figure.before.text} the year before. " if one.figure.before else ""
    return title, one.svg, f"{before}{one.remark}"


def _trends(indicators: Sequence[IndicatorView]) -> Iterator[str]:
    """Each indicator that can be followed through the quarters, as its page shows it."""
    followed = [one for one in indicators if one.trend]
    if followed:
        yield _APART
        yield heading(1, "The indicators over time")
    for one in followed:
        if one.trend:
            yield heading(2, one.title)
            yield paragraph(said(one.trend.sentence))
            if one.trend.svg:
                yield picture(one.trend.svg, "")


def _methods(
    edition: Edition, selections: Sequence[Selection], indicators: Sequence[IndicatorView]
) -> Iterator[str]:
    yield _APART
    yield heading(1, "Methods, quality and tables")
    yield paragraph(
        said("What each indicator measures; its page says the rest, and how to trace a figure.")
    )
    rows = [(one.number, one.title, one.definition) for one in indicators]
    if rows:
        yield grid("(auto, 1fr, 2fr)", ["Number", "Indicator", "What it measures"], rows)
    yield heading(2, "Symbols")
    yield grid("(auto, 1fr)", ["Symbol", "What it means"], list(MEANINGS.items()))
    yield heading(2, "Tables of the release")
    yield points([said(f"{table_title(edition, one.table)}") for one in selections])
