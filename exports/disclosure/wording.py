"""What readers are told of disclosure control, in the notes of the tables it was used on."""

from exports.definitions.disclosure import Disclosure
from exports.definitions.table import TableDefinition
from exports.disclosure.thresholds import Thresholds


def with_notes(table: TableDefinition, thresholds: Thresholds) -> TableDefinition:
    """The table with notes that say how the people counted in it are protected."""
    rule = table.disclosure
    if rule is None:
        return table
    columns = [
        column.model_copy(update={"note": _statutory_note(column.note, thresholds)})
        if column.name in rule.statutory
        else column
        for column in table.columns
    ]
    notes = [*table.notes, rule_note(rule, thresholds)]
    return table.model_copy(update={"notes": notes, "columns": columns})


def rule_note(rule: Disclosure, thresholds: Thresholds) -> str:
    """The rule in a few sentences."""
    if not rule.counts:
        return (
            "Of returns that list people, a count of rows is hidden and shown as [c] unless it is"
            " 0: beside the tables of people it could tell how few are counted there."
        )
    text = (
        f"Counts of people from 1 to {thresholds.threshold - 1} are hidden and shown as [c]; other"
        f" counts are rounded to the nearest {thresholds.rounding}. Totals are rounded on their"
        " own, so that parts may not add up to them. Further figures are hidden where a hidden one"
        " could be worked out from them, in this release or with earlier ones."
    )
    if any(not one.statutory for one in rule.percentages):
        text += (
            " Percentages are worked out from the counts as they are shown, so that they may be a"
            " point or two off in small groups, and are hidden with either of them. A 0 of a group"
            " that is itself too small to show is hidden too."
        )
    if rule.hides_zeros:
        text += " A figure is hidden too where all people of a group, or none, are counted in it."
    if rule.amounts:
        text += " An amount is hidden where one person's part of it could be reckoned closely."
    return text


def _statutory_note(note: str | None, thresholds: Thresholds) -> str:
    text = (
        "Statutory: published as the regulations require. Of an employer whom the law does not"
        f" require to publish it, it is hidden where fewer than {thresholds.threshold} people of a"
        " sex are counted in it."
    )
    return f"{note} {text}" if note else text
