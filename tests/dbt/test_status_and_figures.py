"""What `status` says is owed, come and late is what the figures of the same moment count."""

from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from flows.common.periods import read_period
from flows.common.settings import Settings
from flows.warehouse.connection import Row, attach
from flows.warehouse.slots import status_of
from tests.support.first_quarter import AS_OF

Slot = tuple[str, str, str, str]


def as_counted(row: Row, whole: Row | None) -> str:
    """The outcome as the figures know it, which do not ask why a return does not stand."""
    if whole is not None and whole["outcome"] == "loaded" and row["due"] is not None:
        return "loaded"  # a whole delivery answers for every part that is owed
    return "missing" if row["outcome"] in ("superseded", "disposed") else str(row["outcome"])


def slot_of(row: Row) -> Slot:
    return (str(row["return"]), str(row["sender"]), str(row["period"]), str(row["part"]))


def test_status_and_the_figures_agree_slot_by_slot(
    built: Path,
    analysts: duckdb.DuckDBPyConnection,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOCIAL_VALUE_NOW", AS_OF)
    with duckdb.connect() as connection:
        attach(connection, built / "warehouse.duckdb", read_only=True)
        rows = {slot_of(row): row for row in status_of(connection, settings)}
    listed = {
        slot: (
            row["due"] and date.fromisoformat(str(row["due"])),
            row["received_at"] and datetime.fromisoformat(str(row["received_at"])),
            as_counted(row, rows.get((*slot[:3], ""))),
            row["late_days"],
        )
        for slot, row in rows.items()
    }
    today = datetime.fromisoformat(AS_OF).date()
    counted = {
        (name, sender, period, part): tuple(found)
        for name, sender, period, part, *found in analysts.execute(
            'select "return", sender, period, part, due_date, received_at, outcome, late_days '
            "from marts.rpt_returns"
        ).fetchall()
        if read_period(period).end <= today  # `status` lists what is owed by now
    }
    assert len(listed) > 30
    assert listed == counted


def test_the_file_itself_says_what_each_table_and_column_is(
    analysts: duckdb.DuckDBPyConnection,
) -> None:
    silent = analysts.execute(
        "select schema_name, table_name, column_name from duckdb_columns() "
        "where not internal and coalesce(comment, '') = '' "
        "and schema_name in ('marts', 'publication', 'seeds') "
        "union all select schema_name, table_name, '' from duckdb_tables() "
        "where coalesce(comment, '') = '' and schema_name in ('marts', 'publication', 'seeds') "
        "union all select schema_name, view_name, '' from duckdb_views() "
        "where coalesce(comment, '') = '' and schema_name in ('marts', 'publication', 'seeds') "
        "order by all"
    ).fetchall()
    assert silent == []
    (said,) = analysts.execute(
        "select comment from duckdb_columns() where table_name = 'fct_payments' "
        "and column_name = 'amount'"
    ).fetchone() or ("",)
    assert "GBP" in said
