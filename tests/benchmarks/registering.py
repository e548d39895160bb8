"""Rows that another tool has loaded, made known to the warehouse so that the same models run.

Both rivals get this for nothing: it is not timed.
"""

from pathlib import Path

import duckdb

from flows.common.settings import Settings, settings_for
from flows.intake import take_in as intake
from flows.intake.rules import read_rules
from flows.intake.submission import Submission
from flows.modelling.build import prepare
from flows.warehouse.connection import writing
from tests.benchmarks.measured import MOMENT

RETURN_ID = "finance_payments-rival/2022-23 M01"
COLUMNS = {  # of the file, and what the models call them
    "Body name": "body_name",
    "Directorate": "directorate",
    "Service area": "service",
    "Expenses type": "expense_type",
    "Date paid": "payment_date",
    "Transaction number": "transaction_number",
    "Net amount": "amount",
    "Supplier name": "supplier_name",
    "Supplier ID": "supplier_id",
    "Invoice received date": "invoice_received_date",
}


def home_with_vendors(home: Path, vendors: Path) -> Settings:
    """A home that has the vendor master, the reference tables and an empty table of payments."""
    settings = settings_for(home)
    intake.take_in(Submission(vendors, "finance_vendors"), read_rules(settings), settings)
    prepare(settings)
    return settings


def land(connection: duckdb.DuckDBPyConnection, rows: str, numbered: str) -> None:
    """Put the rows of a table or view into the open warehouse; `numbered`: their row number."""
    names = ", ".join(f'"{name}"' for name in COLUMNS.values())
    connection.execute(
        f"insert into warehouse.landed.finance_payments "
        f"({names}, _return_id, _sheet, _row, _received_at) "
        f"select {names}, '{RETURN_ID}', '', {numbered}, timestamp '{MOMENT}' from {rows}"
    )


def register(settings: Settings, rows: int) -> None:
    """Enter the loaded rows in the registry as one return in force."""
    with duckdb.connect() as connection, writing(settings, connection):
        month = connection.execute(
            "select period from warehouse.ledger.returns where outcome = 'loaded'"
        ).fetchone()
        connection.execute(
            "insert into warehouse.ledger.returns by name select * replace ("
            "$name as return_id, $name as filing_id, 'finance_payments' as \"return\", "
            "$rows as rows_read, $rows as rows_loaded) "
            "from warehouse.ledger.returns where period = $month",
            {"name": RETURN_ID, "rows": rows, "month": month[0] if month else ""},
        )
        connection.execute(
            "insert into warehouse.ledger.standing "
            "select max(seq) + 1, $name, true, max(\"at\"), 'loaded' "
            "from warehouse.ledger.standing",
            {"name": RETURN_ID},
        )
