"""Personal columns give way to what they become, in the scratch database, right after typing.

From here on nobody sees the originals: not the judge, nor what is kept, found or answered.
"""

import hashlib
import hmac
from collections.abc import Callable, Sequence

import duckdb
import pyarrow as pa

from flows.returns.column import Column, Derived, How
from flows.returns.convert import SQL_TYPES

DERIVED_TYPES: dict[How, str] = {
    "keyed hash": "varchar",
    "age band": "varchar",
    "aged 18": "boolean",
    "local authority": "varchar",
    "deprivation decile": "bigint",
}
HASH_LETTERS = 32  # 128 bits: no two people of any authority will ever share them
# The age bands of the published workforce profiles: the first year of each, and its name.
AGE_BANDS = [(55, "55-64"), (45, "45-54"), (35, "35-44"), (25, "25-34"), (13, "under 25")]
OLDEST, LAST_BAND, LAST_BAND_FROM = 100, "65 and over", 65

# Given a table `places_asked` (`postcode`), makes the table `places`: `postcode`,
# `local_authority_code` and, if it is wanted, `deprivation_decile`. Returns what they were looked
# up in.
FindPlaces = Callable[[duckdb.DuckDBPyConnection, bool], str]


def landed_columns(columns: Sequence[Column]) -> dict[str, str]:
    """The columns that land, in the contract's order, and their SQL types."""
    landed: dict[str, str] = {}
    for column in columns:
        if column.privacy != "personal":
            landed[column.name] = SQL_TYPES[column.type]
        for name, derived in column.becomes.items():
            landed[name] = DERIVED_TYPES[derived.how]
    return landed


def derive(
    connection: duckdb.DuckDBPyConnection,
    columns: Sequence[Column],
    typed: str,
    raw: str,
    scope: str,
    key: bytes,
    find_places: FindPlaces,
) -> str | None:
    """Replace the personal columns of the table `typed` by what they become, and forget their text.

    `raw`: the table of their text. `scope`: whose numbers they are; the same number in the same
    scope has the same hash in every period. Returns what places were looked up in, if any were.
    """
    personal = [column for column in columns if column.privacy == "personal"]
    if not personal:
        return None
    looked_up = _find_places(connection, personal, typed, find_places)
    selected: list[str] = []
    joins: list[str] = []
    for column in columns:
        if column.privacy != "personal":
            selected.append(f't."{column.name}"')
        if _becomes(column, "keyed hash"):
            _hash_distinct(connection, column.name, typed, f"{scope}/{column.name}", key)
            joins.append(
                f'left join "hashed_{column.name}" as "h_{column.name}" '
                f'on "h_{column.name}".text = t."{column.name}"'
            )
        if _is_place(column):
            joins.append(
                f'left join places as "p_{column.name}" '
                f'on "p_{column.name}".postcode = t."{column.name}"'
            )
        selected += [
            f'{_value(column.name, derived)}::{DERIVED_TYPES[derived.how]} as "{name}"'
            for name, derived in column.becomes.items()
        ]
    connection.execute(
        f"create or replace table {typed} as select t._sheet, t._row, {', '.join(selected)}, "
        f"t._kind from {typed} as t {' '.join(joins)}"
    )
    _forget(connection, personal, raw)
    return looked_up


def keyed_hash(number: str, scope: str, key: bytes) -> str:
    """The keyed hash (HMAC-SHA256) that stands for a person's number.

    Case, spaces and the leading zeros that spreadsheets lose make no difference.
    """
    plain = "".join(number.upper().split())
    if plain.isdigit():
        plain = plain.lstrip("0") or "0"
    digest = hmac.new(key, f"{scope}\n{plain}".encode(), hashlib.sha256)
    return digest.hexdigest()[:HASH_LETTERS]


def _value(name: str, derived: Derived) -> str:
    age = (
        f'(year(t."{derived.at}") - year(t."{name}") - case when strftime(t."{derived.at}", '
        f"'%m%d') < strftime(t.\"{name}\", '%m%d') then 1 else 0 end)"
    )
    bands = "".join(f" when {age} >= {first} then '{band}'" for first, band in AGE_BANDS)
    values: dict[How, str] = {
        "keyed hash": f'"h_{name}".hash',
        # An age that no employee has is a date that was mistyped.
        "age band": f"case when {age} >= {OLDEST} then null when {age} >= {LAST_BAND_FROM} "
        f"then '{LAST_BAND}'{bands} end",
        "aged 18": f"({age} >= 18)",
        "local authority": f'"p_{name}".local_authority_code',
        "deprivation decile": f'"p_{name}".deprivation_decile',
    }
    return values[derived.how]


def _hash_distinct(
    connection: duckdb.DuckDBPyConnection, name: str, typed: str, scope: str, key: bytes
) -> None:
    texts = [
        str(row[0])
        for row in connection.execute(
            f'select distinct "{name}" from {typed} where "{name}" is not null'
        ).fetchall()
    ]
    hashes = [keyed_hash(number, scope, key) for number in texts]
    arrays = [pa.array(texts, pa.string()), pa.array(hashes, pa.string())]
    connection.register("hashes", pa.Table.from_arrays(arrays, ["text", "hash"]))
    connection.execute(f'create or replace temp table "hashed_{name}" as select * from hashes')
    connection.unregister("hashes")


def _becomes(column: Column, *hows: How) -> bool:
    return any(derived.how in hows for derived in column.becomes.values())


def _is_place(column: Column) -> bool:
    return _becomes(column, "local authority", "deprivation decile")


def _find_places(
    connection: duckdb.DuckDBPyConnection,
    personal: Sequence[Column],
    typed: str,
    find_places: FindPlaces,
) -> str | None:
    asked = [column.name for column in personal if _is_place(column)]
    if not asked:
        return None
    union = " union ".join(
        f'select distinct "{name}" as postcode from {typed} where "{name}" is not null'
        for name in asked
    )
    connection.execute(f"create or replace temp table places_asked as {union}")
    return find_places(connection, any(_becomes(c, "deprivation decile") for c in personal))


def _forget(connection: duckdb.DuckDBPyConnection, personal: Sequence[Column], raw: str) -> None:
    """Drop what held the originals: their text, and the texts that were read once for all rows."""
    connection.execute("drop table if exists places_asked; drop table if exists places")
    for column in personal:
        connection.execute(f'alter table {raw} drop column if exists "{column.name}"')
        for made in ("texts", "read", "hashed"):
            connection.execute(f'drop table if exists "{made}_{column.name}"')
    connection.execute(f"alter table {raw} drop column if exists _words")
