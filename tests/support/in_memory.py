"""The models as dbt compiled them, on rows of a few lines, in a DuckDB in memory: under a second.

So a worked example is run by the very SQL that makes the figures, and so is a mutation of it: only
what lies downstream of the model that was changed is made again.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from tests.support.tiny_warehouse import (
    POSTCODES,
    Finding,
    Return,
    Row,
    add_finding,
    make_warehouse,
)

FURTHER = {  # landed tables that are further tables of a return
    "procurement_contracts_kpis": ("procurement_contracts", "kpis"),
    "procurement_commitments_profile": ("procurement_commitments", "profile"),
}
SCHEMAS = ("seeds", "staging", "intermediate", "people", "marts", "publication", "build")
VALUES = """
    select indicator_id, basis, period, breakdown_value, numerator, denominator, value
    from model.marts.fct_indicator_values where value is not null or numerator is not null
"""


@dataclass(frozen=True)
class Key:
    """Which figure: indicator, basis, period, and the value of its breakdown ('' for the whole)."""

    indicator: str
    basis: str
    period: str
    of: str


Figure = tuple[Decimal | None, Decimal | None, Decimal | None]  # numerator, denominator, value


@dataclass(frozen=True)
class Model:
    """A model: its SQL as dbt compiled it, where it stands, and what it reads."""

    name: str
    relation: str
    sql: str
    reads: tuple[str, ...]


def compiled(manifest: Path) -> list[Model]:
    """Every model of a build, each after what it reads."""
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    models = {
        key: Model(node["name"], node["relation_name"], node["compiled_code"], tuple(reads))
        for key, node in nodes.items()
        if node["resource_type"] == "model"
        for reads in [node["depends_on"]["nodes"]]
    }
    ordered: dict[str, Model] = {}

    def visit(key: str) -> None:
        if key in models and key not in ordered:
            for read in models[key].reads:
                visit(read)
            ordered[key] = models[key]

    for key in sorted(models):
        visit(key)
    return [
        Model(one.name, one.relation, one.sql, tuple(r.rsplit(".", 1)[-1] for r in one.reads))
        for one in ordered.values()
    ]


def returns_of(folder: Path) -> list[Return]:
    """The returns whose rows stand in `folder`, a CSV file for each landed table."""
    found: dict[tuple[str, str, str], tuple[list[Row], dict[str, list[Row]]]] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                sender, period = row.pop("sender"), row.pop("period")
                cells: Row = {name: cell for name, cell in row.items() if cell != ""}
                name, further = FURTHER.get(path.stem, (path.stem, ""))
                rows, also = found.setdefault((name, sender, period), ([], {}))
                (also.setdefault(further, []) if further else rows).append(cells)
    return [
        Return(name, period, "2022-07-10", rows, sender=sender, also=also, version=number)
        for number, ((name, sender, period), (rows, also)) in enumerate(found.items(), start=1)
    ]


class World:
    """Every model, made of a few returns as they stood at a moment."""

    def __init__(
        self,
        built: Path,
        returns: Sequence[Return],
        scratch: Path,
        as_of: str = "2023-05-20 12:00:00",
        findings: Sequence[Finding] = (),
    ) -> None:
        self.as_of = as_of
        self.models = compiled(built / "dbt" / "target" / "manifest.json")
        self.connection = duckdb.connect()
        make_warehouse(scratch / "rows.duckdb", returns)
        for finding in findings:
            add_finding(scratch / "rows.duckdb", finding)
        for name, path in (("kept", scratch / "rows.duckdb"), ("built", built / "analysts.duckdb")):
            self.connection.execute(f"attach '{path}' as {name} (read_only)")
        for name in ("model", "reference"):
            self.connection.execute(f"attach ':memory:' as {name}")
        for schema in SCHEMAS:
            self.connection.execute(f"create schema model.{schema}")
        self._copy_seeds()
        self.connection.execute("use model")
        self.make(self.models)

    def _copy_seeds(self) -> None:
        seeds = self.connection.execute(
            "select table_name from duckdb_tables() "
            "where database_name = 'built' and schema_name = 'seeds'"
        ).fetchall()
        for (name,) in seeds:
            self.connection.execute(
                f'create table model.seeds."{name}" as from built.seeds."{name}"'
            )
        self.connection.execute(  # in no file that analysts get: it names postcodes
            "create table model.intermediate.wards "
            "(postcode varchar, ward_code varchar, ward varchar)"
        )
        self.connection.execute(
            "create table reference.postcodes as select * from (values "
            + ", ".join(f"('{code}', '{place}')" for code, place in POSTCODES.items())
            + ") as given(postcode, local_authority_code)"
        )
        self.connection.execute(
            f"create table model.build.moment as select timestamp '{self.as_of}' as as_of"
        )

    def make(self, models: Sequence[Model]) -> None:
        """Make these models anew, as tables."""
        for one in models:
            self.connection.execute(f"create or replace table {one.relation} as {one.sql}")

    def figures(self) -> Mapping[Key, Figure]:
        """Every figure there is."""
        return {
            Key(*row[:4]): (row[4], row[5], row[6])
            for row in self.connection.execute(VALUES).fetchall()
        }

    def mutated(self, name: str, sql: str) -> Mapping[Key, Figure]:
        """The figures with another SQL for the model `name`; `{sql}` in it is its own."""
        changed = list(self._downstream(name, sql))
        self.connection.execute("begin")
        try:
            self.make(changed)
            return self.figures()
        finally:
            self.connection.execute("rollback")

    def _downstream(self, name: str, sql: str) -> Iterator[Model]:
        """The model with its new SQL, and what rests on it up to the figures."""
        towards = self._upstream("fct_indicator_values")
        moved = {name}
        for one in self.models:
            if one.name == name:
                yield Model(one.name, one.relation, sql.replace("{sql}", f"({one.sql})"), one.reads)
            elif moved & set(one.reads) and one.name in towards:
                moved.add(one.name)
                yield one

    def _upstream(self, name: str) -> set[str]:
        reads = {one.name: one.reads for one in self.models}
        found, left = {name}, [name]
        while left:
            new = [read for read in reads.get(left.pop(), ()) if read not in found]
            found.update(new)
            left.extend(new)
        return found
