"""The same models in PostgreSQL: what was kept is copied there, and dbt builds over the copy.

Which database, libpq's own variables say (PGHOST, PGPORT, PGUSER, PGDATABASE, PGPASSFILE): no
password passes through here, and none stands in a profile, a log or what dbt has parsed.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

import duckdb

from flows.common import clock
from flows.common.settings import Settings
from flows.modelling.build import PRIVATE_SCHEMAS, by_dbt
from flows.modelling.dbt_runner import Target
from flows.modelling.elsewhere import BuiltElsewhere, NotThere, at_work_for, refuse_without
from flows.modelling.handed_over import GIVEN, handed_over
from flows.warehouse.connection import quoted

EXTENSION = "duckdb_extension_postgres_scanner"
NEEDS = (EXTENSION, "dbt.adapters.postgres")
PASSED_ON = ("PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGPASSFILE", "PGSSLMODE", "PGSSLROOTCERT")
# Of a relation that says which of its rows is the newest PostgreSQL expects one row, and would go
# through all of another for each: joins are hashed or merged. To compile a query takes longer.
PLANNED = "-c enable_nestloop=off -c jit=off"
BUILT = ("seeds", *PRIVATE_SCHEMAS, "marts", "publication")
OURS = "Made by the Social Value Warehouse, and made anew by each build."
# Where the order or the case of letters is another, so are figures: what a `min` of a text gives.
ASKED = {"encoding": "UTF8", "collation": "C", "character type": "C.UTF-8"}
SAID = """
    select pg_encoding_to_char(encoding), datcollate, datctype
    from pg_database where datname = current_database()
"""
STRANGE = """
    select nspname from pg_namespace
    where nspname in ({names})
        and obj_description(oid, ''pg_namespace'') is distinct from ''{ours}''
    order by nspname
"""


def build_in_postgres(settings: Settings, as_of: datetime | None = None) -> BuiltElsewhere:
    """Build every model in the database that libpq's variables name, as of a moment (now).

    Raises NotThere, or BuildFailed naming each model or test that failed.
    """
    moment = as_of or clock.now()
    environment = _environment()
    with at_work_for(settings, "postgres") as (work, locks):
        with _database(settings) as connection:
            _refuse_unlike(connection)
        try:
            with _database(settings) as connection:
                _make_empty(connection)
                for one in handed_over(connection, work, moment):
                    connection.execute(
                        f'create table there.{one.schema}."{one.name}" as from {one.source}'
                    )
                _send(connection, "analyze")
            target = Target("postgres", environment)
            nodes = by_dbt(settings, work, moment, locks, [], target)
        finally:  # rows about people stay there in no case
            with _database(settings) as connection:
                for schema in (*PRIVATE_SCHEMAS, *GIVEN):
                    _send(connection, f"drop schema if exists {schema} cascade")
    return BuiltElsewhere(environment["PGDATABASE"], moment, nodes)


def _environment() -> dict[str, str]:
    """Which database, for dbt too. Raises NotThere where that cannot be said."""
    refuse_without(NEEDS, "postgres")
    if "PGPASSWORD" in os.environ:
        raise NotThere(
            "PGPASSWORD is handed on to nobody: put the password into a file, and name it by "
            "PGPASSFILE."
        )
    if unsaid := [name for name in ("PGHOST", "PGUSER", "PGDATABASE") if not os.environ.get(name)]:
        raise NotThere(f"Say which database by {', '.join(unsaid)}.")
    passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    options = f"{os.environ.get('PGOPTIONS', '')} {PLANNED}".strip()
    return passed_on | {"PGOPTIONS": options}


@contextmanager
def _database(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB with the database attached as `there`. Raises NotThere."""
    spec = find_spec(EXTENSION)
    folder = Path(str(spec.origin)).parent if spec else Path()
    extension = next(folder.glob("extensions/*/*.duckdb_extension"))
    with duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{settings.memory_limit}'")
        connection.execute(f"set threads = {settings.threads}")
        connection.execute(f"load {quoted(extension)}")
        try:
            connection.execute("attach '' as there (type postgres)")
            yield connection
        except duckdb.Error as error:
            said = " ".join(str(error).split())
            raise NotThere(f"The database cannot be used: {said}") from None


def _refuse_unlike(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse a database whose letters have another order, or whose schemas somebody else made."""
    (said,) = _ask(connection, SAID)
    for (what, wanted), is_so in zip(ASKED.items(), said, strict=True):
        if is_so != wanted:
            raise NotThere(
                f"The database has the {what} {is_so}, and figures would be others: make one with "
                "encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8' template template0."
            )
    names = ", ".join(f"''{name}''" for name in (*GIVEN, *BUILT))
    if strange := _ask(connection, STRANGE.format(names=names, ours=OURS)):
        raise NotThere(
            f"The database has a schema {strange[0][0]} that is not ours: name one of its own."
        )


def _make_empty(connection: duckdb.DuckDBPyConnection) -> None:
    """Make every schema anew, with the word that it is ours."""
    for schema in (*GIVEN, *BUILT):
        _send(
            connection,
            f"drop schema if exists {schema} cascade; create schema {schema}; "
            f"comment on schema {schema} is ''{OURS}''",
        )


def _send(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    connection.execute(f"call postgres_execute('there', '{sql}')")


def _ask(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[str, ...]]:
    return connection.execute(f"from postgres_query('there', '{sql}')").fetchall()
