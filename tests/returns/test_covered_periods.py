"""For when a return is: as told, else as its dates say, its name settling the strays."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest

from flows.common.periods import read_period
from flows.common.settings import Settings
from flows.intake.submission import Ingested
from flows.returns.identity import Hints
from flows.warehouse.connection import reading

Take = Callable[..., Ingested]
BY_MONTH = "select period, rows_loaded, amount_total from warehouse.ledger.returns order by period"
FINDINGS = "select rule, message from warehouse.ledger.findings order by rule"


def payments(**months: int) -> str:
    """So many payments of a pound in each month: `payments(april_2022=3)`."""
    lines = ["Payment date,Supplier,Amount"]
    for month, count in months.items():
        name, year = month.split("_")
        lines += [f"{day % 28 + 1} {name} {year},Mersey Print,1.00" for day in range(count)]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Kept:
    periods: dict[str, int]
    findings: dict[str, str]


def kept(settings: Settings) -> Kept:
    with reading(settings) as connection:
        return Kept(
            {period: rows for period, rows, _ in connection.execute(BY_MONTH).fetchall()},
            dict(connection.execute(FINDINGS).fetchall()),
        )


def hints(period: str) -> Hints:
    return Hints(sender="lcrca", period=read_period(period))


def test_the_period_that_was_told_wins_over_the_name(take: Take, settings: Settings) -> None:
    taken = take(payments(may_2022=5), "lcrca_2022-04.csv", hints=hints("2022-05"))

    assert (taken.outcome, taken.period) == ("loaded", "2022-05")
    assert kept(settings) == Kept({"2022-05": 5}, {})


def test_the_period_that_was_told_takes_the_strays_and_says_so(
    take: Take, settings: Settings
) -> None:
    take(payments(march_2022=1, april_2022=17, may_2022=2), "x.csv", hints=hints("2022-04"))

    assert kept(settings) == Kept(
        {"2022-04": 20},
        {
            "dates_lie_in_the_period": "3 rows are dated outside 2022-04 and count in the nearest "
            "of these, unless the return is held for them; check their dates."
        },
    )


def test_the_finding_of_rows_outside_the_period_names_the_first_of_them(
    take: Take, settings: Settings
) -> None:
    take(payments(april_2022=17, may_2022=2), "x.csv", hints=hints("2022-04"))

    with reading(settings) as connection:
        assert connection.execute(
            'select "row" from warehouse.ledger.findings where rule = ?',
            ["dates_lie_in_the_period"],
        ).fetchall() == [(19,)]


def test_dates_that_contradict_what_was_told_reject_the_file_and_are_counted(
    take: Take, settings: Settings
) -> None:
    taken = take(payments(april_2022=2, june_2022=7), "x.csv", hints=hints("2022-04"))

    assert (taken.outcome, taken.counts.loaded) == ("rejected", 0)
    assert taken.reason == (
        "x.csv: told to be for 2022-04, but only 2 of 9 dates in column payment_date lie in it "
        "(most in 2022-06): check the period, or the column."
    )


def test_the_files_name_settles_the_strays(take: Take, settings: Settings) -> None:
    taken = take(payments(april_2022=5, may_2022=4, june_2022=1), "lcrca_2022-04.csv")

    assert taken.period == "2022-04"
    assert kept(settings).periods == {"2022-04": 10}
    assert kept(settings).findings["dates_lie_in_the_period"].startswith("5 rows are dated outside")


def test_dates_that_disagree_with_the_name_are_followed_and_it_is_said(
    take: Take, settings: Settings
) -> None:
    taken = take(payments(april_2022=1, may_2022=20), "lcrca_2022-04.csv")

    assert taken.period == "2022-05"
    assert kept(settings).periods == {"2022-05": 21}
    assert kept(settings).findings["name_agrees_with_dates"] == (
        "The file's name speaks of another period than its dates, which say 2022-05; the dates "
        "were followed: rename the file."
    )


def test_dates_decide_where_the_name_says_nothing(take: Take, settings: Settings) -> None:
    taken = take(payments(may_2022=5), "spend.csv", hints=Hints(sender="lcrca"))

    assert taken.period == "2022-05"
    assert kept(settings) == Kept({"2022-05": 5}, {})


def test_a_file_of_several_months_is_one_return_for_each(take: Take, settings: Settings) -> None:
    taken = take(
        payments(april_2022=3, may_2022=5, march_2023=4), "spend.csv", hints=Hints(sender="lcrca")
    )

    assert taken.period == "2022-04 to 2023-03"
    assert taken.returns == [f"{taken.filing}/{m}" for m in ("2022-04", "2022-05", "2023-03")]
    assert kept(settings) == Kept({"2022-04": 3, "2022-05": 5, "2023-03": 4}, {})
    with reading(settings) as connection:
        rows = connection.execute(
            "select _return_id, count(*), min(payment_date), max(payment_date), sum(amount) "
            "from warehouse.landed.finance_payments group by all order by 1"
        ).fetchall()
    assert [(row[0], row[1], f"{row[2]:%Y-%m}", f"{row[3]:%Y-%m}", row[4]) for row in rows] == [
        (f"{taken.filing}/{month}", count, month, month, Decimal(count))
        for month, count in [("2022-04", 3), ("2022-05", 5), ("2023-03", 4)]
    ]


@pytest.mark.parametrize("name", ["lcrca_2022-23.csv", "lcrca_2022-q1.csv", "lcrca_2022-23-h1.csv"])
def test_a_name_may_speak_of_a_span_of_which_the_months_with_rows_are_kept(
    name: str, take: Take, settings: Settings
) -> None:
    take(payments(april_2022=3, june_2022=1), name)

    assert kept(settings) == Kept({"2022-04": 3, "2022-06": 1}, {})


def test_stray_months_do_not_become_returns(take: Take, settings: Settings) -> None:
    """A tenth of the fullest month is a month; less is a slip of the pen."""
    text = payments(april_2021=1, april_2022=40, may_2022=4, july_2022=3)

    take(text, "spend.csv", hints=Hints(sender="lcrca"))

    assert kept(settings).periods == {"2022-04": 41, "2022-05": 7}
    assert (
        kept(settings)
        .findings["dates_lie_in_the_period"]
        .startswith("4 rows are dated outside 2022-04 and 2022-05 and count in the nearest")
    )


def test_a_row_without_a_date_counts_in_the_fullest_month(take: Take, settings: Settings) -> None:
    text = payments(april_2022=2, may_2022=5) + ",Mersey Print,1.00\nsoon,Mersey Print,1.00\n"

    take(text, "spend.csv", hints=Hints(sender="lcrca"))

    with reading(settings) as connection:
        rows = connection.execute(
            "select period, rows_loaded, rows_quarantined from warehouse.ledger.returns order by 1"
        ).fetchall()
    assert rows == [("2022-04", 2, 0), ("2022-05", 5, 2)]


def test_neither_dates_nor_a_name_is_a_rejection_that_says_what_to_do(take: Take) -> None:
    text = "Payment date,Supplier,Amount\n,Mersey Print,1.00\n"

    taken = take(text, "spend.csv", hints=Hints(sender="lcrca"))

    assert (taken.outcome, taken.returns[0]) == ("rejected", taken.filing)
    assert taken.reason == (
        "spend.csv does not say for which month it is: call it <sender>_<period>.csv, for example "
        "northmoor_2022-04.csv, or give --period."
    )


def test_no_sender_is_a_rejection_that_says_what_to_do(take: Take) -> None:
    taken = take(payments(april_2022=1), "spend.csv")

    assert taken.reason == (
        "spend.csv does not say who sent it: call it <sender>_<period>.csv, for example "
        "northmoor_2022-04.csv, or give --sender."
    )


@pytest.mark.parametrize("name", ["lcrca_0000-04.csv", "lcrca_2022-23-q5.csv", "lcrca_2022-13.csv"])
def test_a_name_that_speaks_of_no_period_leaves_the_dates_to_decide(
    name: str, take: Take, settings: Settings
) -> None:
    taken = take(payments(april_2022=2), name, hints=Hints(sender="lcrca"))

    assert (taken.outcome, taken.period) == ("loaded", "2022-04")


@pytest.mark.parametrize(
    ("told_as", "sender"),
    [("Leeds City Council", "leeds-city-council"), ("../up", "up"), ("St. Helens ", "st-helens")],
)
def test_a_sender_is_known_by_a_name_that_could_be_a_folders(
    told_as: str, sender: str, take: Take
) -> None:
    assert take(payments(april_2022=2), "spend.csv", hints=Hints(sender=told_as)).sender == sender


def test_a_sender_without_a_letter_is_no_sender(take: Take) -> None:
    taken = take(payments(april_2022=2), "spend.csv", hints=Hints(sender="../.."))

    assert taken.outcome == "rejected"
    assert "does not say who sent it" in str(taken.reason)


@pytest.mark.parametrize(
    ("told_as", "part"), [("Roads and Rail", "roads-and-rail"), ("../up", "up"), ("-x", "x")]
)
def test_a_part_is_known_by_a_name_that_could_be_a_folders(
    told_as: str, part: str, take: Take
) -> None:
    text = payments(april_2022=2)
    first = take(text, "spend.csv", hints=Hints(sender="lcrca", part=told_as))
    again = take(text, "spend.csv", hints=Hints(sender="lcrca", part=part))

    assert (first.outcome, again.outcome) == ("loaded", "duplicate")
    assert again.returns == first.returns


VENDORS = "Supplier ID,Supplier name,Postcode\n17,Mersey Print Ltd,L3 1BP\n"


def test_a_return_without_dates_is_for_the_month_its_name_says(
    take: Take, settings: Settings
) -> None:
    april = take(VENDORS, "lcrca_2022-04.csv", "finance_vendors")
    may = take(VENDORS, "lcrca_2022-05.csv", "finance_vendors")

    assert (april.period, may.period) == ("2022-04", "2022-05")
    assert april.filing != may.filing, "the same bytes for two months are two returns"
    assert kept(settings).periods == {"2022-04": 1, "2022-05": 1}


CONTROL = "Month,Part,Count,Amount\n{},transport,2,10.00\n"


@pytest.mark.parametrize("written", ["2022-04", "Apr 2022", "Apr-22", "April 2022", "01/04/2022"])
def test_a_month_may_be_written_as_spreadsheets_write_it(written: str, take: Take) -> None:
    taken = take(
        CONTROL.format(written), "totals.csv", "finance_control_totals", Hints(sender="lcrca")
    )

    assert (taken.outcome, taken.period) == ("loaded", "2022-04")


def test_a_control_total_for_a_month_that_cannot_be_is_a_stray(
    take: Take, settings: Settings
) -> None:
    text = CONTROL.format("2022-04") + "0000-04,housing,1,5.00\n"

    taken = take(text, "totals.csv", "finance_control_totals", Hints(sender="lcrca"))

    assert taken.period == "2022-04"
    assert list(kept(settings).findings) == ["dates_lie_in_the_period"]


def test_a_return_with_a_share_of_another_period_waits_and_names_the_lines(
    take: Take, settings: Settings
) -> None:
    june = "".join(f"{day:02}/06/2022,Alder,{day}.00\n" for day in range(1, 21))
    july = "".join(f"{day:02}/07/2022,Birch,1.00\n" for day in range(1, 30))
    header = "Payment date,Supplier,Amount\n"
    take(header + june, "lcrca_2022-06.csv")

    taken = take(header + "30/06/2022,Elm,7.00\n" + june + july, "x.csv", hints=hints("2022-07"))

    assert taken.outcome == "held"
    assert taken.reason == (
        "21 of 50 rows are dated outside 2022-07, and will count in the month of their date; 20 "
        "rows, from row 3 to row 22, stand line for line in other returns in force, and would "
        "count twice: confirm that they belong to it"
    )


def test_rows_that_are_equal_are_as_many_as_they_are(take: Take) -> None:
    header, one = "Payment date,Supplier,Amount\n", "30/06/2022,Alder,5.00\n"
    july = "01/07/2022,Birch,1.00\n"
    take(header + one * 2, "lcrca_2022-06.csv")

    taken = take(header + one * 5 + july * 6, "x.csv", hints=hints("2022-07"))

    assert "; 2 rows, from row 2 to row 6," in taken.reason


def test_a_file_that_repeats_the_last_month_of_the_one_before_waits_and_names_the_lines(
    take: Take,
) -> None:
    take(payments(april_2022=9, may_2022=9, june_2022=9), "first.csv", hints=Hints(sender="lcrca"))

    taken = take(
        payments(june_2022=8, july_2022=9, august_2022=9), "next.csv", hints=Hints(sender="lcrca")
    )

    assert taken.outcome == "held"
    assert taken.reason == (
        "2022-06 stands in force from first.csv, which is for 2022-04 and 2022-05 too; 8 rows, "
        "from row 2 to row 9, stand line for line in other returns in force: confirm that this "
        "file replaces it there"
    )


@pytest.mark.parametrize(
    "months",
    [
        {"june_2022": 9},  # one month is mended
        {"may_2022": 9, "june_2022": 9},
        {"april_2022": 9, "may_2022": 9, "june_2022": 9, "july_2022": 9},  # the year so far, anew
        {"july_2022": 9, "august_2022": 9},
    ],
)
def test_a_file_that_mends_another_or_goes_on_from_it_does_not_wait(
    take: Take, months: dict[str, int]
) -> None:
    take(payments(april_2022=9, may_2022=9, june_2022=9), "first.csv", hints=Hints(sender="lcrca"))

    text = payments(**months).replace("Mersey Print", "Alder")

    assert take(text, "next.csv", hints=Hints(sender="lcrca")).outcome == "loaded"
