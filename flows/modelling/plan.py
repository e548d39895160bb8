"""The plan of a build: what dbt sent to the database in a build where all went well.

A plan is known by all that decides what dbt would send: its digest is the file's name. Within, a
seal says that the file is whole and as it was written. What is cut, altered or of another digest
is no plan, and dbt makes another.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from importlib.metadata import version
from pathlib import Path

import duckdb

from flows.common.files import digest_of, written_whole
from flows.modelling import dbt_process
from flows.modelling.dbt_runner import Workplace, kept_for_all_homes, project_files

COMPILERS = ("dbt-core", "dbt-adapters", "dbt-duckdb", "duckdb")
KEPT = 8  # plans of a place: a release that is verified may have seeds of its own
Column = tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """A node as dbt ran it: what it sent, what it said of it, and of a test when it fails."""

    unique_id: str
    status: str
    message: str
    statements: list[str]
    severity: str
    warn_if: str


@dataclass(frozen=True)
class Plan:
    """The schemas that are made first, and the steps in dbt's order."""

    schemas: list[str]
    steps: list[Step]


def columns_read(connection: duckdb.DuckDBPyConnection) -> list[Column]:
    """Every column of what is attached: its database, schema and table, its name and its type."""
    return connection.execute(
        "select database_name, schema_name, table_name, column_name, data_type "
        "from duckdb_columns() where database_name in ('kept', 'reference') "
        "order by database_name, schema_name, table_name, column_index"
    ).fetchall()


def digest_of_sources(place: Workplace, columns: list[Column]) -> str:
    """All that decides what dbt would send, as one hash.

    The columns that models read are among it: they decide whether a model keeps its contract.
    """
    versions = {name: version(name) for name in COMPILERS}
    return digest_of(
        {
            **project_files(place),
            **{Path(one).name: Path(one).read_bytes() for one in (__file__, dbt_process.__file__)},
            "compiled by": json.dumps(versions).encode(),
            "columns read": json.dumps(columns).encode(),
        }
    )


def read_plan(place: Workplace, digest: str) -> Plan | None:
    """The plan of these sources, from the home or from the checkout; None where there is none."""
    for folder in _folders(place):
        plan = _read(folder / f"{digest}.json", digest)
        if plan is not None:
            return plan
    return None


def keep_plan(place: Workplace, digest: str) -> None:
    """Keep what dbt sent in the build that has just gone well, as the plan of these sources."""
    content = json.loads(place.results.read_text(encoding="utf-8"))
    kept = [field.name for field in fields(Step)]
    steps = [Step(**{name: one[name] for name in kept}) for one in content["results"]]
    whole = {"digest": digest, "plan": asdict(Plan(content["schemas"], steps))}
    body = json.dumps(whole).encode()
    for folder in _folders(place):
        folder.mkdir(parents=True, exist_ok=True)
        with written_whole(folder / f"{digest}.json", 0o644) as partial:
            partial.write_bytes(f"{hashlib.sha256(body).hexdigest()}\n".encode() + body)
        for path in sorted(folder.glob("*.json"), key=_written_at)[:-KEPT]:
            path.unlink(missing_ok=True)


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # another home's build has removed it
        return 0


def _folders(place: Workplace) -> list[Path]:
    """Where plans lie: the home's own place first, then a checkout's, for every home."""
    shared = kept_for_all_homes()
    return [place.plans, *([shared / "plans"] if shared else [])]


def _read(path: Path, digest: str) -> Plan | None:
    try:
        seal, _, body = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if seal != hashlib.sha256(body).hexdigest().encode():
        return None
    whole = json.loads(body)
    if whole["digest"] != digest:
        return None
    plan = whole["plan"]
    return Plan(plan["schemas"], [Step(**step) for step in plan["steps"]])
