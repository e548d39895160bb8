"""What the tests of returns share: what became of a file, as the warehouse tells it."""

from dataclasses import dataclass
from decimal import Decimal

from flows.common.settings import Settings
from flows.warehouse.connection import reading

Row = tuple[int, str, Decimal]
Finding = tuple[str, int, str | None, str | None, str]


@dataclass(frozen=True)
class Landed:
    """The payments, what was left out and why, and what was found."""

    rows: list[Row]
    quarantined: dict[int, str]
    dropped: dict[int, str]
    findings: list[Finding]
    how: str

    @property
    def rules(self) -> list[str]:
        """The rules that found something, in the order of their rows."""
        return [finding[0] for finding in self.findings]

    def message(self, rule: str) -> str:
        """What the one finding of `rule` says."""
        (message,) = [finding[4] for finding in self.findings if finding[0] == rule]
        return message


def landed(settings: Settings) -> Landed:
    """What the warehouse holds of the payments that were taken in."""
    with reading(settings) as connection:

        def ask(sql: str) -> list[tuple]:
            return connection.execute(sql).fetchall()

        tables = {name for (name,) in ask("select table_name from duckdb_tables()")}
        payments = "warehouse.landed.finance_payments"
        return Landed(
            rows=ask(f"select _row, supplier_name, amount from {payments} order by _row")
            if "finance_payments" in tables
            else [],
            quarantined=dict(
                ask('select "row", rules from warehouse.ledger.quarantined order by 1')
            ),
            dropped=dict(ask('select "row", why from warehouse.ledger.dropped order by 1')),
            findings=ask(
                'select rule, "row", "column", "value", message from warehouse.ledger.findings '
                "order by 2, 1"
            ),
            how=", ".join(
                detail
                for (detail,) in ask(
                    "select detail from warehouse.ledger.outcomes where step = 'read'"
                )
            ),
        )
