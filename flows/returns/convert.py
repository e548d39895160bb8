"""From text to typed rows, in SQL made from the contract.

Makes two tables of the scratch database. `typed_rows`: `_sheet`, `_row`, every column of the
contract with its type, and `_kind` (`row`, `blank`, `note`, `totals`, `header`). `unread_cells`:
`_sheet`, `_row`, `column`, `if_unreadable` for each cell that holds text and no value.
"""

from collections.abc import Mapping, Sequence
from importlib.resources import files

import duckdb

from flows.common import clock
from flows.common.periods import Period
from flows.returns.column import Column, Type
from flows.returns.contract import Table
from flows.returns.currencies import convert_currencies
from flows.returns.date_order import puts_month_first
from flows.returns.framework_codes import read_framework_codes
from flows.returns.layout import plain
from flows.returns.rows import RawRows
from flows.returns.shifted_rows import select_shifted

SQL_TYPES: dict[Type, str] = {
    "text": "varchar",
    "code": "varchar",
    "money": "decimal(18, 2)",
    "date": "date",
    "moment": "timestamp",
    "integer": "bigint",
    "number": "decimal(18, 6)",
    "boolean": "boolean",
    "postcode": "varchar",
    "month": "varchar",
}
# Types of which each different text is read once: it repeats.
READ_ONCE = ("date", "moment", "month", "boolean", "postcode", "integer")
# How nearly every cell of a number is written: a cast reads it. The macros, which read all others
# and these alike, cost seconds a million cells, and a tenth of one to be planned for a file.
PLAIN = {"money": r"-?\d{1,15}(\.\d+)?", "number": r"-?\d{1,11}(\.\d+)?"}


def load_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the macros that turn text into values known to a scratch database and those beside."""
    connection.execute(files("flows.returns").joinpath("macros.sql").read_text(encoding="utf-8"))


def type_rows(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    raw: RawRows,
    file_name: str,
    expected: Period | None = None,
) -> None:
    """Make `typed_rows` and `unread_cells` from `raw_rows`, with the macros of `load_macros`.

    `expected`: the period that the file is said to be for, by which days are told from months.
    Raises Rejected where a date column contradicts itself: some cells can only be day first,
    others only month first.
    """
    found = [column for column in table.columns if column.name in raw.columns]
    remove_contacts(connection, found)
    joins: list[str] = []
    values: dict[str, str] = {}
    for column in found:
        if column.type in READ_ONCE or column.one_of:
            _read_distinct(connection, column, table, file_name, expected)
            joins.append(_join(column))
            values[column.name] = f'"r_{column.name}".means'
        elif column.type in PLAIN:
            values[column.name] = _plain_number(column)
            if _read_odd_numbers(connection, column):
                joins.append(_join(column))
                values[column.name] = f'coalesce({values[column.name]}, "r_{column.name}".means)'
        else:
            values[column.name] = _text(column, f'raw."{column.name}"')
    kind = _kind(table, found, values)
    for column in table.columns:
        if column.dug_from in raw.columns:
            written = values.get(column.name, "null")
            values[column.name] = f'coalesce({written}, dig_postcode(raw."{column.dug_from}"))'
    columns = [
        f'{values.get(column.name, "null")}::{SQL_TYPES[column.type]} as "{column.name}"'
        for column in table.columns
    ]
    connection.execute(
        f"create or replace table typed_rows as "
        f"select raw._sheet, raw._row, {', '.join(columns)}, {kind} as _kind "
        f"from raw_rows as raw {' '.join(joins)}"
    )
    _settle_kinds(connection, table)
    convert_currencies(connection, table, raw.columns)
    read_framework_codes(connection, table, found)
    _unread_beyond(connection, found)
    merged = _unread_merged(connection, found, raw)
    _note_unread(connection, table, found, merged)


def _join(column: Column) -> str:
    """What each different text of the column means, beside the rows."""
    name = f'"r_{column.name}"'
    return f'left join "read_{column.name}" as {name} on {name}._cell = raw."{column.name}"'


def _plain_number(column: Column) -> str:
    """The value of a cell that is written as a plain number; null of any other."""
    filled = f"nullif(trim(raw.\"{column.name}\"), '')"
    plain = f"case when regexp_full_match({filled}, '{PLAIN[column.type]}') then {filled} end"
    return f"below(try_cast({plain} as {SQL_TYPES[column.type]}), most_{column.type}())"


def _read_odd_numbers(connection: duckdb.DuckDBPyConnection, column: Column) -> bool:
    """Read each different text that is written in another way; whether there is any."""
    name = f'"{column.name}"'
    connection.execute(
        f'create or replace temp table "texts_{column.name}" as '
        f"select {name} as _cell, trim({name}) as _text from raw_rows "
        f"where nullif(trim({name}), '') is not null "
        f"and not regexp_full_match(trim({name}), '{PLAIN[column.type]}') group by all"
    )
    if not connection.execute(f'select 1 from "texts_{column.name}" limit 1').fetchone():
        return False
    share = column.type == "number" and (column.unit or "").startswith("share")
    connection.execute(
        f'create or replace temp table "read_{column.name}" as select _cell, '
        f'read_{"share" if share else column.type}(_text) as means from "texts_{column.name}"'
    )
    return True


def _text(column: Column, text: str) -> str:
    if column.type == "code" and not column.required:
        text = f"case when not says_nothing({text}) then {text} end"
    # Only a text with odd spaces in it needs the regular expression.
    return (
        f"case when regexp_matches({text}, '\\s\\s|^\\s|\\s$|[\\n\\t]|' || chr(160)) "
        f"then nullif(read_text({text}), '') else nullif({text}, '') end"
    )


def _read_distinct(
    connection: duckdb.DuckDBPyConnection,
    column: Column,
    table: Table,
    file_name: str,
    expected: Period | None,
) -> None:
    """Read each different text of the column once: dates, flags and places repeat."""
    name = f'"{column.name}"'
    connection.execute(
        f'create or replace temp table "texts_{column.name}" as '
        f"select {name} as _cell, trim({name}) as _text from raw_rows "
        f"where nullif(trim({name}), '') is not null group by all"
    )
    if column.one_of is not None:
        means = _chosen(column.one_of)
    elif column.type == "date":
        month_first = puts_month_first(connection, column, table, file_name, expected)
        means = (
            f"coalesce(read_instant(_text, {_quoted(table.time_zone)}), "
            f"read_day(day_text(_text), {str(month_first).lower()}))"
        )
        if any(derived.at for derived in column.becomes.values()):  # a day of birth
            means = f"read_birth(_text, {means}, date '{clock.now():%Y-%m-%d}')"
    elif column.means_yes:
        means = f"coalesce(read_boolean(_text), {_chosen({'true': column.means_yes})}::boolean)"
    else:
        means = f"read_{column.type}(_text)"
    connection.execute(
        f'create or replace temp table "read_{column.name}" as '
        f'select _cell, {means} as means from "texts_{column.name}"'
    )


def _chosen(one_of: dict[str, list[str]]) -> str:
    cases = "".join(
        f" when {_quoted(plain(word))} then {_quoted(value)}"
        for value, words in one_of.items()
        for word in sorted({plain(w) for w in [value, *words]})
    )
    letters = "regexp_replace(replace(lower(_text), '&', 'and'), '[^a-z0-9]', '', 'g')"
    return f"case coalesce(nullif({letters}, ''), trim(_text)){cases} end"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _kind(table: Table, found: list[Column], values: Mapping[str, str]) -> str:
    """What a row is, so far as its own cells say; `values`: what a cell of a column comes to."""
    names = {column.name for column in found}
    described = [
        f"nullif(trim(raw.\"{column.name}\"), '')"
        for column in table.required_columns
        if column.name != table.money and column.name in names
    ]
    nothing = f"coalesce({', '.join(described)}) is null" if described else "false"
    words = "|".join(word.replace(" ", r"\s+") for word in table.totals_words)
    # A cell that says nothing but "total" is one; a supplier called Total only if the sum agrees.
    says_total = f"regexp_matches(raw._words, '(?i)(^|\\| )({words})[ :.]*( \\||$)')"
    has_total = f"regexp_matches(raw._words, '(?i)(^|\\W)({words})(\\W|$)')"
    if not words:
        says_total = has_total = "false"
    if table.money is None or table.money not in names:
        return (
            "case when raw._blank then 'blank' "
            f"when raw._words is not null and {says_total} then 'totals' "
            f"when {nothing} then 'note' else 'row' end"
        )
    amount = values[table.money]
    return (
        f"case when raw._blank then 'blank' "
        f"when raw._words is not null and {amount} is not null and {says_total} then 'totals' "
        f"when raw._words is not null and {amount} is not null and {has_total} then 'totals?' "
        f"when {nothing} and {amount} is null then 'note' "
        f"when {nothing} then 'totals?' else 'row' end"
    )


def _settle_kinds(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """A sum that nobody describes is a total if it is what stands above it; else it is a row."""
    if table.money is None:
        return
    money = f'"{table.money}"'
    if not connection.execute(
        "select 1 from typed_rows where _kind = 'totals?' limit 1"
    ).fetchone():
        return
    totals = connection.execute(
        f"""
        select _sheet, _row from (
            select _sheet, _row, _kind, {money} as stated,
                   sum(case when _kind = 'row' then {money} end)
                       over (partition by _sheet order by _row) as above
            from typed_rows
        ) where _kind = 'totals?' and stated = above
        """
    ).fetchall()
    for sheet, row in totals:
        connection.execute(
            "update typed_rows set _kind = 'totals' where _sheet = ? and _row = ?", [sheet, row]
        )
    connection.execute("update typed_rows set _kind = 'row' where _kind = 'totals?'")


def _unread_beyond(connection: duckdb.DuckDBPyConnection, columns: Sequence[Column]) -> None:
    """Unread the largest cells of a column that adds up to more than the models can hold."""
    for column in columns:
        if column.type not in ("money", "number"):
            continue
        name = f'"{column.name}"'
        most = f"most_{column.type}_added()"
        added = f"sum(abs({name})) filter (where _kind = 'row')"
        if connection.execute(f"select {added} >= {most} from typed_rows").fetchone() == (True,):
            connection.execute(
                f"""
                update typed_rows set {name} = null from (
                    select _sheet as s, _row as r,
                           sum(abs({name})) over (order by abs({name}), _sheet, _row) as added
                    from typed_rows where _kind = 'row' and {name} is not null
                ) as running where _sheet = s and _row = r and added >= {most}
                """
            )


def _unread_merged(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[Column], raw: RawRows
) -> set[str]:
    """Unread the texts that stand for a cell merged with one above; the columns they are in."""
    texts = {column.name for column in columns if _takes_any_text(column)}
    cells = [one for one in raw.merged if one[2] in texts]
    for name in {name for _, _, name in cells}:
        rows = [(sheet, row) for sheet, row, of in cells if of == name]
        connection.executemany(
            f'update typed_rows set "{name}" = null where _sheet = ? and _row = ?', rows
        )
    return {name for _, _, name in cells}


def _takes_any_text(column: Column) -> bool:
    return column.type in ("text", "code") and not column.one_of


def _note_unread(
    connection: duckdb.DuckDBPyConnection, table: Table, found: list[Column], merged: set[str]
) -> None:
    """List the cells that hold text and gave no value; most columns have none, seen at a glance.

    Of columns that take any text only the `merged` may have one."""
    parts = [
        f"select raw._sheet, raw._row, '{column.name}' as \"column\", "
        f"'{column.if_unreadable}' as if_unreadable, {_shown(table, column)} as text "
        f"from raw_rows as raw join typed_rows as typed using (_sheet, _row) "
        f"where typed._kind = 'row' and typed.\"{column.name}\" is null "
        f"and nullif(trim(raw.\"{column.name}\"), '') is not null{_but_nothing(column)}"
        for column in found
        if (column.name in merged if _takes_any_text(column) else _any_unread(connection, column))
    ]
    union = " union all ".join(parts) or (
        "select '' as _sheet, 0::bigint as _row, '' as \"column\", '' as if_unreadable, "
        "'' as text where false"
    )
    has_money = table.money in {column.name for column in found}
    union += (
        " union all select _sheet, _row, '', 'quarantine', null "
        f"from ({select_shifted(connection, table, has_money)}) "
        "join typed_rows as typed using (_sheet, _row) where typed._kind = 'row'"
    )
    connection.execute(f"create or replace table unread_cells as {union}")


def _but_nothing(column: Column) -> str:
    """A cell that says there is no number has been read; it is blank."""
    if column.type not in ("money", "number"):
        return ""
    return f' and not says_nothing(raw."{column.name}")'


def _shown(table: Table, column: Column) -> str:
    """What a finding may show of a cell."""
    return f'left(raw."{column.name}", 200)' if table.shows(column) else "null::varchar"


def _any_unread(connection: duckdb.DuckDBPyConnection, column: Column) -> bool:
    if column.type in ("money", "number"):
        look = f"select 1 from typed_rows where \"{column.name}\" is null and _kind = 'row' limit 1"
    else:
        look = f'select 1 from "read_{column.name}" where means is null limit 1'
    return connection.execute(look).fetchone() is not None


def remove_contacts(connection: duckdb.DuckDBPyConnection, columns: Sequence[Column]) -> None:
    """Take contacts, and the name of a person whom the row names elsewhere, out of the free text
    in `raw_rows`; list the cells in `cleaned_cells`: `_sheet`, `_row`, `column`.
    """
    connection.execute(
        'create or replace table cleaned_cells (_sheet varchar, _row bigint, "column" varchar)'
    )
    named = [one for one in columns if one.privacy == "personal" and one.type == "text"]
    for column in (one for one in columns if one.free_text):
        text = f'"{column.name}"'
        found, cleaned = f"names_contacts({text})", f"without_contacts({text})"
        for person in (f'"{one.name}"' for one in named if not one.becomes):
            found += f" or names_person({text}, {person})"
            cleaned = f"without_person({cleaned}, {person})"
        done = connection.execute(
            f"insert into cleaned_cells select _sheet, _row, '{column.name}' from raw_rows "
            f"where {found}"
        ).fetchone()
        if done and done[0]:
            connection.execute(f"update raw_rows set {text} = {cleaned} where {found}")
