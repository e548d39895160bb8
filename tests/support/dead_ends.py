"""Whether each column of each table of a release leads to rows of senders, seeds or the ledger.

`python -m tests.support.dead_ends HOME` walks the newest release of each publication of a home.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from exports.definitions.lineage import NOTHING_FURTHER
from flows.audit.leads_on import Found, rests_on
from flows.audit.published_cell import (
    PublishedPeriod,
    TracedCell,
    cell_at,
    published_of,
    tables_of,
)
from flows.audit.trace_cell import ends_of, models_of, recorded
from flows.common.settings import Settings, settings_for
from flows.modelling.analysts import analysts
from tests.support.definitions import PLACES

ENDS = ("contributions", "ledger", "seeds")


def walked(settings: Settings, release: str) -> Iterator[tuple[str, bool]]:
    """Each column that says more than its row's name, with a value: does it lead to an end?"""
    known = recorded(settings, release)
    report = PublishedPeriod(known.manifest.publication, known.period, known.as_of)
    cells: list[tuple[TracedCell, list[Found]]] = []
    with models_of(settings, known) as then:
        with analysts(then) as connection:
            for table in tables_of(report, PLACES.tables).values():
                selection = published_of(connection, table, report)
                for column in table.columns:
                    if column.traces is None or column.traces.rule in NOTHING_FURTHER:
                        continue
                    name = column.source or column.name
                    records = enumerate(selection.records)
                    filled = (n for n, record in records if record[name] not in (None, 0))
                    if (place := next(filled, None)) is not None:
                        cell = cell_at(selection, place, column, report)
                        found = rests_on(connection, selection, place, cell, report)
                        cells.append((cell, found))
        for cell, found in cells:
            ends = ends_of(then, cell, found)
            is_seed = (cell.lineage.of or "").startswith("seeds.") and bool(found)
            place_of = f"{release} {cell.table} {cell.column.name} {cell.row}"
            yield place_of, is_seed or any(ends[end] for end in ENDS)


def newest(settings: Settings) -> list[str]:
    """The newest release of each publication, by its period and revision."""
    places = settings.published.glob("*/*/r*/manifest.json")
    of: dict[str, tuple[str, int]] = {}
    for path in places:
        publication, period, revision = path.parent.relative_to(settings.published).parts
        of[publication] = max(of.get(publication, ("", 0)), (period, int(revision[1:])))
    return [f"{name}/{period}/r{number}" for name, (period, number) in sorted(of.items())]


def main(home: Path) -> int:
    """Say every dead end, and how many columns were walked; 1 where there is one."""
    settings = settings_for(home)
    columns = [one for release in newest(settings) for one in walked(settings, release)]
    dead = [place for place, leads in columns if not leads]
    print(*dead, sep="\n")
    print(f"{len(columns)} columns walked, {len(dead)} dead ends")
    return 1 if dead or not columns else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
