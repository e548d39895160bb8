"""A map of tiles: a square for each district, with what was spent there, and for each resident.

Where a tile stands and how many live there is said by the seed `geographies`, as the release keeps
it; without that the tiles stand in a row, and nothing is said of residents.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from exports.edition.facts import Edition
from exports.figures.display import spoken
from exports.figures.selection import Selection

TABLE, SEED = "local_spend", "geographies.csv"
_SHADES = 4


@dataclass(frozen=True)
class Tile:
    """A district: its name, how its money reads, and where its row and its tile stand."""

    name: str
    money: str
    for_each: str
    shade: int
    anchor: str
    row: int
    column: int


def tiles_of(edition: Edition, selections: Sequence[Selection]) -> list[Tile]:
    """A tile for each district with a figure in the release's own period."""
    selection = next((one for one in selections if one.table.name == TABLE), None)
    if selection is None:
        return []
    districts = _districts(edition)
    found = []
    for at, row in enumerate(selection.by_column):
        seed, amount = districts.get(row["place_code"].text), row["amount_in_place"].value
        if (
            row["period"].text == edition.facts.period.label
            and seed
            and isinstance(amount, Decimal)
        ):
            found.append((at, row["place"].text, amount, seed))
    most = max([amount for _, _, amount, _ in found], default=Decimal(0)) or Decimal(1)
    return [
        Tile(
            name=name,
            money=spoken(amount, "GBP"),
            for_each=_for_each(amount, seed.get("population", "")),
            shade=max(1, min(_SHADES, int(amount / most * _SHADES) + (amount < most))),
            anchor=f"local-spend-row-{at + 1}",
            row=int(seed.get("tile_row") or 0),
            column=int(seed.get("tile_column") or 0),
        )
        for at, name, amount, seed in found
    ]


def _districts(edition: Edition) -> dict[str, dict[str, str]]:
    """The districts of the seed by their codes; none where the release keeps no such seed."""
    for path, content in sorted(edition.facts.definitions.items()):
        if path.rpartition("/")[2] == SEED:
            rows = csv.DictReader(io.StringIO(content.decode("utf-8")))
            return {one["geography_code"]: one for one in rows if one.get("kind") == "district"}
    return {}


def _for_each(amount: Decimal, population: str) -> str:
    if not population:
        return ""
    return f"{spoken(Decimal(round(amount / Decimal(population), 2)), 'GBP')} for each resident"
