"""What goes wrong in which month of finance's files, and how the files look."""

from flows.demo.made.authority.sheets import MIXED_DATES, iso_moment, uk_date, word_date
from flows.demo.made.finance.payment_files import Looks

# So many days after the month's end a file comes, where that is not when it should.
LATE = {
    ("2021-06", "transport"): 23,
    ("2022-03", "transport"): 18,
    ("2022-06", "transport"): 20,
    ("2022-12", "corporate"): 21,
    ("2022-09", "finance_control_totals"): 16,
}
CONTROLS_LATE = frozenset({"2022-09"})
SENT_AGAIN = frozenset({("2021-07", "corporate"), ("2022-04", "corporate")})
NO_VENDOR_MASTER = frozenset({"2021-12"})  # the one of November has to serve
NUMBER_TWICE = {"2022-08": "400395"}
VENDORS_AS_WORKBOOK = frozenset({"2022-01", "2022-02", "2022-03"})
CONTROLS_AS_WORKBOOK_FROM = "2022-11"

_LOOKS = {
    ("2021-05", "corporate"): Looks(is_workbook=True),
    ("2021-09", "transport"): Looks(is_workbook=True),
    ("2021-10", "transport"): Looks(dates=(word_date,), delimiter=";"),
    ("2022-02", "corporate"): Looks(repeats_header=True),
    ("2022-04", "transport"): Looks(dates=(word_date,)),
    ("2022-05", "transport"): Looks(dates=MIXED_DATES),
    ("2022-06", "corporate"): Looks(encoding="utf-8-sig"),
    ("2022-06", "transport"): Looks(dates=(iso_moment, uk_date)),
    ("2022-09", "corporate"): Looks(is_workbook=True),
    ("2022-11", "corporate"): Looks(is_workbook=True),
    ("2023-01", "transport"): Looks(is_workbook=True),
}


def looks(month: str, part: str, *, corrects: bool) -> Looks:
    """How a file of payments looks; a corrected one comes as plain text."""
    return Looks() if corrects else _LOOKS.get((month, part), Looks())
