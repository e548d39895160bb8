"""A template asks for what its contract knows, says how, and what is filled in reads back."""

import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from expectations.suite import Suite
from flows.common.periods import read_period
from flows.common.settings import Settings, settings_for
from flows.intake.rules import Rules
from flows.intake.submission import Submission
from flows.intake.take_in import take_in
from flows.returns.column import Column
from flows.returns.contract import Contract, read_contracts
from flows.returns.derive import keyed_hash
from flows.returns.identity import Hints
from flows.returns.templates.help import columns_asked, sheet_names
from flows.returns.templates.workbook import HEADER_ROW, template_bytes
from flows.returns.templates.write import file_name, listings, write_template
from flows.warehouse.connection import reading
from flows.warehouse.encryption import key_of
from tests.support.accessible_workbook import check_workbook
from tests.support.definitions import PLACES

SHIPPED = settings_for(Path("unused"))
CONTRACTS = read_contracts(PLACES.contracts)
Book = Any


def blank(contract: Contract) -> bytes:
    return template_bytes(contract, listings(contract, SHIPPED), file_name(contract, None, None))


def opened(contract: Contract) -> Book:
    return load_workbook(io.BytesIO(blank(contract)))


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_sheet_has_the_headers_of_its_table_and_asks_for_nothing_that_would_be_dropped(
    name: str,
) -> None:
    contract = CONTRACTS[name]
    book = opened(contract)
    for table_name, table in contract.tables.items():
        page = book[sheet_names(contract)[table_name]]
        headers = [cell.value for cell in page[HEADER_ROW]]
        assert headers == [c.aliases[0] for c in columns_asked(table)]
        asked = {column.name for column in columns_asked(table)}
        dropped = {c.name for c in table.columns if c.privacy == "personal" and not c.becomes}
        assert asked == {column.name for column in table.columns} - dropped
        assert page.max_row == HEADER_ROW


def test_equal_contracts_give_equal_bytes_and_another_version_others() -> None:
    contract = CONTRACTS["supplier_returns"]
    assert blank(contract) == blank(contract)
    assert blank(contract) != blank(contract.model_copy(update={"version": "9.9"}))


@pytest.mark.parametrize("name", CONTRACTS)
def test_headers_are_protected_and_the_columns_below_are_open(name: str) -> None:
    contract = CONTRACTS[name]
    book = opened(contract)
    for sheet in sheet_names(contract).values():
        page = book[sheet]
        assert page.protection.sheet
        for cell in page[HEADER_ROW]:
            assert cell.protection.locked
            assert not page.column_dimensions[cell.column_letter].protection.locked


def rule_of(page: Worksheet, header: str) -> Any:
    place = next(cell.column_letter for cell in page[HEADER_ROW] if cell.value == header)
    rules = page.data_validations.dataValidation
    return next(r for r in rules if str(r.sqref).startswith(f"{place}{HEADER_ROW + 1}:"))


def choices(book: Book, formula: str) -> list[str]:
    """The words that a drop-down's range holds."""
    sheet, cells = formula.rsplit("!", 1)
    return [row[0].value for row in book[sheet.strip("'")][cells.replace("$", "")]]


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_drop_down_offers_the_words_that_the_contract_allows(name: str) -> None:
    contract = CONTRACTS[name]
    book = opened(contract)
    for table_name, table in contract.tables.items():
        page = book[sheet_names(contract)[table_name]]
        for column in columns_asked(table):
            rule = rule_of(page, column.aliases[0])
            assert len(rule.prompt) <= 255
            assert len(rule.promptTitle) <= 32
            if column.one_of is not None:
                assert choices(book, rule.formula1) == column.offered
            if column.type == "boolean":
                assert rule.formula1 == '"Yes,No"'
            if rule.type is not None:
                assert rule.error.startswith("This column holds ")


def test_the_measures_are_offered_and_another_templates_code_is_not_refused() -> None:
    contract = CONTRACTS["supplier_returns"]
    book = opened(contract)
    rule = rule_of(book["Supplier returns"], "Measure code")
    offered = choices(book, rule.formula1)
    assert (offered[0], offered[-1], rule.errorStyle) == ("M01", "M20", "warning")
    page = book["Measures"]
    assert [cell.value for cell in page[HEADER_ROW]] == [
        "Code", "What it is", "Unit", "How it is counted", "Code of PPN 002",
    ]  # fmt: skip
    assert page.cell(HEADER_ROW + 3, 5).value == "PPN002-M1; PPN002-M4"
    assert [cell.value for cell in page[HEADER_ROW + 8]][:3] == [
        "M08",
        "Volunteering hours",
        "hours",
    ]


def test_dates_and_sums_are_checked_with_a_plain_message() -> None:
    page = opened(CONTRACTS["finance_payments"])["Finance payments"]
    paid, amount = rule_of(page, "Payment date"), rule_of(page, "Net amount")
    assert (paid.type, paid.error) == ("date", "This column holds a date: write it as dd/mm/yyyy.")
    assert (amount.type, amount.prompt) == (
        "decimal",
        "The sum paid, net of recoverable VAT; a credit is negative."
        " Write pounds and pence as 1234.50, a credit as -1234.50.",
    )


def test_the_help_says_what_becomes_of_people_and_how_to_call_the_file() -> None:
    page = opened(CONTRACTS["hr_workforce"])["Help"]
    said = [str(row[0]) for row in page.iter_rows(max_col=1, values_only=True)]
    assert any("<sender>_<quarter>.xlsx" in line for line in said)
    assert any("contract version" in line for line in said)
    rows = {row[1]: row for row in page.iter_rows(values_only=True)}
    assert rows["Employee number"][-1] == (
        "Yes: kept only as a code that only says that it is the same person"
    )
    assert rows["FTE"][2:6] == (
        "Full-time equivalent, at most 1", "FTE", "Yes", "A number: write it as 1234.5",
    )  # fmt: skip


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_workbook_is_accessible_but_for_the_cells_that_wait_to_be_filled(name: str) -> None:
    contract = CONTRACTS[name]
    to_fill = tuple(sheet_names(contract).values())
    empty = ("is an empty cell in a table", "has text that is not wrapped")
    faults = [
        fault
        for fault in check_workbook(blank(contract))
        if "contents" not in fault and not (fault.startswith(to_fill) and fault.endswith(empty))
    ]
    assert faults == []
    for sheet in to_fill:
        page = opened(contract)[sheet]
        assert all(
            page.column_dimensions[c.column_letter].alignment.wrap_text for c in page[HEADER_ROW]
        )


def test_the_file_is_called_as_its_sender_and_period_say(tmp_path: Path) -> None:
    contract = CONTRACTS["supplier_returns"]
    path = write_template(contract, tmp_path / "t.xlsx", "S400101", "2022-23 Q1", SHIPPED)
    lines = [row[0] for row in load_workbook(path)["Help"].iter_rows(max_col=1, values_only=True)]
    assert "Save it as an Excel workbook (.xlsx) called s400101_2022-23-q1.xlsx." in lines


# --- what is filled in reads back -----------------------------------------------------------

APRIL = date(2022, 4, 1)
PLAIN_WORDS = st.text("abcdefghij ÀÉñ,;'\"&%£", min_size=1, max_size=30).map(
    lambda text: " ".join(text.split())
)
TEXTS = PLAIN_WORDS.filter(lambda text: any(letter.isalpha() for letter in text))
CODES = st.from_regex(r"[A-Z]{0,3}[0-9]{1,9}(-[0-9]{1,4})?", fullmatch=True)
DATES = st.dates(date(1930, 1, 1), date(2099, 12, 31))
POSTCODES = st.sampled_from(["L3 1BP", "CH41 5EU", "WA10 1HP", "PR8 1DA"])
# A spreadsheet holds fifteen digits of a number.
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXTS,
    "code": CODES,
    "money": st.decimals(-(10**8), 10**8, places=2),  # their sum is one that models hold
    "number": st.decimals(-(10**6), 10**6, places=6),
    "integer": st.integers(-(10**7), 10**7),
    "date": DATES,
    "moment": st.builds(
        datetime.combine, DATES, st.times().map(lambda at: at.replace(microsecond=0))
    ),
    "boolean": st.booleans(),
    "postcode": POSTCODES,
    "month": st.sampled_from(["2022-04", "2022-05", "2022-06"]),
}


def values_of(column: Column, contract: Contract) -> st.SearchStrategy[Any]:
    """What a sender may type in a column, as the value that is meant."""
    if column.one_of is not None:
        values: st.SearchStrategy[Any] = st.sampled_from(sorted(column.offered))
    elif column.name == contract.period.column and column.type == "date":
        values = st.integers(0, 29).map(lambda days: APRIL + timedelta(days=days))
    elif column.name == contract.period.column:
        values = st.just("2022-04")
    else:
        values = KINDS[column.type]
    return values if column.required else st.none() | values


@st.composite
def filled_in(draw: st.DrawFn) -> tuple[Contract, dict[str, list[dict[str, Any]]]]:
    """A contract, and rows for each of its tables."""
    contract = CONTRACTS[draw(st.sampled_from(sorted(CONTRACTS)))]
    rows = {}
    for name, table in contract.tables.items():
        least = 1 if name == contract.return_name else 0
        row = st.fixed_dictionaries({c.name: values_of(c, contract) for c in columns_asked(table)})
        rows[name] = draw(st.lists(row, min_size=least, max_size=5))
    return contract, rows


def fill_in(contract: Contract, rows: dict[str, list[dict[str, Any]]], path: Path) -> None:
    book = opened(contract)
    for name, table in contract.tables.items():
        page = book[sheet_names(contract)[name]]
        for number, row in enumerate(rows[name], start=HEADER_ROW + 1):
            for place, column in enumerate(columns_asked(table), start=1):
                value = row[column.name]
                typed = {True: "Yes", False: "No"}[value] if isinstance(value, bool) else value
                page.cell(number, place).value = typed
    book.save(path)


def landed(settings: Settings, table: str) -> list[dict[str, Any]]:
    with reading(settings) as connection:
        there = connection.execute(
            "select 1 from duckdb_tables() where schema_name = 'landed' and table_name = ?", [table]
        ).fetchone()
        if not there:
            return []
        found = connection.execute(f"select * from warehouse.landed.{table} order by _row")
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def meant(column: Column, value: Any, scope: str, key: bytes) -> dict[str, Any]:
    """What must land of a value: itself, or what a person's number becomes."""
    hashed = [name for name, one in column.becomes.items() if one.how == "keyed hash"]
    if column.privacy == "personal":
        return {name: keyed_hash(value, f"{scope}/{column.name}", key) for name in hashed if value}
    if column.type == "postcode" and value:
        return {column.name: value.replace(" ", "")}
    return {column.name: Decimal(value) if isinstance(value, Decimal) else value}


@trying(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(filled_in())
def test_any_rows_that_are_filled_in_land_as_they_are_meant(
    settings: Settings,
    postcodes: Path,
    tmp_path_factory: pytest.TempPathFactory,
    batch: tuple[Contract, dict[str, list[dict[str, Any]]]],
) -> None:
    contract, rows = batch
    home = settings.model_copy(
        update={"home": tmp_path_factory.mktemp("home"), "postcodes": postcodes}
    )
    path = home.home / "filled.xlsx"
    fill_in(contract, rows, path)
    lenient = {
        name: Suite.model_validate({"suite": name, "version": "1", "rules": []})
        for name in contract.tables
    }
    period = {"month": "2022-04", "year": "2022-23"}.get(contract.period.every, "2022-23 Q1")
    hints = Hints("lcrca", read_period(period))
    done = take_in(
        Submission(path, contract.return_name, hints),
        Rules({contract.return_name: contract}, lenient),
        home,
    )

    assert (done.outcome, done.reason) == ("loaded", None)
    assert (done.counts.quarantined, done.counts.loaded) == (0, sum(map(len, rows.values())))
    key, scope = key_of(home).derived("hash"), f"{contract.return_name}/lcrca"
    for name, table in contract.tables.items():
        found = landed(home, name)
        assert len(found) == len(rows[name])
        for has, row in zip(found, rows[name], strict=True):
            wanted = {
                hints: value
                for column in columns_asked(table)
                for hints, value in meant(column, row[column.name], scope, key).items()
            }
            assert {hints: has[hints] for hints in wanted} == wanted
