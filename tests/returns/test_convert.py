"""Text becomes a value only where it cannot mean anything else."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from flows.common.errors import Rejected
from flows.returns.contract import Contract
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
    "9,999.99": "9999.99",
    "-6.82121E-13": "0.00",
    "nil": "0.00",
    "£ Nil": "0.00",
}


def test_money_is_read_however_it_is_written() -> None:
    read = values("money", list(MONEY))

    assert dict(zip(MONEY, read, strict=True)) == {
        text: Decimal(meant) for text, meant in MONEY.items()
    }


PLAIN = {
    "1234.50": "1234.50",
    "-0012.345": "-12.35",
    "007": "7.00",
    "99999999999.99": "99999999999.99",
    "100000000000.00": None,  # beyond what a cell may hold
    " 5.1 ": "5.10",
    "": None,
}


@pytest.mark.parametrize("others", [[], ["£1,234", "TBC"]], ids=["alone", "among others"])
def test_a_plain_number_is_read_alike_whatever_else_the_column_holds(others: list[str]) -> None:
    read = values("money", [*PLAIN, *others])[: len(PLAIN)]

    assert read == [Decimal(meant) if meant else None for meant in PLAIN.values()]


NO_MONEY = [
    "100000000000.00",
    "1000000000000.00",
    "9999999999999999.99",
    "1e308",
    "1e12",
    "€5",
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
SUMS = st.decimals(-(10**8), 10**8, places=2, allow_nan=False)


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


def test_a_column_the_file_lacks_is_there_and_empty() -> None:
    of: Contract = contract(
        {"name": "number", "type": "text", "required": True},
        {"name": "amount", "type": "money"},
    )
    with typed(of, [["one"]]) as connection:
        assert connection.execute("select number, amount from typed_rows").fetchall() == [
            ("one", None)
        ]
