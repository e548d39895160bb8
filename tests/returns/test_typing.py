"""Text becomes a value only where it cannot mean anything else; all else is a finding."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from expectations.suite import Suite
from flows.common.errors import Rejected
from flows.common.settings import Settings
from flows.intake.rules import Rules
from flows.intake.submission import Ingested
from flows.returns.contract import Contract
from flows.warehouse.connection import reading
from tests.support.sent_files import landed
from tests.support.small_contract import contract, typed, values

MONEY = {
    "1234.50": "1234.50",
    "1,234.50": "1234.50",
    "1,234,567.8": "1234567.80",
    "£1,234.50": "1234.50",
    "£ 1,234.50 ": "1234.50",
    "Â£1,234.50": "1234.50",
    "GBP 1,234.50": "1234.50",
    "1234.50 GBP": "1234.50",
    "1\u00a0234.50": "1234.50",
    "1\u202f234.50": "1234.50",
    "1 234 567.50": "1234567.50",
    "\u00a01234.50\u00a0": "1234.50",
    "-£1,234.50": "-1234.50",
    "£-1,234.50": "-1234.50",
    "(1,234.50)": "-1234.50",
    "(£1,234.50)": "-1234.50",
    "£(1,234.50)": "-1234.50",
    "1,234.50-": "-1234.50",
    "1,234.50 -": "-1234.50",
    "\u22121234.50": "-1234.50",
    "–1234.50": "-1234.50",
    "1,234.50CR": "-1234.50",
    "1,234.50 cr": "-1234.50",
    "(1,234.50) CR": "-1234.50",
    "1,234.50DR": "1234.50",
    "1,234.50 Dr": "1234.50",
    "+5": "5.00",
    ".5": "0.50",
    "5.": "5.00",
    "0": "0.00",
    "-0.00": "0.00",
    "1793.3999999999999": "1793.40",
    "-1793.3999999999999": "-1793.40",
    "0.30000000000000004": "0.30",
    "2.675": "2.68",
    "-2.675": "-2.68",
    "2.674999": "2.67",
    "0.005": "0.01",
    "9999999999999999.99": "9999999999999999.99",
    "9,999,999,999,999,999.99": "9999999999999999.99",
}


def test_money_is_read_however_it_is_written() -> None:
    read = values("money", list(MONEY))

    assert dict(zip(MONEY, read, strict=True)) == {
        text: Decimal(meant) for text, meant in MONEY.items()
    }


NO_MONEY = [
    "=31484/40",
    "=SUM(A1:A9)",
    "1,23",
    "1,2345.00",
    "1,234,56",
    "1234,567",
    "12.3.4",
    "1.234,50",
    "10 20",
    "1 2 3",
    "TBC",
    "n/a",
    "-",
    "£",
    "--5",
    "(100",
    "100)",
    "CR",
    "1_000",
    "1e5",
    "1E+05",
    "0x10",
    "10k",
    "£1.2m",
    "5%",
    "nan",
    "inf",
    "١٢٣",
    "#REF!",
    "#####",
    "99999999999999999.00",
    "1" * 40,
    "31/03/2022",
]


def test_what_may_not_be_money_is_never_money() -> None:
    assert dict(zip(NO_MONEY, values("money", NO_MONEY), strict=True)) == dict.fromkeys(NO_MONEY)


GROUPS = {"plain": "", "comma": ",", "nbsp": "\u00a0", "narrow": "\u202f", "space": " "}
MINUS = ["-{}", "({})", "{}-", "{}CR", "{} cr", "\u2212{}", "-£{}", "£-{}", "(£{})", "{} GBP-"]
PLUS = ["{}", "£{}", "{} DR", "+{}", "GBP {}", "{} GBP", " {} ", "\u00a0{}"]
STYLES = st.tuples(st.sampled_from(sorted(GROUPS)), st.integers(0, 99), st.booleans())
SUMS = st.decimals(-(10**13), 10**13, places=2, allow_nan=False)


def styled(amount: Decimal, style: tuple[str, int, bool]) -> str:
    group, number, noisy = style
    if noisy:  # as a spreadsheet writes what it computed
        return f"{float(amount):.17g}"
    digits = f"{abs(amount):,.2f}".replace(",", GROUPS[group])
    signs = MINUS if amount < 0 else PLUS
    return signs[number % len(signs)].format(digits)


@effort(max_examples=40, deadline=None)
@given(cells=st.lists(st.tuples(SUMS, STYLES), min_size=1, max_size=40))
def test_pounds_and_pence_in_any_style_are_read_to_the_penny(
    cells: list[tuple[Decimal, tuple[str, int, bool]]],
) -> None:
    amounts = [amount for amount, _ in cells]

    assert values("money", [styled(amount, style) for amount, style in cells]) == amounts


def days_of(first: int, last: int) -> list[date]:
    start = date(first, 1, 1)
    return [start + timedelta(days=n) for n in range((date(last + 1, 1, 1) - start).days)]


DAYS = days_of(2000, 2030)
DAY_STYLES: dict[str, Callable[[date], str]] = {
    "dd/mm/yyyy": lambda d: f"{d:%d/%m/%Y}",
    "d/m/yyyy": lambda d: f"{d.day}/{d.month}/{d.year}",
    "dd.mm.yy": lambda d: f"{d:%d.%m.%y}",
    "dd/mm/yyyy hh:mm": lambda d: f"{d:%d/%m/%Y} 14:05",
    "d Mon yyyy": lambda d: f"{d.day} {d:%b} {d.year}",
    "d Month yyyy": lambda d: f"{d.day} {d:%B} {d.year}",
    "dd-Mon-yy": lambda d: f"{d:%d-%b-%y}",
    "DD-MON-YYYY": lambda d: f"{d:%d-%b-%Y}".upper(),
    "Month d, yyyy": lambda d: f"{d:%B} {d.day}, {d.year}",
    "ISO": lambda d: d.isoformat(),
    "ISO with time": lambda d: f"{d}T00:00:00",
    "ISO with time and fraction": lambda d: f"{d} 23:59:59.997",
    "yyyymmdd": lambda d: f"{d:%Y%m%d}",
    "Excel serial": lambda d: str((d - date(1899, 12, 30)).days),
    "Excel serial with time": lambda d: f"{(d - date(1899, 12, 30)).days}.5",
    "mm/dd/yyyy": lambda d: f"{d:%m/%d/%Y}",
    "m/d/yy": lambda d: f"{d.month}/{d.day}/{d:%y}",
}


@pytest.mark.parametrize("style", DAY_STYLES)
def test_every_day_of_thirty_one_years_is_read_in_every_style(style: str) -> None:
    """US order too: a column that holds every day has days above twelve, which tell the order."""
    assert values("date", [DAY_STYLES[style](day) for day in DAYS]) == DAYS


DAY_FIRST = [style for style in DAY_STYLES if not style.startswith("m")]


@effort(max_examples=30, deadline=None)
@given(
    cells=st.lists(
        st.tuples(st.sampled_from(DAYS), st.sampled_from(DAY_FIRST)), min_size=1, max_size=30
    )
)
def test_one_column_may_write_its_days_in_many_styles(cells: list[tuple[date, str]]) -> None:
    texts = [DAY_STYLES[style](day) for day, style in cells]

    assert values("date", texts) == [day for day, _ in cells]


def test_more_ways_to_write_a_day() -> None:
    texts = [
        "4th March, 2012",
        "4 Sept 2022",
        "4 SEPTEMBER 2022",
        "1/4/2022 9:05 am",
        "01/04/2022\u00a0",
    ]

    assert values("date", texts) == [
        date(2012, 3, 4),
        date(2022, 9, 4),
        date(2022, 9, 4),
        date(2022, 4, 1),
        date(2022, 4, 1),
    ]


def test_the_contracts_order_decides_where_the_column_does_not() -> None:
    assert values("date", ["03/04/2022", "05/06/22"]) == [date(2022, 4, 3), date(2022, 6, 5)]


def test_the_columns_own_evidence_decides_against_the_contracts_order() -> None:
    assert values("date", ["04/13/2022", "03/04/2022"]) == [date(2022, 4, 13), date(2022, 3, 4)]


def test_a_column_that_contradicts_itself_is_rejected_and_the_cells_are_named() -> None:
    with pytest.raises(Rejected) as rejected:
        values("date", ["13/04/2022", "14/04/2022", "01/04/2022", "04/28/2022"])

    assert rejected.value.step == "type"
    assert rejected.value.reason == (
        "small.csv: column cell mixes day first and month first (04/28/2022 in row 5; but "
        "13/04/2022 in row 2): write all dates as dd/mm/yyyy."
    )


def test_a_day_that_no_calendar_has_is_no_day() -> None:
    texts = ["01/04/20019", "31/02/2022", "29/02/2023", "32/01/2022", "00/01/2022", "2022-13-01"]
    texts += ["2022", "April 2022", "TBC", "=TODAY()", "99999", "12345", "1/4", "#VALUE!"]

    assert values("date", [*texts, "29/02/2024"]) == [None] * len(texts) + [date(2024, 2, 29)]


def test_flags_places_months_and_numbers() -> None:
    flags = ["Y", "yes", "TRUE", "t", "1", "N", "no", "False", "f", "0"]
    assert values("boolean", flags) == [True] * 5 + [False] * 5
    assert values("boolean", ["maybe", "2", "Yes please"]) == [None] * 3

    places = ["L3 1BP", "l31bp", " L3  1BP ", "L3-1BP", "SW1A 1AA", "M1 1AE", "CH41 5AB"]
    assert values("postcode", places) == ["L31BP"] * 4 + ["SW1A1AA", "M11AE", "CH415AB"]
    assert (
        values("postcode", ["L3", "Liverpool", "L3 IBP", "12345", "L3 1BP, L3 2BP"]) == [None] * 5
    )

    months = ["2022-04", "Apr 2022", "April 2022", "Apr-22", "April-22", "APR-2022"]
    months += ["01/04/2022", "2022-04-30", "44652", "2022-04-01 00:00:00"]
    assert values("month", months) == ["2022-04"] * len(months)
    assert values("month", ["Sept-22", "Sep 2022"]) == ["2022-09"] * 2
    assert values("month", ["April", "2022-13", "2022-00", "Q1", "2022"]) == [None] * 5

    assert values("integer", ["1,234", "12.0", "(5)", "0"]) == [1234, 12, -5, 0]
    assert values("integer", ["12.5", "TBC", "9" * 20, "1e3"]) == [None] * 4
    assert values("number", ["1,234.5", "-0.25", "1e3"]) == [
        Decimal("1234.5"),
        Decimal("-0.25"),
        None,
    ]


def test_only_the_values_agreed_are_taken_and_each_by_any_of_its_words() -> None:
    agreed = {"small": ["SME", "small business"], "research": ["R&D", "O'Neill's"]}
    texts = ["Small", "sme", "Small-Business", "R & D", "r&d", "oneills", "research"]

    assert values("text", texts, one_of=agreed) == ["small"] * 3 + ["research"] * 4
    assert values("text", ["smallish", "big", "&"], one_of=agreed) == [None] * 3


def test_text_keeps_its_words_and_loses_its_odd_spaces() -> None:
    texts = ["  Mersey   Print\u00a0Ltd ", "Mersey\nPrint", "007", "1.0", "=1+1", "\u00a0", "NULL"]

    assert values("text", texts) == [
        "Mersey Print Ltd",
        "Mersey Print",
        "007",
        "1.0",
        "=1+1",
        None,
        "NULL",
    ]
    assert values("code", [" 00123 ", "1E5", "12 34"]) == ["00123", "1E5", "12 34"]


PAYMENTS = "Payment date,Supplier name,Net amount,Invoice received date\n"


def test_a_cell_that_does_not_read_is_a_finding_and_its_row_is_quarantined(
    take: Callable[..., Ingested], settings: Settings
) -> None:
    taken = take(
        f"{PAYMENTS}01/04/2022,Good,1.00,\n02/04/20019,Year,2.00,\n31/02/2022,Day,4.00,\n"
        "03/04/2022,Sum,TBC,\n04/04/2022,Formula,=31484/40,\n05/04/2022,Blank it,8.00,soon\n"
    )
    found = landed(settings)

    assert [row[:2] for row in found.rows] == [(2, "Good"), (7, "Blank it")]
    assert found.quarantined == dict.fromkeys([3, 4, 5, 6], "cell_reads")
    assert taken.counts.amount_quarantined == Decimal("6.00")  # as far as it can be read
    left_out = "; the row is left out until then."
    day = f"The cell does not read as a date: write it as dd/mm/yyyy{left_out}"
    assert found.findings == [
        ("cell_reads", 3, "payment_date", "02/04/20019", day),
        ("cell_reads", 4, "payment_date", "31/02/2022", day),
        (
            "cell_reads",
            5,
            "amount",
            "TBC",
            "The cell does not read as a sum of money: write pounds and pence as 1234.50, a "
            f"credit as -1234.50{left_out}",
        ),
        (
            "cell_reads",
            6,
            "amount",
            "=31484/40",
            f"The cell holds a formula, not a value: send what it comes to{left_out}",
        ),
        (
            "cell_reads",
            7,
            "invoice_received_date",
            "soon",
            "The cell does not read as a date: write it as dd/mm/yyyy.",
        ),
    ]


def test_a_day_in_an_impossible_year_is_quarantined_and_harms_no_other_row(
    take: Callable[..., Ingested], settings: Settings
) -> None:
    years = ["0000", "0022", "1954", "9999"]
    odd = "".join(f"31/12/{year},Odd,1.00,\n" for year in years)

    taken = take(f"{PAYMENTS}01/04/2022,Good,1.00,\n{odd}", "lcrca_2022-04.csv")

    assert (taken.outcome, taken.period) == ("loaded", "2022-04")
    assert (taken.counts.loaded, taken.counts.quarantined) == (1, 4)
    assert set(landed(settings).quarantined.values()) == {"payment_date_is_believable"}


SECRETS = ["E-4711", "13/04/1981", "L3 1BX", "soonish", "04/28/1990", "Nobody Known"]
PEOPLE = contract(
    {
        "name": "employee",
        "type": "code",
        "required": True,
        "privacy": "personal",
        "becomes": {"employee_key": {"how": "keyed hash"}},
    },
    {"name": "birth_date", "type": "date", "required": True, "privacy": "personal"},
    {"name": "home", "type": "postcode", "privacy": "personal", "if_unreadable": "blank"},
    {"name": "grade", "type": "integer"},
    **{"return": "people", "title": "People"},
)
PEOPLE_SUITE = Suite.model_validate(
    {
        "suite": "people",
        "version": "1",
        "rules": [
            {
                "id": f"{column}_is_not_so",
                "version": 1,
                "severity": "warn",
                "dimension": "validity",
                "fixed_by": "sender",
                "owner": "Head of HR",
                "because": "Look again.",
                "fails_when": f"{judged} is not null",
                "column": column,
            }
            for column, judged in [("employee", "employee_key"), ("grade", "grade")]
        ],
    }
)


def everything_told(settings: Settings) -> str:
    """Every word of the ledger, and of the answers to senders."""
    with reading(settings) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'ledger' "
            "and database_name = 'warehouse'"
        ).fetchall()
        ledger = [
            str(connection.execute(f"select * from warehouse.ledger.{table}").fetchall())
            for (table,) in tables
        ]
    answers = [path.read_text(encoding="utf-8") for path in settings.quarantine.rglob("*.csv")]
    assert answers
    return "\n".join([*ledger, *answers])


@pytest.mark.parametrize(
    ("why", "outcome", "text"),
    [
        (
            "cells that do not read and rules that point to them",
            "loaded",
            "employee,birth date,home,grade\nE-4711,13/04/1981,L3 1BX,9876\nE-4711,soonish,"
            "Nobody Known,tenth\n",
        ),
        (
            "dates that contradict each other",
            "rejected",
            "employee,birth date,home,grade\nE-4711,13/04/1981,L3 1BX,1\nE-4711,04/28/1990,,2\n",
        ),
        ("a file without a header", "rejected", "E-4711,13/04/1981,L3 1BX\nE-4711,soonish,\n"),
    ],
)
def test_the_value_of_a_personal_cell_is_in_no_finding_and_no_answer(
    why: str, outcome: str, text: str, take: Callable[..., Ingested], settings: Settings
) -> None:
    rules = Rules({"people": PEOPLE}, {"people": PEOPLE_SUITE})

    taken = take(text, return_name="people", use=rules)
    told = everything_told(settings) + str(taken)

    assert taken.outcome == outcome
    assert [secret for secret in SECRETS if secret in told] == []
    if outcome == "loaded":  # of a row that is a person no cell is shown
        assert landed_findings(settings) == [
            ("employee_is_not_so", 2, "employee", None),
            ("grade_is_not_so", 2, "grade", None),
            ("cell_reads", 3, "birth_date", None),
            ("cell_reads", 3, "grade", None),
            ("cell_reads", 3, "home", None),
        ]


def test_a_person_whose_name_has_a_loose_comma_is_left_out(
    take: Callable[..., Ingested], settings: Settings
) -> None:
    text = "employee,birth date,home,grade\nE-1,13/04/1981,,1\nE-4711,Nobody, Known,,13/04/1981,2\n"
    rules = Rules({"people": PEOPLE}, {"people": PEOPLE_SUITE})

    taken = take(text, return_name="people", use=rules)

    assert (taken.counts.loaded, taken.counts.quarantined) == (1, 1)
    assert ("row_fits_its_header", 3, None, None) in landed_findings(settings)
    assert "4711" not in everything_told(settings)


def landed_findings(settings: Settings) -> list[Any]:
    with reading(settings) as connection:
        return connection.execute(
            'select rule, "row", "column", "value" from warehouse.ledger.findings '
            'order by "row", rule, "column"'
        ).fetchall()


def test_the_answer_to_the_sender_cannot_run_as_a_formula(
    take: Callable[..., Ingested], settings: Settings
) -> None:
    take(f"{PAYMENTS}01/04/2022,Good,1.00,\n01/04/2022,Bad,=cmd|' /C calc'!A0,\n")

    (answer,) = settings.quarantine.rglob("*.csv")
    assert "'=cmd" in answer.read_text(encoding="utf-8")
    assert oct(answer.stat().st_mode & 0o777) == "0o600"


def test_a_column_the_file_lacks_is_there_and_empty() -> None:
    of: Contract = contract(
        {"name": "number", "type": "text", "required": True},
        {"name": "amount", "type": "money"},
    )
    with typed(of, [["one"]]) as connection:
        assert connection.execute("select number, amount from typed_rows").fetchall() == [
            ("one", None)
        ]
