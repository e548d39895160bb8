"""Returns in force with a few rows each, put into a warehouse in memory without being sent."""

from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files

import duckdb

from expectations.suite import Row
from flows.common.settings import Settings
from flows.intake.across import look, make_views
from flows.intake.rules import Rules
from flows.returns.contract import Table
from flows.returns.derive import landed_columns
from flows.warehouse.keep import make_table

NINE = datetime(2022, 7, 11, 9)  # noqa: DTZ001 (the warehouse's moments are UTC)


@dataclass
class StandingReturns:
    """A warehouse in memory: `add` puts a return in force, `found` says what a suite finds."""

    settings: Settings
    rules: Rules
    connection: duckdb.DuckDBPyConnection = field(default_factory=duckdb.connect)
    added: int = 0

    def __post_init__(self) -> None:
        schema = files("flows.warehouse").joinpath("schema.sql").read_text(encoding="utf-8")
        self.connection.execute("attach ':memory:' as warehouse")
        self.connection.execute(f"use warehouse; {schema}; use memory")

    def add(
        self,
        table: str,
        sender: str,
        period: str,
        *rows: Row,
        part: str = "",
        at: datetime = NINE,
        of: str | None = None,
    ) -> str:
        """A return in force with these rows, numbered from 2; its id.

        `of`: the id of the return whose further table `table` is.
        """
        if of is None:
            self.added += 1
            of = f"{table}-{self.added:03d}/{period}"
            self.connection.execute(
                "insert into warehouse.ledger.returns by name select ? as return_id, 1 as attempt, "
                '? as filing_id, ? as "return", ? as sender, ? as period, ? as part, '
                "'' as sha256, ? as file_name, ? as received_at, 'loaded' as outcome, "
                "'1' as contract_version, '' as contract_digest, '1' as suite_version, "
                "'' as suite_digest, ? as rows_read, ? as rows_loaded, 0 as rows_quarantined, "
                "0 as rows_dropped",
                [of, of, table, sender, period, part, f"{sender}.csv", at, len(rows), len(rows)],
            )
            self.connection.execute(
                "insert into warehouse.ledger.standing values (?, ?, true, ?, 'loaded')",
                [self.added, of, at],
            )
        columns = landed_columns(self._table(table).columns)
        make_table(self.connection, table, columns)
        for number, row in enumerate(rows, start=2):
            assert row.keys() <= columns.keys(), row
            names = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join("?" for _ in row)
            self.connection.execute(
                f"insert into warehouse.landed.{table} "
                f"({names}, _return_id, _sheet, _row, _received_at) values ({marks}, ?, '', ?, ?)",
                [*row.values(), of, number, at],
            )
        return of

    def found(self, suite: str) -> list[tuple[str, str, int | None, str | None]]:
        """What the suite finds: rule, return, row, and the value that is shown."""
        asked = self.rules.suites[suite]
        landed = make_views(self.connection, self.rules.contracts, asked.seeds, self.settings)
        if not set(asked.needs) <= landed:
            return []
        return [(o.rule.id, o.return_id, o.row, o.value) for o in look(self.connection, asked)]

    def _table(self, name: str) -> Table:
        return next(c.tables[name] for c in self.rules.contracts.values() if name in c.tables)
