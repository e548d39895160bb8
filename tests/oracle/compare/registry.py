"""What analysts have set down in the seeds: which figures there are, their units and targets."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path

Record = dict[str, str]
AS_SAID = "as the measure says"


@dataclass(frozen=True)
class Basis:
    """A figure of an indicator, as the registry describes it."""

    indicator: Record
    basis: Record

    @property
    def key(self) -> tuple[str, str]:
        """The indicator's number and the figure's short name."""
        return self.indicator["indicator_id"], self.basis["basis"]

    @property
    def unit(self) -> str:
        """Its unit."""
        return self.basis["unit"] or self.indicator["unit"]

    @property
    def better(self) -> str:
        """Which way is better: higher, lower or neither."""
        return self.basis["better"] or self.indicator["better"]

    @property
    def over_time(self) -> str:
        """How quarters come to a year: add, latest, own ..."""
        return self.basis["over_time"] or self.indicator["over_time"]

    @property
    def feeds(self) -> tuple[str, str]:
        """The return that it rests on, and another that it needs ('' : none)."""
        return self.indicator["fed_by"], self.indicator["also_needs"]


@dataclass(frozen=True)
class Registry:
    """The seeds of a folder, read as text."""

    folder: Path

    def rows(self, seed: str) -> tuple[Record, ...]:
        """The rows of a seed."""
        return _read(self.folder / f"{seed}.csv")

    @cached_property
    def bases(self) -> list[Basis]:
        """Every figure of every indicator."""
        indicators = {row["indicator_id"]: row for row in self.rows("indicators")}
        return [Basis(indicators[row["indicator_id"]], row) for row in self.rows("indicator_bases")]

    def unit_of(self, basis: Basis, part: str = "") -> str:
        """The unit of a figure; where the measure says it, that of the part's measure."""
        unit = basis.unit
        return self.measures[part]["unit"] if part in self.measures and unit == AS_SAID else unit

    @cached_property
    def by_key(self) -> dict[tuple[str, str], Basis]:
        """Every figure by its indicator's number and its short name."""
        return {basis.key: basis for basis in self.bases}

    @cached_property
    def measures(self) -> dict[str, Record]:
        """The measures by their number."""
        return {row["measure_id"]: row for row in self.rows("measures")}

    @cached_property
    def tells_people(self) -> set[tuple[str, str]]:
        """Figures that would tell how many people there are: so much for each of them."""
        people = {m for m, row in self.measures.items() if row["is_people"] == "yes"}
        worth = {
            row["proxy_id"] for row in self.rows("measure_proxies") if row["measure_id"] in people
        }
        kinds = {
            r["kind"].replace(" ", "-") for r in self.rows("proxies") if r["proxy_id"] in worth
        }
        return {
            one.key
            for one in self.bases
            if one.unit == "hours for each FTE"
            or (
                one.key[0] in ("C08", "F03")
                and any(one.key[1] == kind or one.key[1].startswith(f"{kind}-") for kind in kinds)
            )
        }


@cache
def _read(path: Path) -> tuple[Record, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def holds_on(row: Record, day: date) -> bool:
    """Whether a dated row holds on a day."""
    first, last = row["valid_from"], row["valid_to"]
    starts = not first or date.fromisoformat(first) <= day
    return starts and (not last or day <= date.fromisoformat(last))


def number(text: str) -> Decimal | None:
    """A number of a seed; None where the cell is blank."""
    return Decimal(text) if text else None
