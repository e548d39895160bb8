"""Everything that a release says in words: the lead, what needs action, and the sections."""

from collections.abc import Sequence
from dataclasses import dataclass

from exports.definitions.narrative import Narrative
from exports.edition.facts import Caution
from exports.edition.not_known import cautioned
from exports.figures.selection import Selection
from exports.narrative.actions import RenderedActions, render_actions
from exports.narrative.lead import RenderedLead, render_lead
from exports.narrative.render import RenderedSection, render_sections
from flows.common.periods import Period


@dataclass(frozen=True)
class Words:
    """`told` are the sections that a narrative declares; a release may have no lead."""

    lead: RenderedLead | None
    actions: RenderedActions | None
    told: Sequence[RenderedSection]

    @property
    def sections(self) -> list[RenderedSection]:
        """All of it as sections, in the order in which it is read."""
        lead = [self.lead.section] if self.lead else []
        actions = [self.actions.section] if self.actions else []
        return [*lead, *actions, *self.told]


def render_words(
    narrative: Narrative,
    selections: Sequence[Selection],
    period: Period,
    cautions: Sequence[Caution],
) -> Words:
    """The words of a release. Raises NarrativeError."""
    return Words(
        lead=render_lead(narrative.lead, selections) if narrative.lead else None,
        actions=render_actions(selections),
        told=cautioned(render_sections(narrative, selections, period), selections, cautions),
    )
