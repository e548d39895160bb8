"""What an indicator must say beside its figures because too much of it is not known.

It is read from the cells that a release shows, after people are protected, so that it tells nothing
that they do not.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import Field

from exports.definitions.table import TableDefinition
from exports.edition.facts import Caution
from exports.figures.cell import Cell
from exports.figures.selection import Selection
from exports.narrative.rendered import Piece, RenderedSection, sentences_of, sources_of
from flows.common.declarations import Declared, read_declared

_Row = Mapping[str, Cell]


class Whole(Declared):
    """The figure that the share is of: a column of the same row, or of another."""

    column: str
    in_row: dict[str, str] = Field(
        default_factory=dict, description="the texts by which that row differs from the share's"
    )


class NotKnown(Declared):
    """A share that is not known, the limit it may not pass, and what is said where it does."""

    indicators: list[str] = Field(min_length=1, description="of whose figures it is to be said")
    table: list[str] = Field(min_length=1, description="where it is read: the first that is there")
    rows: dict[str, str] = Field(min_length=1, description="columns and texts of the rows read")
    by: str | None = Field(default=None, description="the column that tells these rows apart")
    part: str = Field(description="the column of the part")
    part_is: Literal["not known", "known"] = "not known"
    percent: str | None = Field(
        default=None, description="the column of the share itself, which is read where it is shown"
    )
    whole: Whole
    limit: Decimal = Field(ge=0, lt=100, description="per cent; more than this is said")
    say: str = Field(description="the sentence, without its stop; {limit} stands for the limit")


class Limits(Declared):
    """Every limit of what is not known."""

    not_known: list[NotKnown]


def cautions(selections: Sequence[Selection], rounding: int, rules: Path) -> list[Caution]:
    """What is to be said of the `selections`, as they are published; counts of people are rounded
    to `rounding`. Raises DeclarationError."""
    if not rules.is_file():  # releases from before there were limits keep none
        return []
    by_name = {one.table.name: one for one in selections}
    found = []
    for rule in read_declared(rules, Limits).not_known:
        selection = next((by_name[name] for name in rule.table if name in by_name), None)
        passed = list(_passing(rule, selection, rounding)) if selection else []
        if selection and passed:
            named = f" ({'; '.join(row[rule.by].text for row in passed)})" if rule.by else ""
            text = f"{rule.say.format(limit=rule.limit)}{named}."
            found.append(Caution(tuple(rule.indicators), selection.table.name, text))
    return found


def noted(selections: Sequence[Selection], found: Sequence[Caution]) -> list[Selection]:
    """The selections; each table that publishes an indicator has its cautions among its notes."""
    return [
        replace(one, table=one.table.model_copy(update={"notes": [*one.table.notes, *notes]}))
        if (notes := [caution.note for caution in found if _concerns(caution, one)])
        else one
        for one in selections
    ]


def cautioned(
    sections: Sequence[RenderedSection],
    selections: Sequence[Selection],
    found: Sequence[Caution],
) -> list[RenderedSection]:
    """The sections; the last, of how sound and complete it all is, ends with the cautions of what
    any of them tells."""
    said = [(Piece(note),) for note in notes_of(found, told_of(sections, selections))]
    if not said:
        return list(sections)
    *others, last = sections
    return [*others, replace(last, sentences=[*last.sentences, *said])]


def notes_of(found: Sequence[Caution], numbers: Collection[str]) -> list[str]:
    """What is to be said where figures of these indicators are told."""
    return [one.note for one in found if not set(one.indicators).isdisjoint(numbers)]


def told_of(sections: Sequence[RenderedSection], selections: Sequence[Selection]) -> set[str]:
    """The indicators that the sections tell figures of."""
    tables = {one.table.name: one.table for one in selections}
    rows = {one.table.name: one.by_column for one in selections}
    return {
        number
        for section in sections
        for sentence in sentences_of(section)
        for table, at in sources_of(sentence)
        for number in _indicators_of(tables[table], rows[table][at])
    }


def _passing(rule: NotKnown, selection: Selection, rounding: int) -> Iterator[_Row]:
    """The rows whose share is surely above the limit, by what is shown of it."""
    margin = Decimal(rounding) / 2 if selection.table.disclosure else Decimal(0)
    rows = selection.by_column
    for row in rows:
        if any(row[name].text != text for name, text in rule.rows.items()):
            continue
        if rule.percent and (shown := row[rule.percent].figure) is not None:
            if shown > rule.limit:
                yield row
            continue
        wanted = {name: row[name].text for name in selection.table.key} | rule.whole.in_row
        other = next((r for r in rows if wanted.items() <= _texts(r).items()), None)
        part, whole = row[rule.part].figure, other and other[rule.whole.column].figure
        if part is None or not whole or whole < 0:
            continue
        if rule.part_is == "known":
            part = whole - part
        if 100 * (part - margin) > rule.limit * (whole + margin):
            yield row


def _texts(row: _Row) -> dict[str, str]:
    return {name: cell.text for name, cell in row.items()}


def _concerns(caution: Caution, selection: Selection) -> bool:
    """Whether the table publishes a figure of one of the caution's indicators."""
    table = selection.table
    if table.indicators:
        return not set(table.indicators).isdisjoint(caution.indicators)
    return table.name == caution.table


def _indicators_of(table: TableDefinition, row: _Row) -> Sequence[str]:
    """The indicators that a row is of: the one that it names, or all that its table has."""
    return [row["indicator_id"].text] if "indicator_id" in row else table.indicators
