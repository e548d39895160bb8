"""Everything that a release says in words: the lead, what needs action, sections and chapters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from exports.definitions.narrative import Narrative
from exports.edition.facts import Caution
from exports.edition.not_known import cautioned, notes_of, told_of
from exports.figures.selection import Selection
from exports.narrative.actions import RenderedActions, render_actions
from exports.narrative.chapters import RenderedChapter, render_chapters
from exports.narrative.lead import RenderedLead, render_lead
from exports.narrative.own_headline import with_own
from exports.narrative.render import render_sections
from exports.narrative.rendered import RenderedSection, RenderedSentence
from flows.common.periods import Period

OwnWords = tuple[RenderedSentence, str]  # the authority's headline, and by whom it is


@dataclass(frozen=True)
class Words:
    """`told` are the sections that a narrative declares; a release may have no lead, and no
    chapters."""

    lead: RenderedLead | None
    actions: RenderedActions | None
    told: Sequence[RenderedSection]
    chapters: Sequence[RenderedChapter] = ()

    @property
    def sections(self) -> list[RenderedSection]:
        """All of it as sections, in the order in which it is read."""
        lead = [self.lead.section] if self.lead else []
        actions = [self.actions.section] if self.actions else []
        chapters = [section for one in self.chapters for section in one.sections]
        return [*lead, *actions, *self.told, *chapters]


def render_words(
    narrative: Narrative,
    selections: Sequence[Selection],
    period: Period,
    cautions: Sequence[Caution],
    own: OwnWords | None = None,
) -> Words:
    """The words of a release; `own`: the authority's headline, if it wrote one.

    Raises NarrativeError.
    """
    book = narrative.chapters
    lead = render_lead(narrative.lead, selections) if narrative.lead else None
    told = lead.told if lead else ()
    chapters = render_chapters(book, selections, period) if book else []
    return Words(
        lead=with_own(lead, *own) if lead and own else lead,
        actions=render_actions(selections),
        told=cautioned(render_sections(narrative, selections, period, told), selections, cautions),
        chapters=[
            replace(one, cautions=_of_chapter(one, selections, cautions)) for one in chapters
        ],
    )


def _of_chapter(
    chapter: RenderedChapter, selections: Sequence[Selection], cautions: Sequence[Caution]
) -> list[str]:
    """The cautions of the indicators that a chapter tells of: each once."""
    numbers = {one.indicator for one in chapter.figures} | told_of(chapter.told, selections)
    return notes_of(cautions, numbers)
