"""Whatever numbers land, the models can be built: the extremes of every column of every return."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from openpyxl import Workbook

from flows.common.settings import Settings
from flows.intake.rules import Rules
from flows.intake.submission import Submission
from flows.intake.take_in import take_in_together
from flows.modelling.build import build
from flows.returns.column import Column
from flows.returns.contract import Contract, Table
from flows.warehouse.connection import reading

NUMERIC = ("money", "number", "integer")
ROWS = 40
# What makes each row of a return another thing, and one that the other returns speak of.
NAMED: dict[str, list[object]] = {
    "contract_reference": [*["LCR-1"] * 20, *["LCR-2"] * 20],
    "measure_code": [f"M{n:02d}" for n in range(1, 21)],
    "role": ["service provider"],
    "currency": ["GBP"],
    "employer": ["Merseytravel"],
    "start_date": [date(2022, 4, 1)],
    "end_date": [date(2023, 3, 31)],
    "reckoning": ["in period"],
    "attests_contract_only": ["yes"],
    "attests_committed": ["yes"],
    "is_full_pay": ["yes"],
    "sex": ["Female", "Male"],
    "supplier_name": ["Alder Ltd"],
    "rating": [""],  # so that what was achieved of the target decides
}
NUMBERED = ("employee_number", "award_reference", "person_reference", "supplier_id", "part", "kpi")
OF_QUARTER: dict[str, dict[str, object]] = {
    "Q1": {
        "quarter": "2022-23 Q1",
        "month": "2022-04",
        "snapshot_date": date(2022, 6, 30),
        "assessed_on": date(2022, 6, 30),
    },
    "Q2": {
        "quarter": "2022-23 Q2",
        "month": "2022-07",
        "snapshot_date": date(2022, 9, 30),
        "assessed_on": date(2022, 9, 30),
    },
}
# The largest that a cell may hold, so often that the column's sum is the largest too.
LARGEST = {
    "money": ["99999999999.99"] * 10 + ["0.01"],
    "number": ["24999999.999999"],
    "integer": ["24999999"],
}
SMALLEST = {"money": "0.01", "number": "0.000001", "integer": "1"}
# Of which a rule allows no more than this.
AT_MOST = {"fte": "1", "attributed_share": "1", "hourly_pay": "500", "deprivation_decile": "10"}
BELOW_NOUGHT = ("amount", "irrecoverable_vat", "value")
DIVIDES = ("value", "annual_value", "target", "fte", "attributed_share", "hourly_pay")


def largest(column: Column, row: int) -> str:
    cells = LARGEST[column.type]
    return AT_MOST.get(column.name, cells[min(row, len(cells) - 1)])


def number_of(column: Column, row: int, quarter: str) -> str:
    """Two senders' largest in one quarter; in the next much over the least, or below nought."""
    if quarter == "Q2" and column.name in DIVIDES:
        return SMALLEST[column.type]
    sign = "-" if quarter == "Q2" and column.name in BELOW_NOUGHT else ""
    return sign + largest(column, row)


def _cell(column: Column, row: int, quarter: str) -> object:
    if column.type in NUMERIC:
        return number_of(column, row, quarter)
    if column.name in NUMBERED:
        return f"{column.name[0]}{row}"
    if column.name in OF_QUARTER[quarter]:
        return OF_QUARTER[quarter][column.name]
    if column.name in NAMED:
        return NAMED[column.name][row % len(NAMED[column.name])]
    by_type: dict[str, object] = {
        "postcode": f"L3 {row % 10}B{'ABDEFGHJLNPQ'[row // 10]}",
        "date": date(2022, 4 if quarter == "Q1" else 7, 28),
        "boolean": "yes",
    }
    return next(iter(column.one_of)) if column.one_of else by_type.get(column.type, "Alder")


def rows_of(table: Table, quarter: str) -> list[list[object]]:
    """A header and rows of the table: extremes in each numeric column, what is needed elsewhere."""
    columns = [
        column
        for column in table.columns
        if column.type in NUMERIC
        or column.required
        or column.name in {*NAMED, *NUMBERED, *OF_QUARTER[quarter]}
    ]
    rows = [[_cell(column, row, quarter) for column in columns] for row in range(ROWS)]
    return [[column.name for column in columns], *rows]


def workbook_of(contract: Contract, sender: str, quarter: str, folder: Path) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in contract.tables.values():
        sheet = book.create_sheet(table.sheets[0] if table.sheets else "Return")
        for row in rows_of(table, quarter):
            sheet.append(row)
    month = OF_QUARTER[quarter]["month"]
    period = f"2022-23-{quarter}" if contract.period.every != "month" else month
    path = folder / f"{sender}_{period}.xlsx"
    book.save(path)
    return path


def most_landed(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> Decimal:
    row = connection.execute(
        f'select max(abs("{column}")) from warehouse.landed."{table}"'
    ).fetchone()
    assert row is not None
    return Decimal(row[0] or 0)


@pytest.mark.slow
def test_the_extremes_of_every_column_can_be_built(
    settings: Settings,
    rules: Rules,
    tmp_path: Path,
    postcodes: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOCIAL_VALUE_NOW", "2022-10-11T09:00:00")
    settings = settings.model_copy(update={"postcodes": postcodes})
    for contract in rules.contracts.values():
        if not any(c.type in NUMERIC for t in contract.tables.values() for c in t.columns):
            continue
        sent = [
            Submission(workbook_of(contract, sender, quarter, tmp_path), contract.return_name)
            for sender, quarter in (("lcrca", "Q1"), ("wirral", "Q1"), ("merseytravel", "Q2"))
        ]
        take_in_together(sent, rules, settings)

    with reading(settings) as connection:
        short = {
            f"{name}.{column.name}": most
            for contract in rules.contracts.values()
            for name, table in contract.tables.items()
            for column in table.columns
            if column.type in NUMERIC
            and (most := most_landed(connection, name, column.name)) != Decimal(largest(column, 0))
        }
    assert short == {}  # all extremes landed
    build(settings)
