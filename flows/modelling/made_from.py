"""What a build was made from: where nothing of it has changed since, the same build stands.

The analysts' file carries it (`marts.built_from`), so that it can never speak of another file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import duckdb

from flows.common import clock
from flows.common.files import digest_of
from flows.common.settings import Settings
from flows.modelling.dbt_runner import FILES, LAYERS, SOURCE
from flows.warehouse import connection as door

# What is told of the warehouse and changes nothing in it.
TELLS = (
    *("published", "traced", "answered"),
    *("closed", "failed", "telling", "told", "not told"),
)


@dataclass(frozen=True)
class MadeFrom:
    """As of when, the last thing that had happened, and the project's files as one hash."""

    as_of: datetime
    happened: str
    project: str


def made_from(settings: Settings, as_of: datetime) -> MadeFrom:
    """What a build as of that moment is made from now."""
    with door.reading(settings) as connection:
        row = connection.execute(
            "select hash from warehouse.ledger.events where not list_contains(?, kind) "
            "order by seq desc limit 1",
            [list(TELLS)],
        ).fetchone()
    return MadeFrom(as_of, str(row[0]) if row else "", digest_of(dict(_files(settings))))


def keep_made_from(connection: duckdb.DuckDBPyConnection, made: MadeFrom) -> None:
    """Write it into a new build."""
    connection.execute(
        "create table marts.built_from as select ? as as_of, ? as happened, ? as project",
        [made.as_of, made.happened, made.project],
    )


def standing_build(settings: Settings) -> datetime | None:
    """The moment of the analysts' file, if a build now would come to the same; else None.

    It does on the same day (lateness grows by the day), when nothing has happened since and no
    seed, model or contract is another.
    """
    if not settings.analysts.exists():
        return None
    try:
        with duckdb.connect(str(settings.analysts), read_only=True) as connection:
            row = connection.execute(
                "select as_of, happened, project from marts.built_from"
            ).fetchone()
    except duckdb.CatalogException:  # built by an earlier version
        return None
    if row is None:
        return None
    made = MadeFrom(*row)
    now = clock.now()
    same_day = made.as_of.date() == now.date() and made.as_of <= now
    return made.as_of if same_day and made == made_from(settings, made.as_of) else None


def _files(settings: Settings) -> Iterator[tuple[str, bytes]]:
    """Every file that decides what a build comes to, by its name in the project."""
    yield from ((name, (SOURCE / name).read_bytes()) for name in FILES)
    for layer in LAYERS:
        folder = settings.seeds if layer == "seeds" else SOURCE / layer
        for path in folder.rglob("*"):
            if path.is_file():
                yield f"{layer}/{path.relative_to(folder)}", path.read_bytes()
    for path in settings.contracts.glob("*.yaml"):
        yield f"contracts/{path.name}", path.read_bytes()
