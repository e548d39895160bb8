"""A publication's chapters: of each role its figures, its stories, and what is said of it.

A figure of an indicator is the one that has a target, or else the first that has a value.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from exports.definitions.narrative import Chapter, Chapters
from exports.figures.cell import Cell
from exports.figures.judged import misses
from exports.figures.selection import Selection
from exports.figures.unchecked import claimed_beside, is_partly, is_unchecked, not_yet
from exports.narrative.by_whom import Services
from exports.narrative.render import NarrativeError, Renderer, is_given, is_of, labels_of
from exports.narrative.rendered import Piece, RenderedSection, RenderedSentence, piece_of
from exports.narrative.target_change import change_of_target
from flows.common.periods import Period


@dataclass(frozen=True)
class ChapterFigure:
    """A figure of an indicator beside the year before and the target, which may not be there."""

    indicator: str
    title: Piece
    figure: Piece
    value: Piece
    before: Piece | None
    target: Piece | None
    numbers: tuple[Decimal, Decimal | None, Decimal | None]
    is_met: bool | None
    verdict: str
    unit: str
    target_changed: RenderedSentence = ()
    unchecked: RenderedSentence = ()
    is_partly: bool = False  # and so it is neither better nor worse than before


@dataclass(frozen=True)
class RenderedStory:
    """A story as a story: its words, where and when, the change in its measure's number, and of
    whom that number is not."""

    title: Piece
    story: Piece
    changed: Piece | None
    place: Piece | None
    quarter: Piece
    evidence: bool
    number: RenderedSentence
    apart: str = ""

    @property
    def sentence(self) -> RenderedSentence:
        """The same as a sentence."""
        place = [Piece(" ("), self.place, Piece(")")] if self.place else []
        changed = [Piece(" "), self.changed] if self.changed else []
        number = [Piece(" "), *self.number] if self.number else []
        apart = [Piece(f" {self.apart}")] if self.apart else []
        return (self.title, *place, Piece(": "), self.story, *changed, *number, *apart)


@dataclass(frozen=True)
class RenderedChapter:
    """A chapter; `sections` are what it says, after its figures and before its stories."""

    name: str
    title: str
    about: str
    of: Mapping[str, Sequence[str]]
    figures: Sequence[ChapterFigure]
    stories: Sequence[RenderedStory]
    told: Sequence[RenderedSection]
    without_story: RenderedSection | None = None
    cautions: Sequence[str] = ()

    @property
    def sections(self) -> list[RenderedSection]:
        """All of it as sections, in the order in which it is read."""
        figures = [_said(one) for one in self.figures]
        figures += [(Piece(one),) for one in self.cautions]
        stories = self._section("stories", "Stories", [one.sentence for one in self.stories])
        if self.without_story:
            stories = replace(self.without_story, title=stories.title)
        return [
            self._section("figures", "The figures", figures),
            *(replace(one, title=f"{self.title}: {one.title}") for one in self.told),
            stories,
        ]

    def _section(
        self, name: str, title: str, sentences: Sequence[RenderedSentence]
    ) -> RenderedSection:
        none = "There is none."
        return RenderedSection(
            f"{self.name}-{name}", f"{self.title}: {title}", "", (), sentences, none
        )


def render_chapters(
    chapters: Chapters, selections: Sequence[Selection], period: Period
) -> list[RenderedChapter]:
    """Every chapter of a publication. Raises NarrativeError."""
    by_name = {one.table.name: one for one in selections}
    for table in (chapters.figures, chapters.stories, *chapters.changes):
        if table not in by_name:
            raise NarrativeError(f"The chapters name the table {table}, which is not published.")
    return [_chapter(one, chapters, by_name, period) for one in chapters.each]


def _chapter(
    chapter: Chapter, chapters: Chapters, by_name: Mapping[str, Selection], period: Period
) -> RenderedChapter:
    services = Services(by_name[chapters.figures], chapter.services)
    renderer = Renderer(by_name, labels_of(period), chapter.of, services)
    sections = [*chapters.first, *chapter.sections, *chapters.last]
    stories = list(_stories(by_name, chapters, chapter, services))
    without = None if stories else chapters.without_story
    return RenderedChapter(
        name=chapter.name,
        title=chapter.title,
        about=chapter.about,
        of=chapter.of,
        figures=list(_figures(by_name[chapters.figures], chapter)),
        stories=stories,
        told=[
            replace(section, name=f"{chapter.name}-{section.name}")
            for section in map(renderer.section, sections)
        ],
        without_story=replace(renderer.section(without), name=f"{chapter.name}-stories")
        if without
        else None,
    )


def _figures(selection: Selection, chapter: Chapter) -> Iterator[ChapterFigure]:
    found: dict[str, list[tuple[int, Mapping[str, Cell]]]] = {}
    for at, row in enumerate(selection.by_column):
        if is_of(row, chapter.of) and row["value"].figure is not None:
            found.setdefault(row["indicator_id"].text, []).append((at, row))
    for rows in found.values():
        by_basis = {one[1]["basis"].text: one for one in rows}
        beside = {basis: by_basis.get(claimed_beside(basis)) for basis in by_basis}
        waiting = {
            basis: claimed
            for basis, claimed in beside.items()
            if claimed and is_unchecked(by_basis[basis][1]["value"], claimed[1]["value"])
        }
        aimed = [one for one in rows if one[1]["target"].figure is not None]
        checked = [one for basis, one in by_basis.items() if basis not in waiting]
        chosen = (aimed or checked)[0]
        claimed = beside[chosen[1]["basis"].text]
        is_part = bool(claimed and is_partly(chosen[1]["value"], claimed[1]["value"]))
        said: RenderedSentence = ()
        if waiting:
            said = _of_claimed(selection, *next(iter(waiting.values())), "None", "checked yet")
        elif claimed and is_part:
            why = not_yet(chosen[1]["basis"].text)
            said = _of_claimed(selection, *claimed, "Part", why)
        yield _figure(selection, *chosen, said, is_part)


def _of_claimed(
    selection: Selection, at: int, row: Mapping[str, Cell], part: str, why: str
) -> RenderedSentence:
    """`None of the 153 tCO2e claimed is checked yet.`"""
    claimed = piece_of(selection, at, "value", row)
    return (Piece(f"{part} of the "), claimed, Piece(f" claimed is {why}."))


def _figure(
    selection: Selection,
    at: int,
    row: Mapping[str, Cell],
    unchecked: RenderedSentence,
    is_part: bool,
) -> ChapterFigure:
    value, before, target = (row[name].figure for name in ("value", "value_before", "target"))
    pieces = {name: piece_of(selection, at, name, row) for name in row}
    met = None
    if target is not None and value is not None:
        met = not misses(value, target, row["direction"].text)
    return ChapterFigure(
        indicator=row["indicator_id"].text,
        title=pieces["title"],
        figure=pieces["figure"],
        value=pieces["value"],
        before=None if before is None else pieces["value_before"],
        target=None if target is None else pieces["target"],
        numbers=(value or Decimal(0), before, target),
        is_met=met,
        verdict=row["verdict"].text,
        unit=row["unit"].text,
        target_changed=change_of_target(selection, at, row),
        unchecked=unchecked,
        is_partly=is_part,
    )


def _said(one: ChapterFigure) -> RenderedSentence:
    """`Local spend (Of all spend): 51% this year, 51.8% the year before, target 60%.`"""
    words = [one.title, Piece(" ("), one.figure, Piece("): "), one.value, Piece(" this year")]
    if one.before:
        words += [Piece(", "), one.before, Piece(" the year before")]
    if one.target:
        words += [Piece(", target "), one.target]
    changed = [Piece(" "), *one.target_changed] if one.target_changed else []
    unchecked = [Piece(" "), *one.unchecked] if one.unchecked else []
    return (*words, Piece("."), *changed, *unchecked)


def _stories(
    by_name: Mapping[str, Selection], chapters: Chapters, chapter: Chapter, services: Services
) -> Iterator[RenderedStory]:
    selection = by_name[chapters.stories]
    for at, row in enumerate(selection.by_column):
        if not is_of(row, chapter.of):
            continue
        pieces = {name: piece_of(selection, at, name, row) for name in row}
        given = {name: piece if is_given(row[name]) else None for name, piece in pieces.items()}
        number, is_own = _number_of(by_name, chapters, services, row["measure"].text)
        yield RenderedStory(
            title=pieces["title"],
            story=pieces["story"],
            changed=given["what_changed"],
            place=given["district"],
            quarter=pieces["quarter"],
            evidence=row["evidence"].text == "yes",
            number=number,
            apart="" if is_own or not number else chapter.apart,
        )


def _number_of(
    by_name: Mapping[str, Selection],
    chapters: Chapters,
    services: Services,
    measure: str,
) -> tuple[RenderedSentence, bool]:
    """`Trees planted: 587 trees this year (366 trees of it by services in this role), up from 570
    trees.`, and whether an indicator of the chapter tells the measure.

    Nothing where no table has a number. A count of people is rounded, and says so.
    """
    for table, (now, *before) in chapters.changes.items():
        selection = by_name[table]
        for at, row in enumerate(selection.by_column):
            if row["measure"].text != measure or row[now].figure is None:
                continue
            words = [
                piece_of(selection, at, "measure", row),
                Piece(": about " if selection.table.disclosure else ": "),
                piece_of(selection, at, now, row),
                Piece(" this year"),
                *services.by_whom(row, " (", ")"),
            ]
            then = row[before[0]].figure if before else None
            if then is not None:
                is_up = (row[now].figure or 0) >= then
                words.append(Piece(f", {'up' if is_up else 'down'} from "))
                words.append(piece_of(selection, at, before[0], row))
            return (*words, Piece(".")), row["measure_id"].text in services.by_measure
    return (), False
