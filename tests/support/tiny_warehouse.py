"""A quarter's returns of a made-up sender, put into a warehouse by hand, and dbt run on it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import yaml

from flows.modelling.dbt_runner import Workplace, at_work
from flows.modelling.dbt_runner import run_dbt as dbt_run
from tests.support.definitions import PLACES

ROOT = Path(__file__).resolve().parents[2]
SQL_TYPES = {
    "text": "varchar",
    "code": "varchar",
    "postcode": "varchar",
    "month": "varchar",
    "money": "decimal(18, 2)",
    "number": "decimal(18, 6)",
    "integer": "bigint",
    "date": "date",
    "moment": "timestamp",
    "boolean": "boolean",
}
DERIVED_TYPES = {
    "keyed hash": "varchar",
    "age band": "varchar",
    "aged 18": "boolean",
    "local authority": "varchar",
    "deprivation decile": "bigint",
}
POSTCODES = {
    "L31BP": "E08000012",  # Liverpool
    "CH412AB": "E08000015",  # Wirral
    "WA81AB": "E06000006",  # Halton
    "M11AE": "E08000003",  # Manchester: elsewhere
    "LS11AA": "E08000035",  # Leeds: elsewhere
}
Row = dict[str, object]


@dataclass(frozen=True)
class Return:
    """A return: its slot, when it came, what became of it, and its rows."""

    name: str
    month: str
    received: str
    rows: list[Row]
    part: str = ""
    outcome: str = "loaded"
    superseded: str = ""  # when, if it was
    quarantined: tuple[Decimal, ...] = ()
    version: int = 1
    sender: str = "lcrca"
    also: dict[str, list[Row]] = field(default_factory=dict)  # rows of its further tables

    @property
    def return_id(self) -> str:
        """A return id as the pipeline makes them."""
        return f"{self.name}-{self.part or 'whole'}{self.version:06d}/{self.month}"


@dataclass(frozen=True)
class Finding:
    """An open finding about a return, and whether someone has accepted it."""

    finding_id: str
    about: Return
    accepted: bool = False
    severity: str = "block release"
    rule: str = "a_rule"
    row: int | None = None
    column: str | None = None


def make_warehouse(path: Path, returns: list[Return]) -> None:
    """Make a warehouse at `path` that holds `returns`."""
    with duckdb.connect(str(path)) as connection:
        connection.execute((ROOT / "flows/warehouse/schema.sql").read_text(encoding="utf-8"))
        for contract in sorted((ROOT / "flows/returns/contracts").glob("*.yaml")):
            told = yaml.safe_load(contract.read_text(encoding="utf-8"))
            tables = {told["return"]: told["columns"]}
            tables |= {f"{told['return']}_{a['name']}": a["columns"] for a in told.get("also", [])}
            for table, columns in tables.items():
                declared = ", ".join(f'"{name}" {kind}' for name, kind in _landed(columns))
                connection.execute(
                    f"create table landed.{table} ({declared}, _return_id varchar, "
                    "_sheet varchar, _row bigint, _received_at timestamp)"
                )
        for one in returns:
            _keep(connection, one)


def _landed(columns: list[dict]) -> Iterator[tuple[str, str]]:
    """The columns that land: of a personal one, what it becomes."""
    for column in columns:
        if column.get("privacy") != "personal":
            yield column["name"], SQL_TYPES[column["type"]]
        for name, derived in column.get("becomes", {}).items():
            yield name, DERIVED_TYPES[derived["how"]]


def _keep(connection: duckdb.DuckDBPyConnection, one: Return) -> None:
    loaded = len(one.rows) if one.outcome == "loaded" else 0
    held = len(one.quarantined)
    _insert(
        connection,
        "ledger.returns",
        {
            "return_id": one.return_id,
            "attempt": 1,
            "filing_id": one.return_id.split("/")[0],
            "return": one.name,
            "sender": one.sender,
            "period": one.month,
            "part": one.part,
            "sha256": one.return_id,
            "file_name": "a file",
            "received_at": one.received,
            "outcome": one.outcome,
            "contract_version": "1.0",
            "contract_digest": "",
            "suite_version": "1.0",
            "suite_digest": "",
            "rows_read": loaded + held + 1,
            "rows_loaded": loaded,
            "rows_quarantined": held,
            "rows_dropped": 1,
        },
    )
    if one.outcome != "loaded":
        return
    _stand(connection, one.return_id, True, one.received)
    if one.superseded:
        _stand(connection, one.return_id, False, one.superseded)
    tables = {one.name: one.rows} | {f"{one.name}_{name}": rows for name, rows in one.also.items()}
    for table, rows in tables.items():
        for number, row in enumerate(rows, start=2):
            lineage: Row = {"_return_id": one.return_id, "_sheet": "", "_row": number}
            _insert(connection, f"landed.{table}", row | lineage | {"_received_at": one.received})
    for number, amount in enumerate(one.quarantined, start=100):
        values: Row = {"return_id": one.return_id, "attempt": 1, "received_at": one.received}
        values |= {"sheet": "", "row": number}
        _insert(connection, "ledger.quarantined", values | {"amount": amount, "rules": "a_rule"})


def _stand(connection: duckdb.DuckDBPyConnection, return_id: str, stands: bool, at: str) -> None:
    count = connection.execute("select count(*) + 1 from ledger.standing").fetchone()
    assert count
    row: Row = {"seq": count[0], "return_id": return_id, "in_force": stands, "at": at}
    _insert(connection, "ledger.standing", row | {"because": "a test"})


def _insert(connection: duckdb.DuckDBPyConnection, table: str, row: Row) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" for _ in row)
    connection.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))


def add_finding(path: Path, finding: Finding) -> None:
    """Put an open finding into the warehouse, and perhaps someone's acceptance of it."""
    about = finding.about
    with duckdb.connect(str(path)) as connection:
        row: Row = {
            "finding_id": finding.finding_id,
            "return_id": about.return_id,
            "attempt": 1,
            "return": about.name,
            "row": finding.row,
            "column": finding.column,
            "rule": finding.rule,
            "rule_version": 1,
            "severity": finding.severity,
            "dimension": "accuracy",
            "fixed_by": "sender",
            "owner": "Head of Finance",
            "message": f"Mend {finding.finding_id}.",
            "found_at": about.received,
        }
        _insert(connection, "ledger.findings", row)
        if finding.accepted:
            count = connection.execute("select count(*) + 1 from ledger.events").fetchone()
            assert count
            event: Row = {"seq": count[0], "at": about.received, "kind": "accepted"}
            event |= {
                "subject": finding.finding_id,
                "detail": "{}",
                "previous_hash": "",
                "hash": "",
            }
            _insert(connection, "ledger.events", event)


def add_check(path: Path, about: Return, rule: str, outcome: str, rows: int, failed: int) -> None:
    """Put what a rule said of a return into the warehouse."""
    with duckdb.connect(str(path)) as connection:
        row: Row = {
            "return_id": about.return_id,
            "attempt": 1,
            "rule": rule,
            "rule_version": 1,
            "severity": "warn",
            "dimension": "validity",
            "outcome": outcome,
            "applied_to": rows,
            "failed_rows": failed,
            "at": about.received,
        }
        _insert(connection, "ledger.checks", row)


def make_reference(path: Path) -> None:
    """Make a postcode directory of five postcodes."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create table postcodes (postcode varchar, local_authority_code varchar)"
        )
        connection.executemany("insert into postcodes values (?, ?)", list(POSTCODES.items()))


def run_dbt(folder: Path, as_of: str, *options: str) -> Path:
    """Build `folder`'s warehouse as of a moment; returns the file analysts would get."""
    place = Workplace(
        folder / "dbt",
        folder / "warehouse.duckdb",
        folder / "reference.duckdb",
        PLACES,
    )
    analysts = folder / "analysts.duckdb"
    with at_work(place):
        moment = datetime.fromisoformat(as_of)
        finished = dbt_run(place, ["build", *options], moment, {"SOCIAL_VALUE_THREADS": "2"})
        assert finished.returncode == 0, finished.stdout + finished.stderr
        with duckdb.connect(str(place.model)) as connection:
            for schema in ("staging", "intermediate", "people"):
                connection.execute(f"drop schema if exists {schema} cascade")
        place.model.replace(analysts)
    return analysts
