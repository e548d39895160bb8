"""How counts add up: over the values of a dimension, and within a row."""

from exports.definitions.disclosure import PeopleDimension
from exports.disclosure.figures import FigureKey, Sum
from exports.disclosure.problem.builder import CLOSE, Builder, named
from exports.disclosure.problem.gather import PeopleTable
from exports.disclosure.problem.rows import DisclosureError, Spot


def add_sums(builder: Builder, table: PeopleTable) -> None:
    """The sums that a table's dimensions and its rows make. Raises DisclosureError."""
    for dimension in table.rule.dimensions:
        _add_dimension(builder, table, dimension)
    for _, spot, measures in table.about_people():
        for total, parts in table.rule.adds_up.items():
            keys = tuple(spot.key(measures[part]) for part in parts)
            _add_sum(builder, table, spot.key(measures[total]), keys)
        for whole, within in table.rule.holds.items():
            for part in within:
                builder.lacks(spot.key(measures[whole]), spot.key(measures[part]))
    for spot in list(builder.spots):
        if spot.start[0] == table.rule.population:
            _add_measures(builder, table, spot)


def _add_measures(builder: Builder, table: PeopleTable, spot: Spot) -> None:
    """How the measures counted at one spot hang together, whichever table has them."""
    for whole, within in table.rule.measures_hold.items():
        for part in within:
            builder.lacks(spot.key(whole), spot.key(part))
    for whole, within in table.rule.complements.items():
        for part in within:
            if builder.figures.keys() >= {spot.key(whole), spot.key(part)}:
                builder.rest(spot.key(whole), spot.key(part))
    for one in table.rule.measures_add_up:
        if spot.key(one.total) in builder.figures:
            keys = tuple(spot.key(part) for part in one.parts)
            _add_sum(builder, table, spot.key(one.total), keys)


def _add_dimension(builder: Builder, table: PeopleTable, dimension: PeopleDimension) -> None:
    parts: dict[tuple[FigureKey, str], dict[FigureKey, None]] = {}
    for _, spot, measures in table.about_people():
        cut = spot.cut(dimension.column)
        if cut is None:
            continue
        parent = dimension.parents.get(cut.value)
        above = spot.at(cut, parent) if parent else spot.over([cut.column])
        for counted in [*measures.values(), *(one.column for one in table.rule.amounts)]:
            if spot.key(counted) in builder.figures:
                same = parts.setdefault((above.key(counted), cut.name), {})
                same[spot.key(counted)] = None
    for (total, _), keys in parts.items():
        if not dimension.overlap:
            _add_sum(builder, table, total, tuple(keys))
        elif total in builder.figures:
            for key in keys:
                builder.rest(total, key)


def _add_sum(
    builder: Builder, table: PeopleTable, total: FigureKey, parts: tuple[FigureKey, ...]
) -> None:
    if any(part not in builder.figures for part in parts):
        return
    value = sum(builder.figures[part].value for part in parts)
    if total not in builder.figures:
        # No table shows it, but all its parts together tell of it, here and in other tables.
        builder.derived(total, value, parts)
    elif abs(builder.figures[total].value - value) > CLOSE * max(1, len(parts)):
        raise DisclosureError(
            f"Table {table.name}: {named(total)} is {builder.figures[total].value:g}, and its"
            f" parts add up to {value:g}; mend the publication model, or say that they overlap."
        )
    builder.sums[Sum(total, parts)] = None
