"""What of dbt's project nobody writes by hand: it is made from contracts and declarations.

The sources of landed tables and their plain staging views come from contracts, models of
contributions from `indicators/*.yaml`. Which models hold contributions is told by their own YAML
(`meta: {contributions: [...]}`) and gathered here into a macro: dbt has to know what a model reads
before it knows the others.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from exports.definitions.table import TableDefinition
from flows.authority.indicators import PEOPLE, Indicators
from flows.authority.overlay import read_rows
from flows.common.declarations import parse_yaml
from flows.modelling.made_tables import publication
from flows.modelling.made_yaml import as_yaml
from flows.returns.contract import Contract, Table
from flows.returns.derive import landed_columns

FOLDER = "made"
SOURCES = f"{FOLDER}/staging/_landed.yml"
REGISTER = f"{FOLDER}/macros/registered.sql"
ROLES = f"{FOLDER}/macros/roles.sql"
# A return is stale this many days after the first one of its kind could have come: its own period
# and the 30 days in which it is due.
STALE_AFTER = {"month": 46, "quarter": 122, "half": 214, "year": 400}
KEY_OF_ROW = ("_return_id", "_sheet", "_row")
_NAMES_STAGING = re.compile(rb"stg_\w+")
Files = Mapping[str, bytes]


def made_files(
    written: Files,
    contracts: Sequence[Contract],
    declared: Sequence[Indicators],
    of_indicators: Sequence[TableDefinition] = (),
    the_region: str = "the region",
) -> dict[str, bytes]:
    """The files that are made, by their path in the project; `written`: those by hand.

    `of_indicators`: the tables that have no publication model of their own. `the_region`: as
    sentences call it. Raises DeclarationError where a table would show people unprotected.
    """
    tables = {name: one for contract in contracts for name, one in contract.tables.items()}
    found = {SOURCES: as_yaml({"sources": [_landed(contracts)]})}
    by_hand = {path.rsplit("/", 1)[-1] for path in written}
    named = {f"stg_{one.reads}" for one in declared if one.reads in tables}
    for path, content in written.items():
        if path.endswith(".sql"):
            named |= {word.decode() for word in _NAMES_STAGING.findall(content)}
    for name, table in tables.items():
        if f"stg_{name}" in named and f"stg_{name}.sql" not in by_hand:
            found |= _staging(name, table)
    for one in declared:
        found |= _contributions(one, tables.get(one.reads))
    counts_people = _counting_people(written)
    for one_table in of_indicators:
        found |= publication(one_table, counts_people)
    return found | {REGISTER: _register({**written, **found}), ROLES: _roles(the_region)}


def _roles(the_region: str) -> bytes:
    """The macro by which a model names the region, as it stands inside quotes of SQL."""
    name = json.dumps(the_region.replace("'", "''"), ensure_ascii=False)
    return f"{{% macro the_region() -%}}{{{{ return({name}) }}}}{{%- endmacro %}}\n".encode()


def _counting_people(written: Files) -> set[str]:
    """The indicators that count people, as the registry says."""
    path = "seeds/indicators.csv"
    rows = read_rows(path, written[path])[1] if path in written else []
    return {row["indicator_id"] for row in rows if row["counts_people"] == "yes"}


def _landed(contracts: Sequence[Contract]) -> dict[str, Any]:
    return {
        "name": "landed",
        "database": "{{ {'duckdb': 'kept', 'spark': 'landed'}.get(target.type, target.database) }}",
        "schema": "landed",
        "description": "The rows of returns, typed, one table a return, as its contract says.",
        "config": {"loaded_at_field": "_received_at"},
        "tables": [
            {
                "name": name,
                "description": f"{table.title}: {table.grain}",
                "config": {
                    "freshness": {
                        "warn_after": {"count": STALE_AFTER[one.period.every], "period": "day"}
                    }
                },
            }
            for one in contracts
            for name, table in one.tables.items()
        ],
    }


def _staging(name: str, table: Table) -> dict[str, bytes]:
    columns = list(landed_columns(table.columns))
    meanings = {column.name: column.meaning for column in table.columns}
    meanings |= {new: c.meaning for c in table.columns for new in c.becomes}
    private = {column.name for column in table.columns if column.privacy != "public"}
    described = {
        "sender": "{{ doc('sender') }}",
        "period": "The period of the return",
        "part": "The part of the period; blank for the whole",
        **{column: meanings[column] for column in columns},
        "_return_id": "{{ doc('return_id_of_row') }}",
        "_sheet": "{{ doc('sheet') }}",
        "_row": "{{ doc('row_number') }}",
        "_received_at": "When the return was received (UTC)",
    }
    model = {
        "name": f"stg_{name}",
        "description": f"{table.title}. One row a row of a return in force: {table.grain}.",
        "config": {"group": "people" if table.is_of_people else "returns"},
        "columns": [
            {"name": column, "description": says}
            | ({"config": {"meta": {"privacy": "private"}}} if column in private else {})
            for column, says in described.items()
        ],
    }
    text = (
        f"-- grain: {table.grain}, of a return in force (made from its contract)\n"
        "{{ config(materialized='view') }}\n\n"
        f"{{{{ landed({json.dumps(name)}, {json.dumps(columns)}) }}}}\n"
    )
    place = f"{FOLDER}/staging/stg_{name}"
    return {f"{place}.sql": text.encode(), f"{place}.yml": as_yaml({"models": [model]})}


def _contributions(one: Indicators, table: Table | None) -> dict[str, bytes]:
    """The model that declared indicators become; `table`: of the return that they read, if any."""
    of_people = one.of_people or (table is not None and table.is_of_people)
    name = f"{PEOPLE if of_people else 'fct_'}contributions_{one.name}"
    number = "decimal(28, 12)" if of_people else "decimal(24, 6)"
    more = {"_series": one.series, "_person": one.person, "_amount": one.amount}
    has = {column: sql for column, sql in more.items() if sql is not None}
    told = {
        "number": number,
        "where": one.where,
        "columns": {
            column: one.columns.get(column, column)
            for column in ("period", "sender", *one.breakdowns, *one.keeps)
        }
        | has,
        "figures": [
            {
                "indicator": indicator,
                "basis": figure.basis,
                "numerator": figure.numerator,
                "denominator": figure.denominator or ("null" if of_people else "0"),
                "where": figure.where,
            }
            for indicator, figures in one.indicators.items()
            for figure in figures
        ],
    }
    reads = f"stg_{one.reads}" if table is not None else one.reads
    numbers = ", ".join(one.indicators)
    text = (
        f"-- grain: a row of {reads} in a basis of {numbers} (made from {one.name}.yaml)\n"
        f"{{{{ declared_contributions(ref({json.dumps(reads)}), {json.dumps(told)}) }}}}\n"
    )
    if of_people:
        text = text.replace("\n", "\n{{ config(materialized='view') }}\n\n", 1)
    model = {
        "name": name,
        "description": f"{numbers}: what each row of {reads} adds. One row a row and basis.",
        "config": {
            "group": "people" if of_people else "engine",
            "access": "private" if of_people else "public",
            "contract": {"enforced": not of_people},
            "meta": {"contributions": [*one.breakdowns, *has]},
        },
        "columns": list(_columns_of(one, has, number)),
    }
    if not of_people:
        key = ["indicator_id", "basis", "period", *(one.keeps or KEY_OF_ROW)]
        always = [f"indicator_id in ({', '.join(repr(known) for known in one.indicators)})"]
        model["data_tests"] = [{"sound": {"arguments": {"key": key, "always": always}}}]
    tests = [
        {
            "name": example.name,
            "description": example.says,
            "model": name,
            "given": [{"input": f"ref('{reads}')", "rows": example.given}],
            "expect": {"rows": example.expect},
        }
        for example in one.examples
    ]
    place = f"{FOLDER}/{'people' if of_people else 'indicators'}/{name}"
    return {
        f"{place}.sql": text.encode(),
        f"{place}.yml": as_yaml({"models": [model], "unit_tests": tests}),
    }


def _columns_of(one: Indicators, has: Mapping[str, str], number: str) -> Iterator[dict[str, str]]:
    told = {
        "indicator_id": "The indicator",
        "basis": "{{ doc('basis') }}",
        "period": "{{ doc('period_reported_on') }}",
        "sender": "{{ doc('sender_or_blank') }}",
        **{column: f"Its {column.replace('_', ' ')}" for column in (*one.breakdowns, *one.keeps)},
        **dict.fromkeys(has, "{{ doc('more_of_a_contribution') }}"),
        "numerator": "{{ doc('numerator_of_row') }}",
        "denominator": "{{ doc('denominator_of_row') }}",
        "_return_id": "{{ doc('return_id_or_blank') }}",
        "_sheet": "{{ doc('sheet') }}",
        "_row": "{{ doc('row_number_or_whole') }}",
    }
    types = {"numerator": number, "denominator": number, "_row": "bigint"}
    for name, description in told.items():
        kind = types.get(name, "varchar").replace(", ", ",")
        yield {"name": name, "data_type": kind, "description": description}


def _register(files: Files) -> bytes:
    """The macros that name the models of contributions, by what their YAML says of them."""
    found: dict[str, dict[str, list[str]]] = {"": {}, "people_": {}}
    for path in sorted(files):
        if "/" in path and path.endswith(".yml") and b"contributions" in files[path]:
            for model in parse_yaml(files[path].decode(), path).get("models", []):
                has = model.get("config", {}).get("meta", {}).get("contributions")
                if has is not None:
                    of = "people_" if model["name"].startswith(PEOPLE) else ""
                    found[of][model["name"]] = has
    return "\n".join(
        f"{{% macro {of}contribution_models() -%}}\n"
        f"    {{{{ return({json.dumps(models)}) }}}}\n"
        "{%- endmacro %}\n"
        for of, models in found.items()
    ).encode()
