"""The usual: pandas reads, Great Expectations judges the frame with row ids, DuckDB takes it in."""

import sys
from pathlib import Path

import duckdb

from flows.modelling.build import build
from flows.warehouse.connection import writing
from tests.benchmarks.measured import Stages
from tests.benchmarks.registering import COLUMNS, home_with_vendors, land, register

QUARANTINING = ("payment_date", "supplier_name", "amount")


def main(file: Path, vendors: Path, home: Path) -> None:
    """Load, judge, keep and build; print what each stage took."""
    import great_expectations as gx
    import pandas as pd

    settings = home_with_vendors(home, vendors)
    stages = Stages()
    with stages.timed("read"):
        frame = pd.read_csv(file, dtype=str).rename(columns=COLUMNS)
    with stages.timed("type"):
        for name in ("payment_date", "invoice_received_date"):
            frame[name] = pd.to_datetime(frame[name], format="%d/%m/%Y", errors="coerce")
        frame["amount"] = pd.to_numeric(frame["amount"], errors="coerce")
        frame["_row"] = range(2, len(frame) + 2)
        frame["payment_day"] = frame["payment_date"].dt.strftime("%Y-%m-%d")
        frame["late"] = frame["invoice_received_date"] > frame["payment_date"]
    with stages.timed("judge"):
        expect = gx.expectations
        context = gx.get_context(mode="ephemeral")
        asset = context.data_sources.add_pandas("frames").add_dataframe_asset("payments")
        batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
        result = batch.validate(
            gx.ExpectationSuite(
                name="payments",
                expectations=[
                    *(expect.ExpectColumnValuesToNotBeNull(column=name) for name in QUARANTINING),
                    expect.ExpectColumnValuesToBeBetween(
                        column="payment_day", min_value="2000-01-01", max_value="2099-12-31"
                    ),
                    expect.ExpectColumnValuesToBeBetween(
                        column="amount", min_value=-250_000_000, max_value=250_000_000
                    ),
                    expect.ExpectColumnValuesToNotBeInSet(column="amount", value_set=[0]),
                    expect.ExpectColumnValuesToBeInSet(column="late", value_set=[False]),
                ],
            ),
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": ["_row"],
            },
        )
        bad = {
            each["_row"]
            for one in result.results[: len(QUARANTINING) + 1]
            for each in one.result.get("unexpected_index_list") or []
        }
        kept = frame[~frame["_row"].isin(bad)]
    with stages.timed("keep"), duckdb.connect() as connection, writing(settings, connection):
        connection.register("kept", kept)
        land(connection, "kept", "_row")
    register(settings, len(kept))
    with stages.timed("model"):
        build(settings)
    stages.tell(len(kept))


if __name__ == "__main__":
    main(*(Path(word) for word in sys.argv[1:4]))
