"""Contract registers as bodies publish them: each odd thing that one does, in small."""

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from flows.common.settings import Settings
from flows.intake.submission import Ingested
from flows.returns.identity import Hints
from flows.returns.readers.csv_files import QUOTE_SPANS
from flows.warehouse.connection import reading

Take = Callable[..., Ingested]
PACKED = "Supplier [Name|Address|Ref type|Ref Number|Is SME|Is VCSE]"
FINDER = [
    "Notice Identifier", "Organisation Name", "Status", "Published Date", "Title", "Postcode",
    "Suitable for SME", "Start Date", "End Date", "Awarded Date", "Awarded Value", PACKED,
    "Supplier's contact name", "Contract start date", "Contract end date", "OJEU Procedure Type",
    "Closing Time",
]  # fmt: skip
EXETER = [
    "Directorate/Service Responsible", "CPV code(s)", "Contract Title", "Description",
    "Contract Ref:", "Contractor/\nProvider", "Company Reg No", "SME\nor VSCE\n(inc.\nReg. No.)",
    "Original Start/Commencement Date", "Current end date",
    "Est Total Awarded Contract value \ufffd's (exc VAT) "
    "including allowed extensions and inflation",
    "Invitation\nto quote/\npublished\ninvitation to\ntender?",
]  # fmt: skip


def notice(suppliers: str, *, closing: bool = True, title: str = "Care") -> list[str]:
    """A notice of Contracts Finder; one without its closing time is a field short."""
    row = [
        "LPOOL001-DN487976", "Liverpool City Council", "Awarded", "2020-10-02T16:37:34Z", title,
        "SW1H 0EU", "Yes", "01/10/2020", "30/09/2023", "28/09/2020", "10767029", suppliers, "",
        "05/10/2020", "30/09/2024", "Open ",
    ]  # fmt: skip
    return [*row, "12:00"] if closing else row


def contract(size: str, value: str = " \ufffd880,000.00 ", end: str = "31/05/2027") -> list[str]:
    """A contract of Exeter's register."""
    return [
        "Facilities", "76111501", "\nCleaning", "Cleaning of communal areas", "0021",
        "Blue Frog ", "5512051", size, "15/06/2021", end, value, "Direct Award",
    ]  # fmt: skip


def as_csv(rows: Sequence[Sequence[str]]) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue()


@pytest.fixture
def register(take: Take, settings: Settings) -> Callable[..., list[dict[str, Any]]]:
    """Take in a register as CSV and give the rows that landed, by column."""

    def taken(rows: Sequence[Sequence[str]] | str, sender: str = "lcrca") -> list[dict[str, Any]]:
        text = rows if isinstance(rows, str) else as_csv(rows)
        outcome = take(text, f"{sender}_2022-23-q1.csv", "procurement_contracts", hints=Hints())
        assert outcome.outcome == "loaded", outcome.reason
        with reading(settings) as connection:
            found = connection.execute(
                "select * from warehouse.landed.procurement_contracts order by _row, _sheet"
            )
            names = [column[0] for column in found.description or []]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    return taken


Register = Callable[..., list[dict[str, Any]]]


def test_suppliers_packed_in_one_cell_are_a_row_each_and_their_value_stands_once(
    register: Register,
) -> None:
    cell = (
        "[Mersey Clean Ltd|Suite One, \nGrand Station, \nWV10 0BF|COMPANIES_HOUSE|2688108|Yes|No]"
        "[Roses & Co|UNIT 5 | ALBANY PARK | CAMBERLEY GU16 7QR|CHARITY_COMMISSION|1121596|No|Yes]"
        "[WSP|UK|NONE_OTHER||No|No]"
    )
    rows = register([FINDER, notice(cell)])

    said = [
        "supplier_name", "supplier_company_number", "supplier_charity_number", "supplier_postcode",
        "supplier_size", "supplier_is_vcse", "value",
    ]  # fmt: skip
    assert [tuple(row[name] for name in said) for row in rows] == [
        ("Mersey Clean Ltd", "2688108", None, "WV100BF", "sme", False, 10767029),
        ("Roses & Co", None, "1121596", "GU167QR", "large", True, None),
        ("WSP", None, None, None, "large", False, None),
    ]
    assert [(row["_sheet"], row["_row"]) for row in rows] == [
        ("", 2),
        ("record 2", 2),
        ("record 3", 2),
    ]


def test_a_notices_own_dates_and_postcode_are_those_of_the_contract(register: Register) -> None:
    """Beside them stand the tender's dates, where the work is done, and whom it suited."""
    (row,) = register([FINDER, notice("[WSP|UK|NONE_OTHER||No|No]")])

    assert (str(row["start_date"]), str(row["end_date"])) == ("2020-10-05", "2024-09-30")
    assert (row["supplier_postcode"], row["supplier_size"]) == (None, "large")
    assert (row["buyer"], row["process"]) == ("Liverpool City Council", "Open")
    assert str(row["released_at"]) == "2020-10-02 16:37:34"


def test_a_row_one_field_short_and_a_cell_that_is_not_packed_are_kept(register: Register) -> None:
    short = notice("[WSP|UK|NONE_OTHER||No|No]", closing=False)

    rows = register([FINDER, short, notice("Acme plc"), notice("[Half|a record]")])

    assert [row["supplier_name"] for row in rows] == ["WSP", "Acme plc", "Half"]
    assert [row["value"] for row in rows] == [10767029] * 3


def test_a_cell_of_a_hundred_lines_is_one_cell(register: Register) -> None:
    """Forty suppliers of an award stand in one, each with its address in five lines."""
    lines = "\n".join(f"{n} Dock Road, Bootle, Merseyside" for n in range(3 * QUOTE_SPANS))

    rows = register([FINDER, notice(f"[WSP|{lines}|NONE||No|No]"), notice("Acme plc")])

    assert [(row["_row"], row["supplier_name"]) for row in rows] == [(2, "WSP"), (3, "Acme plc")]


def test_a_quote_that_never_closes_swallows_no_rows(register: Register) -> None:
    """It stands before a hundred rows, and a stray one behind them would close it."""
    many = [f"C{n},Roads,Acme,1.00" for n in range(3 * QUOTE_SPANS)]
    lines = ['A1,"Steel,Acme,1.00', *many, 'Z9,9 inch pipe",Acme,1.00']

    rows = register("\n".join(["Contract reference,Title,Supplier,Value", *lines]) + "\n")

    assert len(rows) == len(lines)
    assert {row["value"] for row in rows} == {1}


@pytest.mark.parametrize(
    ("cell", "size", "vcse", "charity"),
    [
        ("SME", "sme", None, None),
        (" Large ", "large", None, None),
        ("No", "large", False, None),
        ("VSCE", None, True, None),
        ("Charity", None, True, None),
        ("VCSE 1121596", None, True, "1121596"),
        ("Yes", None, None, None),
        ("L3076", None, None, None),
        ("", None, None, None),
    ],
)
def test_one_column_of_size_vcse_and_charity_number_is_taken_apart(
    cell: str, size: str | None, vcse: bool | None, charity: str | None, register: Register
) -> None:
    (row,) = register([EXETER, contract(cell)])

    found = (row["supplier_size"], row["supplier_is_vcse"], row["supplier_charity_number"])
    assert found == (size, vcse, charity)


def test_newlines_in_headers_padding_and_a_lost_pound_sign_are_seen_through(
    register: Register,
) -> None:
    (row,) = register([EXETER, contract("SME")])

    assert str(row["value"]) == "880000.00"
    assert (row["contract_reference"], row["contract_title"]) == ("0021", "Cleaning")
    assert (row["supplier_name"], row["supplier_company_number"]) == ("Blue Frog", "5512051")
    assert (row["directorate"], row["process"]) == ("Facilities", "Direct Award")
    assert str(row["end_date"]) == "2027-05-31"


@pytest.mark.parametrize("word", [" rolling ", " TBC ", " \ufffd-   "])
def test_a_word_for_a_value_is_none_and_is_found(
    word: str, register: Register, settings: Settings
) -> None:
    (row,) = register([EXETER, contract("SME", value=word, end="TBC")])

    assert (row["value"], row["end_date"]) == (None, None)
    with reading(settings) as connection:
        found = connection.execute(
            'select "column", severity from warehouse.ledger.findings '
            "where rule = 'cell_reads' order by 1"
        ).fetchall()
    assert found == [("end_date", "warn"), ("value", "warn")]


def test_the_current_expiry_counts_where_the_first_end_stands_beside_it(
    register: Register,
) -> None:
    header = ["Contract Reference", "Contract Title", "Supplier Company Name", "End Date"]
    row = ["S1465", "Trafford Road", "Keolis Amey", "2021-08-06"]

    (found,) = register([[*header, "Current Expiry Date"], [*row, "2022-09-09"]], "salford")

    assert str(found["end_date"]) == "2022-09-09"
