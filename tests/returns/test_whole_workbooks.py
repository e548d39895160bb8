"""Nothing of a workbook is left out, or taken for something else, without a decision."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from flows.common.periods import read_period
from flows.common.settings import Settings
from flows.intake.rules import Rules
from flows.intake.submission import Ingested
from flows.returns.identity import Hints
from flows.warehouse.connection import reading
from tests.support.other_formats import ods_of
from tests.support.sent_files import landed

Take = Callable[..., Ingested]
HEADER = ["Payment date", "Supplier name", "Net amount"]
APRIL = [["01/04/2022", "Alder", 10], ["02/04/2022", "Birch", 20]]
MAY = [["01/05/2022", "Cedar", 30], ["02/05/2022", "Elm", 40]]
NAME = "lcrca_2022-23-q1.xlsx"


def book(
    sheets: dict[str, list[list[object]]], change: Callable[[openpyxl.Workbook], None] | None = None
) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append(row)
    if change:
        change(made)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("header", "heading"),
    [
        (["Payment date", "Supplier name", "Paid sum"], "no column for amount"),
        (["Payment date", "Whom", "Net amount"], "no column for supplier_name"),
        (["When", "Whom", "Paid sum"], "none of its first 3 rows is a header"),
    ],
)
def test_a_sheet_that_looks_like_its_sisters_is_no_other_table(
    take: Take, header: list[object], heading: str
) -> None:
    taken = take(book({"Apr": [HEADER, *APRIL], "May": [header, *MAY]}), NAME)

    assert taken.outcome == "rejected"
    assert "sheet May" in taken.reason
    assert heading in taken.reason


def test_a_sheet_that_is_plainly_another_thing_is_left_out(take: Take, settings: Settings) -> None:
    notes = [["Notes"], ["Prepared by finance"], ["Rates", 1, 2]]

    taken = take(book({"Apr": [HEADER, *APRIL], "Notes": notes}), NAME)

    assert (taken.outcome, landed(settings).rules) == ("loaded", ["sheets_are_known"])


def test_a_mark_in_front_of_a_heading_and_behind_it_makes_no_other(take: Take) -> None:
    marked = ["* Payment date", "Supplier name:", "Net amount *"]

    assert take(book({"Apr": [HEADER, *APRIL], "May": [marked, *MAY]}), NAME).counts.loaded == 4


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_sheet_that_nobody_sees_is_left_out_and_said(
    take: Take, settings: Settings, state: str
) -> None:
    def hide(made: openpyxl.Workbook) -> None:
        made["Old"].sheet_state = state

    taken = take(book({"Apr": [HEADER, *APRIL], "Old": [HEADER, *MAY]}, hide), NAME)

    assert taken.counts.loaded == 2
    assert "Hidden sheets were left out: Old" in landed(settings).message("sheets_are_seen")


@pytest.mark.parametrize(
    ("choice", "outcome", "loaded"), [("refuse", "rejected", 0), ("read", "loaded", 4)]
)
def test_the_contract_chooses_what_becomes_of_hidden_sheets(
    take: Take, rules: Rules, choice: str, outcome: str, loaded: int
) -> None:
    def hide(made: openpyxl.Workbook) -> None:
        made["Old"].sheet_state = "hidden"

    payments = rules.contracts["finance_payments"].model_copy(update={"hidden_sheets": choice})
    use = Rules({**rules.contracts, "finance_payments": payments}, rules.suites)
    sheets = {"Apr": [HEADER, *APRIL], "Old": [HEADER, *MAY]}

    taken = take(book(sheets, hide), NAME, use=use)

    assert (taken.outcome, taken.counts.loaded) == (outcome, loaded)


def with_formulas(values: list[str], flagged: bool = True) -> bytes:
    """A workbook with a formula in each amount, which a program left at these values."""
    rows = [[f"0{n}/04/2022", "Alder", f"={n}+1"] for n, _ in enumerate(values, start=1)]
    out = BytesIO()
    with (
        ZipFile(BytesIO(book({"Apr": [HEADER, *rows]}))) as made,
        ZipFile(out, "w", ZIP_DEFLATED) as written,
    ):
        for name in made.namelist():
            data = made.read(name).decode() if name.endswith(".xml") else made.read(name)
            if isinstance(data, str):
                for n, value in enumerate(values, start=1):
                    data = data.replace(f"<f>{n}+1</f><v></v>", f"<f>{n}+1</f><v>{value}</v>")
                    data = data.replace(f"<f>{n}+1</f><v />", f"<f>{n}+1</f><v>{value}</v>")
                    data = data.replace(f"<f>{n}+1</f><v/>", f"<f>{n}+1</f><v>{value}</v>")
                if not flagged:
                    data = data.replace(' fullCalcOnLoad="1"', "")
            written.writestr(name, data)
    return out.getvalue()


def test_formulas_that_were_never_worked_out_refuse_the_workbook(take: Take) -> None:
    taken = take(with_formulas(["0", "0"]), NAME)

    assert taken.outcome == "rejected"
    assert "did not work out its formulas (such as =1+1 in C2)" in taken.reason


def test_a_formula_left_at_nought_beside_others_is_a_finding(
    take: Take, settings: Settings
) -> None:
    taken = take(with_formulas(["0", "3"]), NAME)

    assert taken.counts.loaded == 1
    assert landed(settings).quarantined == {2: "cell_reads"}


def test_a_formula_that_was_worked_out_may_come_to_nought(take: Take) -> None:
    assert take(with_formulas(["0", "0"], flagged=False), NAME).counts.loaded == 2


def merge(*refs: str) -> Callable[[openpyxl.Workbook], None]:
    def change(made: openpyxl.Workbook) -> None:
        for ref in refs:
            made.worksheets[0].merge_cells(ref)

    return change


DELIVERIES = [
    ["Supplier return"],
    ["Contract reference", "Measure code", "Quantity"],
    ["C-100", "M01", 1],
    [None, "M02", 2],
    [None, "M03", 3],
]


def references(settings: Settings) -> list[str]:
    """The contracts that the rows of suppliers' returns name."""
    with reading(settings) as connection:
        rows = connection.execute(
            "select contract_reference from warehouse.landed.supplier_returns"
        ).fetchall()
    return [str(reference) for (reference,) in rows]


def test_a_merged_text_is_that_of_each_of_its_rows(take: Take, settings: Settings) -> None:
    made = book({"Return": DELIVERIES}, merge("A3:A5"))

    take(made, "s400001_2022-23-q1.xlsx", "supplier_returns")

    assert references(settings) == ["C-100"] * 3


def open_document_cell(text: str, said: str = "") -> str:
    words = f'<table:table-cell {said} office:value-type="string">'
    return f"{words}<text:p>{text}</text:p></table:table-cell>"


def test_a_merged_text_of_an_open_document_is_that_of_each_of_its_rows(
    take: Take, settings: Settings
) -> None:
    """As LibreOffice writes it, below a row and after a cell that stand for two."""
    cell, blank = open_document_cell, '<table:table-cell table:number-columns-repeated="2"/>'
    merged = 'table:number-columns-spanned="1" table:number-rows-spanned="3"'
    made = ods_of(
        f'<table:table-row table:number-rows-repeated="2">{cell("")}</table:table-row>'
        f"<table:table-row>{blank}{cell('Contract reference')}{cell('Measure code')}"
        f"{cell('Quantity')}</table:table-row>"
        f"<table:table-row>{blank}{cell('C-100', merged)}{cell('M01')}{cell('1')}"
        "</table:table-row>"
        + "".join(
            f"<table:table-row>{blank}<table:covered-table-cell/>{cell(measure)}{cell('2')}"
            "</table:table-row>"
            for measure in ("M02", "M03")
        )
    )

    take(made, "s400001_2022-23-q1.ods", "supplier_returns")

    assert references(settings) == ["C-100"] * 3


def test_a_merged_sum_is_a_finding_and_never_counted_twice(take: Take, settings: Settings) -> None:
    rows = [[*row[:2], None] if n else row for n, row in enumerate([*APRIL, *APRIL])]
    made = book({"Apr": [HEADER, *rows]}, merge("C2:C5"))

    take(made, "lcrca_2022-04.xlsx", hints=Hints("lcrca", read_period("2022-04")))

    assert [amount for _, _, amount in landed(settings).rows] == [10]
    assert landed(settings).quarantined == dict.fromkeys((3, 4, 5), "cell_reads")


VENDORS = [
    ["Supplier ID", "Supplier name", "Postcode"],
    ["1", "Alder", "L3 1BP"],
    ["2", None, "L3 1BP"],
    ["3", "Cedar", "L3 1BP"],
    ["4", "Elm", None],
]


def test_where_the_contract_does_not_say_so_a_merged_text_is_a_finding_and_never_a_blank(
    take: Take, settings: Settings
) -> None:
    """Of a text (`supplier_name`) as of what is read (`postcode`, which may stay blank)."""
    made = book({"Vendors": VENDORS}, merge("B2:B3", "C4:C5"))

    take(made, "lcrca_2022-04.xlsx", "finance_vendors")

    with reading(settings) as connection:
        rows = connection.execute(
            "select supplier_id, supplier_name from warehouse.landed.finance_vendors order by 1"
        ).fetchall()
        found = connection.execute(
            'select "row", "column", severity, message from warehouse.ledger.findings '
            "where rule = 'cell_reads' order by 1"
        ).fetchall()
    assert rows == [("1", "Alder"), ("3", "Cedar"), ("4", "Elm")]
    assert [one[:3] for one in found] == [
        (3, "supplier_name", "quarantine"),
        (5, "postcode", "warn"),
    ]
    assert {"The cell is one with those above it" in one[3] for one in found} == {True}


@pytest.mark.parametrize("again", ["5.00", "6.00"])
def test_two_columns_of_one_heading_must_agree(
    take: Take, settings: Settings, again: str, tmp_path: Path
) -> None:
    rows = f"Payment date,Net amount,Supplier name,Net  Amount\n01/04/2022,5.00,Alder,{again}\n"

    taken = take(rows)

    if again == "5.00":
        assert taken.outcome == "loaded"
    else:
        assert "columns 2 and 4 are both called Net amount" in taken.reason


def test_a_further_header_that_lacks_a_column_is_no_row_and_no_other_table(take: Take) -> None:
    rows = [HEADER, *APRIL, ["Payment date", "Supplier name", "Paid sum"], *MAY]

    taken = take(book({"Apr": rows}), NAME)

    assert taken.outcome == "rejected"
    assert "row 4 is a further header and has no column for amount" in taken.reason
