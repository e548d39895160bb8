"""Group disclosure: what is true of all of a group, or of none, is known of each person in it."""

from exports.disclosure.figures import FigureKey
from exports.disclosure.problem.builder import CLOSE, Builder
from exports.disclosure.problem.gather import PeopleTable, parts_of

GROUP = "all or none of a group"


def add_groups(builder: Builder, table: PeopleTable) -> None:
    """Hide the counts, of sensitive values, that are 0 % or 100 % of their group."""
    for dimension in table.rule.dimensions:
        for _, spot, measures in table.about_people():
            cut = spot.cut(dimension.column)
            if cut and cut.value in dimension.sensitive:
                for measure in measures.values():
                    whole = spot.over([dimension.column]).key(measure)
                    _hide_if_all_or_none(builder, spot.key(measure), whole)
    for share in table.rule.percentages:
        if share.sensitive:
            for _, spot, measures in table.about_people():
                _hide_if_all_or_none(builder, *parts_of(share, spot, measures))


def _hide_if_all_or_none(builder: Builder, part: FigureKey, whole: FigureKey) -> None:
    if part not in builder.figures or whole not in builder.figures:
        return
    value, group = builder.figures[part].value, builder.figures[whole].value
    doubt = builder.thresholds.threshold - 1
    if not group:
        return
    if value < CLOSE:
        builder.primary.setdefault(part, GROUP)
        builder.need(part, 0, doubt)
    elif value > group - CLOSE:
        builder.primary.setdefault(part, GROUP)
        builder.need(part, max(0, group - doubt), group)
