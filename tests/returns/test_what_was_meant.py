"""Cells that mean something else than they seem to: currencies, dates, nothing, absurd sums."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import Workbook

from flows.common.periods import read_period
from flows.common.settings import Settings
from flows.intake.submission import Ingested
from flows.returns.identity import Hints
from flows.warehouse.connection import reading
from flows.warehouse.findings import list_findings
from tests.support.sent_files import landed
from tests.support.small_contract import contract, typed, values

Take = Callable[..., Ingested]
HEADER = "Payment date,Supplier name,Net amount"


def test_a_sum_that_the_models_cannot_hold_is_a_finding_and_the_rest_loads(
    take: Take, settings: Settings
) -> None:
    taken = take(f"{HEADER}\n01/04/2022,Alder,5.00\n02/04/2022,Birch,100000000000\n")

    assert taken.outcome == "loaded"
    assert landed(settings).rows == [(2, "Alder", Decimal("5.00"))]
    assert landed(settings).quarantined == {3: "cell_reads"}


@pytest.mark.parametrize(
    ("kind", "cells", "unread"),
    [
        ("money", ["9" * 11, "-" + "9" * 11, *["8" + "0" * 10] * 12], 2),
        ("number", ["9" * 9, "-" + "5" * 8, "7", "3" * 9], 1),
    ],
)
def test_a_column_adds_up_to_less_than_the_models_can_hold(
    kind: str, cells: list[str], unread: int
) -> None:
    assert [value is None for value in values(kind, cells)] == [
        n < unread for n in range(len(cells))
    ]


def test_frameworks_of_billions_are_sums_that_a_register_may_hold() -> None:
    """As Contracts Finder's export of a month: 39 billion in all, of which frameworks the most."""
    cells = ["8000000000", "8000000000", "12000000000", "11056510095.98"]

    assert values("money", cells) == [Decimal(cell) for cell in cells]


def test_a_total_is_no_cell_of_the_column() -> None:
    of = contract(
        {"name": "what", "type": "text", "required": True},
        {"name": "who", "type": "text", "required": True},
        {"name": "sum", "type": "money", "required": True},
        money="sum",
        totals_words=["total"],
    )
    rows = [["a", "b", "60000000000"], ["c", "d", "39999999999"], ["", "Total", "99999999999"]]
    with typed(of, rows) as connection:
        kinds = connection.execute("select _kind, sum from typed_rows order by _row").fetchall()

    assert [kind for kind, _ in kinds] == ["row", "row", "totals"]
    assert None not in [value for _, value in kinds]


@pytest.mark.parametrize("text", ["N/A", "n/a", "NA", "-", "–", "none", "Not applicable"])
def test_a_number_that_is_not_given_is_blank_without_a_word(text: str) -> None:
    of = contract(
        {"name": "what", "type": "text", "required": True},
        {"name": "vat", "type": "money", "if_unreadable": "blank"},
    )
    with typed(of, [["a", text]]) as connection:
        assert connection.execute("select vat from typed_rows").fetchall() == [(None,)]
        assert connection.execute("select * from unread_cells").fetchall() == []


def test_a_share_may_be_a_percentage() -> None:
    assert values("number", ["50%", "0.5", "12.5 %"], unit="share of 1") == [
        Decimal("0.5"),
        Decimal("0.5"),
        Decimal("0.125"),
    ]
    assert values("number", ["50%"], unit="FTE") == [None]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-03-31T23:00:00Z", date(2025, 4, 1)),
        ("2025-03-29T23:00:00.000Z", date(2025, 3, 29)),  # before the clocks go forward
        ("2025-04-01T00:00:00+01:00", date(2025, 4, 1)),
        ("2025-04-01 00:00:00+01", date(2025, 4, 1)),
        ("2025-03-31T20:00:00-0500", date(2025, 4, 1)),
        ("2025-03-31T23:00:00", date(2025, 3, 31)),
        ("2025-05-31T23:59:59Z", date(2025, 5, 31)),  # the end of a day
    ],
)
def test_an_instant_has_its_day_where_the_authority_is(text: str, day: date) -> None:
    assert values("date", [text]) == [day]


def test_an_instant_has_its_day_in_the_contracts_own_time_zone() -> None:
    of = contract({"name": "day", "type": "date", "required": True}, time_zone="Europe/Berlin")
    with typed(of, [["2025-03-31T22:30:00Z"]]) as connection:
        assert connection.execute("select day from typed_rows").fetchall() == [(date(2025, 4, 1),)]


def test_one_date_month_first_turns_no_other(take: Take, settings: Settings) -> None:
    days = "".join(f"{1 + n % 12:02}/04/2022,Alder,1.00\n" for n in range(40))

    taken = take(f"{HEADER}\n{days}04/30/2022,Birch,1.00\n", "x.csv", hints=Hints(sender="lcrca"))

    assert (taken.outcome, taken.period) == ("loaded", "2022-04")
    assert landed(settings).quarantined == {42: "cell_reads"}


def test_a_column_of_a_month_that_is_month_first_is_read_so(take: Take, settings: Settings) -> None:
    days = "".join(f"04/{n:02}/2022,Alder,1.00\n" for n in range(1, 31))

    taken = take(f"{HEADER}\n{days}", "x.csv", hints=Hints(sender="lcrca"))

    assert (taken.outcome, taken.period, len(landed(settings).rows)) == ("loaded", "2022-04", 30)


@pytest.mark.parametrize(
    ("name", "hints"),
    [
        ("lcrca_2022-03.csv", Hints()),
        ("x.csv", Hints(sender="lcrca", period=read_period("2022-03"))),
    ],
)
def test_dates_that_may_be_read_both_ways_are_read_as_the_files_name_or_period_says(
    take: Take, settings: Settings, name: str, hints: Hints
) -> None:
    days = "".join(f"03/{n:02}/2022,Alder,1.00\n" for n in range(1, 13))

    taken = take(f"{HEADER}\n{days}", name, hints=hints)

    assert (taken.outcome, taken.period, len(landed(settings).rows)) == ("loaded", "2022-03", 12)
    assert "dates_lie_in_the_period" not in landed(settings).rules


def test_days_that_can_be_days_alone_are_turned_by_no_name(take: Take) -> None:
    days = "".join(f"{n:02}/03/2022,Alder,1.00\n" for n in range(1, 29))

    assert take(f"{HEADER}\n{days}", "lcrca_2022-01.csv").period == "2022-03"


def test_the_sentence_on_mixed_dates_names_two_cells(take: Take) -> None:
    taken = take(f"{HEADER}\n4/28/2022,Alder,1.00\n28/04/22,Birch,1.00\n")

    assert "(28/04/22 in row 3; but 4/28/2022 in row 2)" in taken.reason


def test_only_pounds_are_counted(take: Take, settings: Settings) -> None:
    rows = ["GBP", "£", "", "Pounds sterling", "EUR", "usd", "$", "€", "Points"]
    lines = [f"01/04/2022,Alder,{n}.00,{word}" for n, word in enumerate(rows, start=1)]

    take("\n".join([f"{HEADER},Currency code", *lines]) + "\n")

    assert [row for row, _, _ in landed(settings).rows] == [2, 3, 4, 5]
    assert set(landed(settings).quarantined) == {6, 7, 8, 9, 10}


@pytest.mark.parametrize("amount", ["1,234.50", "12,34", "1.234,56", "1 234,50"])
def test_a_comma_that_nobody_quoted_is_named(take: Take, settings: Settings, amount: str) -> None:
    take(f"{HEADER}\n01/04/2022,Alder,5.00\n01/04/2022,Birch,{amount}\n")

    assert landed(settings).rows == [(2, "Alder", Decimal("5.00"))]
    assert "put quotes around a cell that has a comma in it" in landed(settings).message(
        "row_fits_its_header"
    )


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Note", "1,234.50"),  # the note was left out
        ("Note,Ref", "1,234.50,"),
        ("", "1,234.50"),  # a column that nobody named
        ("Irrecoverable VAT,Ref", "1,234.50,246.90"),
        ("Note,Ref", "1,234,567.89"),
        ("Note", "£1,234.50"),
    ],
)
def test_a_comma_within_the_headers_width_never_leaves_a_pound_of_thousands(
    take: Take, settings: Settings, header: str, row: str
) -> None:
    good = "".join(f"0{n}/04/2022,Alder,{n}00.50\n" for n in range(1, 4))
    take(f"{HEADER},{header}\n{good}04/04/2022,Birch,{row}\n")

    assert [supplier for _, supplier, _ in landed(settings).rows] == ["Alder"] * 3
    assert landed(settings).quarantined == {5: "row_fits_its_header"}


def test_a_whole_sum_beside_another_is_no_sum_cut_in_two(take: Take, settings: Settings) -> None:
    """A ledger that leaves pence out where there are none writes no thousands with a comma."""
    rows = "".join(f"0{n}/04/2022,Alder,{n},{n}00.50\n" for n in range(1, 6))
    take(f"{HEADER},Balance\n{rows}06/04/2022,Birch,17,3.00\n07/04/2022,Elm,20,3.00\n")

    assert len(landed(settings).rows) == 7


def test_a_column_that_nobody_named_is_no_shift(take: Take, settings: Settings) -> None:
    rows = "".join(f"0{n}/04/2022,Alder,{n}.00,x\n" for n in range(1, 6))
    take(f"{HEADER},\n{rows}")

    assert len(landed(settings).rows) == 5


def test_a_cell_beyond_a_sheets_header_is_a_finding_where_there_is_money(
    take: Take, settings: Settings
) -> None:
    book = Workbook()
    for cells in [
        HEADER.split(","),
        *([f"0{n}/04/2022", "Alder", 5.25] for n in range(1, 5)),
        ["05/04/2022", "Birch", 1, 234.5],
    ]:
        book.worksheets[0].append(cells)
    stream = BytesIO()
    book.save(stream)

    take(stream.getvalue(), "lcrca_2022-04.xlsx")

    assert [supplier for _, supplier, _ in landed(settings).rows] == ["Alder"] * 4
    assert landed(settings).quarantined == {6: "row_fits_its_header"}


def test_a_period_that_does_not_read_is_not_laid_on_the_sender(take: Take) -> None:
    taken = take(f"{HEADER}\n01/04/2022,Alder,5.00\n", "gla_2022-P13.csv")

    assert taken.reason.startswith("gla_2022-P13.csv names a period that does not read")


ETHNICITY = {
    "asian": [
        "H Asian or Asian British - Indian",
        "Asian, Asian British or Asian Welsh",
        "Chinese",
        "H Indian",
    ],
    "black": [
        "Black, Black British, Caribbean or African",
        "Black or Black British - African",
        "Caribbean",
        "PC Black Nigerian",
    ],
    "mixed": [
        "F Mixed - White & Asian",
        "White and Black Caribbean",
        "Any other Mixed or multiple ethnic background",
    ],
    "white": ["A White - British", "Gypsy or Irish Traveller", "Any other White background"],
    "other": ["Arab", "S Any Other Ethnic Group"],
    "undisclosed": ["Z Not Stated", "PNTS", "Prefer Not To Answer"],
}


def test_the_standard_lists_of_ethnicity_and_disability_are_read(
    take: Take, settings: Settings
) -> None:
    texts = [text for named in ETHNICITY.values() for text in named]
    disability = {
        "Not Declared": "undisclosed",
        "Day-to-day activities not limited": "not disabled",
    }
    lines = ["Employer,As at,Employee number,FTE,Ethnic origin,Disability"]
    lines += [
        f'LCRCA,30/06/2022,{n},1,"{text}",{list(disability)[n % 2]}' for n, text in enumerate(texts)
    ]
    take("\n".join(lines) + "\n", "lcrca_2022-23-q1.csv", "hr_workforce")

    with reading(settings) as connection:
        found = connection.execute(
            "select ethnicity, disability from warehouse.landed.hr_workforce order by _row"
        ).fetchall()
    assert [ethnicity for ethnicity, _ in found] == [
        group for group, named in ETHNICITY.items() for _ in named
    ]
    assert [word for _, word in found] == [
        list(disability.values())[n % 2] for n in range(len(texts))
    ]


def test_a_status_is_one_of_those_known_or_a_finding(take: Take, settings: Settings) -> None:
    words = ["Live", "Cancelled", "Withdrawn before award", "Unsuccessful", "Draft", "Asleep"]
    lines = ["Contract reference,Contract title,Supplier name,Contract value,Status"]
    lines += [f"C{n},Works,Alder,100,{word}" for n, word in enumerate(words)]

    take("\n".join(lines) + "\n", "lcrca_2022-23-q1.csv", "procurement_contracts")

    with reading(settings) as connection:
        statuses = connection.execute(
            "select status from warehouse.landed.procurement_contracts order by _row"
        ).fetchall()
    assert [status for (status,) in statuses] == [
        "active", "cancelled", "withdrawn", "unsuccessful", "draft", None,
    ]  # fmt: skip
    assert ("cell_reads", 7, "status", "Asleep") in [
        finding[:4] for finding in landed(settings).findings
    ]


@pytest.mark.parametrize("return_name", ["hr_workforce", "finance_payments"])
def test_a_pay_gap_return_is_refused_by_its_name(take: Take, return_name: str) -> None:
    text = "EmployerName,EmployerId,DiffMeanHourlyPercent\nAlder Council,1,4.2\n"

    taken = take(text, "lcrca_2022-23-q1.csv", return_name)

    assert taken.outcome == "rejected"
    assert "this is a gender pay gap return" in str(taken.reason)


def test_a_supplier_that_validates_itself_is_read_as_evidenced_and_told_so(
    take: Take, settings: Settings
) -> None:
    words = ["", "Evidence provided", "Verified", "Validated", "Declined"]
    lines = ["Contract reference,Measure code,Quantity,Evidence reference,Status"]
    lines += [f"CR-1,M08,{n + 1},file {n},{word}" for n, word in enumerate(words)]

    taken = take("\n".join(lines) + "\n", "s400101_2022-23-q1.csv", "supplier_returns")

    assert taken.counts.loaded == len(words)
    with reading(settings) as connection:
        said = connection.execute(
            "select status from warehouse.landed.supplier_returns order by _row"
        ).fetchall()
    assert [status for (status,) in said] == [
        None, "evidenced", "said validated", "said validated", "said rejected",
    ]  # fmt: skip
    own = "status_is_the_suppliers_to_say"
    assert [f["row"] for f in list_findings(settings) if f["rule"] == own] == [4, 5, 6]
