"""A draft layout names every header of a file, guesses what it can, and can be pasted as it is."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from openpyxl import Workbook

from flows.common.errors import Rejected
from flows.common.settings import Settings
from flows.returns.contract import read_contracts
from flows.returns.header import find_header
from flows.returns.layout import Layout
from flows.returns.templates.draft import draft_layout
from flows.returns.templates.write import draft_from
from tests.support.definitions import PLACES

PAYMENTS = read_contracts(PLACES.contracts)["finance_payments"]
APRIL = date(2022, 4, 1)
HEADER = ["Date payd", "Benefishary name", "Paid amount net", "Batch", "Net amount paid £"]
ROWS = [
    ["Spending of April", "", "", "", ""],
    HEADER,
    ["01/04/2022", "Mersey Print", "yes", "A12", "1,200.50"],
    ["04/04/2022", "Roses & Co", "no", "B7", "(30.00)"],
]


def drafted(rows: list[list[str]] = ROWS) -> str:
    return draft_layout(PAYMENTS, {"": rows}, "newtown", APRIL)


def test_each_header_is_guessed_by_its_likeness_and_its_cells_or_asked_about() -> None:
    lines = drafted().splitlines()
    guessed = {line.split(":")[0].strip(): line for line in lines if "a guess" in line}
    assert guessed.keys() == {"payment_date", "supplier_name", "amount"}
    assert "'Amount Paid'" in guessed["amount"]  # the other column like it holds no sums
    asked = [line.strip() for line in lines if "which column is this?" in line]
    assert asked == [
        '# which column is this? "Paid amount net": its cells read as yes or no',
        '# which column is this? "Batch": its cells read as text',
    ]


def test_the_draft_can_be_pasted_into_the_contract_and_then_finds_the_header() -> None:
    (said,) = yaml.safe_load(drafted())
    layout = Layout.model_validate(said)
    assert (layout.name, layout.senders, layout.lacks) == ("newtown", ["newtown"], [])
    learnt = PAYMENTS.model_copy(update={"layouts": [*PAYMENTS.layouts, layout]})

    found = find_header(ROWS, learnt, "newtown", APRIL, "april.csv")

    assert (found.row, found.layout) == (2, "newtown")
    assert (found.columns["payment_date"], found.columns["amount"]) == (0, 4)


def test_each_layout_of_a_workbook_is_drafted_once_and_notes_are_none() -> None:
    cells = ["01/04/2022", "Mersey Print", "1,200.50"]
    sheets = {
        "Apr": [["Payment date", "Supplier", "Paid sum"], cells],
        "May": [["Payment date", "Supplier", "Net amount", "* Cost of it"], [*cells, "2.00"]],
        "Jun": [["PAYMENT DATE", "Supplier:", "Paid sum"], cells],
        "Notes": [["How to read this", "Supplier names are redacted", "Ask us"]],
    }
    layouts = yaml.safe_load(draft_layout(PAYMENTS, sheets, "newtown", APRIL))

    assert [(one["name"], list(one["columns"].values())) for one in layouts] == [
        ("newtown", ["Payment date", "Supplier", "Net amount"]),
        ("newtown-2", ["Payment date", "Supplier"]),
    ]
    assert layouts[1]["lacks"] == ["amount"]


def test_what_is_required_and_not_found_is_named() -> None:
    (said,) = yaml.safe_load(drafted([["Supplier", "When it was"], ["Acme", "soon"]]))
    assert said["columns"] == {"supplier_name": "Supplier"}
    assert said["lacks"] == ["payment_date", "amount"]


def test_rows_without_a_header_are_no_headers() -> None:
    with pytest.raises(Rejected, match="write one above the rows"):
        drafted([["Acme", "01/04/2022", "12.50"], ["Roses", "02/04/2022", "7.00"]])


def test_a_workbook_and_a_csv_of_other_encoding_are_drafted_from_alike(
    settings: Settings, tmp_path: Path
) -> None:
    text = "\r\n".join(";".join(row) for row in ROWS)
    (tmp_path / "newtown_2022-04.csv").write_bytes(text.encode("cp1252"))
    book = Workbook()
    for row in ROWS:
        book.active.append(row)
    book.active.title = "April"
    book.save(tmp_path / "newtown_2022-04.xlsx")

    from_csv, from_book = (
        draft_from(tmp_path / f"newtown_2022-04.{kind}", PAYMENTS, None, settings)
        for kind in ("csv", "xlsx")
    )

    assert from_csv == drafted()
    assert from_book == drafted().replace("row 2", "sheet April, row 2")
