"""A peer: dlt loads the file into DuckDB under a schema contract; then the same models."""

import csv
import sys
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

import duckdb

from flows.modelling.build import build
from flows.warehouse.connection import writing
from tests.benchmarks.measured import Stages
from tests.benchmarks.registering import COLUMNS, home_with_vendors, land, register

TYPES = {
    "payment_date": {"data_type": "date"},
    "invoice_received_date": {"data_type": "date"},
    "amount": {"data_type": "decimal", "precision": 18, "scale": 2},
}


def lines(file: Path) -> Iterator[dict[str, object]]:
    """The file's rows with the types that the contract asks for, as a dlt resource yields them."""
    with file.open(encoding="utf-8", newline="") as stream:
        for place, row in enumerate(csv.DictReader(stream), start=2):
            typed: dict[str, object] = {told: row[said] for said, told in COLUMNS.items()}
            for name in ("payment_date", "invoice_received_date"):
                typed[name] = _day(str(typed[name]))
            typed["amount"] = _sum(str(typed["amount"]))
            yield {**typed, "row_number": place}


def _day(text: str) -> date | None:
    return datetime.strptime(text, "%d/%m/%Y").date() if text else None


def _sum(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def main(file: Path, vendors: Path, home: Path) -> None:
    """Load and build; print what each stage took."""
    import dlt

    settings = home_with_vendors(home, vendors)
    stages = Stages()
    columns = {
        told: {"data_type": "text", **TYPES.get(told, {}), "nullable": told != "supplier_name"}
        for told in COLUMNS.values()
    }
    with stages.timed("load"):
        resource = dlt.resource(
            lines(file),
            name="payments",
            columns={**columns, "row_number": {"data_type": "bigint"}},
            schema_contract={"tables": "evolve", "columns": "freeze", "data_type": "discard_row"},
        )
        pipeline = dlt.pipeline(
            pipeline_name="payments",
            pipelines_dir=str(home / "dlt"),
            destination=dlt.destinations.duckdb(str(home / "dlt.duckdb")),
            dataset_name="loaded",
        )
        pipeline.run(resource)
    with duckdb.connect() as connection, writing(settings, connection):
        connection.execute(f"attach '{home / 'dlt.duckdb'}' as peer (read_only)")
        loaded = "peer.loaded.payments where amount is not null and payment_date is not null"
        land(connection, loaded, "row_number")
        found = connection.execute("select count(*) from warehouse.landed.finance_payments")
        rows = (found.fetchone() or (0,))[0]
    register(settings, int(rows))
    with stages.timed("model"):
        build(settings)
    stages.tell(int(rows))


if __name__ == "__main__":
    main(*(Path(word) for word in sys.argv[1:4]))
