"""Finance's made-up files: every planted fault of the two years stands in the bytes."""

import re
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from flows.demo.made.authority.authority import REDACTIONS, SPELLINGS
from flows.demo.made.authority.delivery import Delivery, Sending
from flows.demo.made.authority.periods import MONTHS, first_day, months_of
from flows.demo.made.contracts.contracts import contracts
from flows.demo.made.deliveries import sendings
from flows.demo.made.finance.finance import PaymentsSent
from flows.demo.made.obligations import due
from tests.support.demo_reading import day, money, payments_of, rows_of, text_of

LEDGER = ("finance_payments", "finance_vendors", "finance_control_totals")
SENT = [s for s in sendings() if s.delivery.return_name in LEDGER]
PAYMENTS = [s for s in SENT if isinstance(s, PaymentsSent)]
READ = {s.delivery: payments_of(s.delivery) for s in PAYMENTS}


def _named(name: str, nth: int = 0) -> Delivery:
    found = [s.delivery for s in SENT if s.delivery.file_name == name]
    return found[nth]


APRIL = _named("lcrca_2022-04_corporate.csv")
MAY_FIRST = _named("lcrca_2022-05_corporate.csv")
MAY_CORRECTED = _named("lcrca_2022-05_corporate.csv", 1)
MAY_TRANSPORT = _named("lcrca_2022-05_transport.csv")


def _in_force() -> dict[tuple[str, str, str, str], Sending]:
    return {s.slot: s for s in PAYMENTS}


def test_every_month_sends_two_parts_a_vendor_master_and_control_totals() -> None:
    slots = {(s.delivery.return_name, s.period, s.part) for s in SENT}
    for month in MONTHS:
        assert ("finance_payments", month, "corporate") in slots
        assert ("finance_payments", month, "transport") in slots
        assert ("finance_control_totals", month, "") in slots
        assert (("finance_vendors", month, "") in slots) == (month != "2021-12")


def test_file_names_read_sender_period_and_part() -> None:
    for sending in SENT:
        name = sending.delivery.file_name.replace("-copy", "").rsplit(".", 1)[0]
        assert name == "_".join(filter(None, ["lcrca", sending.period, sending.part]))


@pytest.mark.parametrize("year", ["2021-22", "2022-23"])
def test_a_year_spends_about_a_hundred_million_pounds(year: str) -> None:
    sent = [s for s in _in_force().values() if s.period in months_of(year)]
    assert 90_000_000 < sum(s.loaded.amount for s in sent) < 110_000_000
    assert all(1_400 < sum(s.loaded.rows for s in sent if s.period == m) < 2_500
               for m in months_of(year))  # fmt: skip


def test_a_file_holds_what_is_said_of_it() -> None:
    for sending in PAYMENTS:
        read = [(day(p["date"]), money(p["amount"])) for p in READ[sending.delivery]]
        good = [amount for when, amount in read if when and amount is not None]
        bad = [amount for when, amount in read if when is None or amount is None]
        assert (sending.loaded.rows, sending.loaded.amount) == (len(good), sum(good))
        told = sum((amount for amount in bad if amount is not None), Decimal(0))
        assert (sending.quarantined.rows, sending.quarantined.amount) == (len(bad), told)
        rows = len(rows_of(sending.delivery)) - 1  # the header
        if "corporate.xlsx" in sending.delivery.file_name:
            rows += len(rows_of(sending.delivery, "Notes"))
        assert len(read) + sending.dropped_rows == rows


def test_what_cannot_be_read() -> None:
    unreadable: dict[str, list[str]] = {}
    for sending in PAYMENTS:
        lines = READ[sending.delivery]
        texts = [p["amount"] for p in lines if money(p["amount"]) is None]
        texts += [p["date"] for p in lines if day(p["date"]) is None]
        if texts:
            unreadable.setdefault(sending.delivery.file_name, []).append("; ".join(texts))
    assert unreadable == {
        "lcrca_2021-08_corporate.csv": ["31/09/2021"],
        "lcrca_2022-05_corporate.csv": ["TBC; =31484/40; 20019-11-27", "20019-11-27"],
        "lcrca_2022-11_corporate.xlsx": ["#REF!; =D99*1.2"],
    }


def test_every_readable_date_lies_in_the_month_of_the_file() -> None:
    for sending in PAYMENTS:
        days = [day(p["date"]) for p in READ[sending.delivery]]
        assert {f"{d:%Y-%m}" for d in days if d is not None} == {sending.period}


def test_the_corrected_file_differs_in_a_few_rows_only() -> None:
    first, corrected = rows_of(MAY_FIRST), rows_of(MAY_CORRECTED)
    assert len(corrected) - len(first) == 3
    assert sum(row not in corrected for row in first) == 3


def test_duplicates_have_the_same_bytes_and_another_name() -> None:
    copies = [s for s in SENT if s.outcome == "duplicate"]
    assert [s.delivery.file_name for s in copies] == [
        "lcrca_2021-07_corporate-copy.csv",
        "lcrca_2022-04_corporate-copy.csv",
    ]
    for copy in copies:
        same = [s for s in SENT if s.delivery.content == copy.delivery.content]
        assert len(same) == 2


def test_some_files_are_late() -> None:
    late = {}
    for s in SENT:
        until = due(s.delivery.return_name, "lcrca", s.period, s.part)
        assert until
        if not s.corrects and s.outcome == "loaded" and s.delivery.at.date() > until:
            late[s.delivery.file_name] = (s.delivery.at.date() - until).days
    assert late == {
        "lcrca_2021-06_transport.csv": 8,
        "lcrca_2022-03_transport.csv": 3,
        "lcrca_2022-06_transport.csv": 5,
        "lcrca_2022-09.csv": 6,
        "lcrca_2022-12_corporate.csv": 6,
    }


def test_two_files_are_refused_and_sent_again_as_they_should_be() -> None:
    refused = [s for s in SENT if s.outcome == "rejected"]
    assert [(s.period, s.part) for s in refused] == [
        ("2021-08", "corporate"),
        ("2021-11", "transport"),
    ]
    assert text_of(refused[0].delivery).startswith("Contract Reference,Contract Title")
    days = [row[1] for row in rows_of(refused[1].delivery)[3:-1]]
    assert any(int(d[:2]) > 12 for d in days)
    assert any(int(d[3:5]) > 12 for d in days)
    for one in refused:
        assert any(s.slot == one.slot and s.outcome == "loaded" for s in SENT)


def test_one_date_column_mixes_five_forms() -> None:
    forms = Counter(
        re.sub(r"[A-Za-z]", "a", re.sub(r"\d+", "9", p["date"])) for p in READ[MAY_TRANSPORT]
    )
    assert set(forms) == {"9/9/9", "9 aaa 9", "9-9-9", "9-9-9 9:9:9", "9"}


@pytest.mark.parametrize(
    "pattern", [r"-\d+\.\d\d", r"\d+\.\d\d-", r"\d+\.\d\d CR", r"\(£[\d,]+\.\d\d\)"]
)
def test_credits_are_written_in_four_ways(pattern: str) -> None:
    texts = [p["amount"] for lines in READ.values() for p in lines]
    assert sum(bool(re.fullmatch(pattern, text)) for text in texts) >= 20


def test_the_transport_layout_is_another() -> None:
    rows = rows_of(MAY_TRANSPORT)
    assert "£500".encode("cp1252") in MAY_TRANSPORT.content
    with pytest.raises(UnicodeDecodeError):
        MAY_TRANSPORT.content.decode("utf-8")
    assert b"\r\n" in MAY_TRANSPORT.content
    assert b"\r" not in APRIL.content
    assert [sum(map(bool, row)) for row in rows[:3]] == [1, 1, 0]
    assert "Amount Excluding VAT" in rows[3]
    amounts = [money(p["amount"]) or 0 for p in READ[MAY_TRANSPORT]]
    assert "Total" in rows[-1]
    assert sum(amounts) == money(rows[-1][6])
    assert re.search(r'"£\d,\d{3}\.\d\d"', text_of(MAY_TRANSPORT))


def test_the_corporate_columns_move_and_change_their_names_in_april_2022() -> None:
    old, new = rows_of(_named("lcrca_2022-03_corporate.csv"))[0], rows_of(APRIL)[0]
    assert old.index("Net Amount") != new.index("Net amount (£)")
    assert not set(old) & set(new) - {"Directorate"}


def test_forms_of_file() -> None:
    books = [s.delivery.file_name for s in SENT if s.delivery.content.startswith(b"PK")]
    assert {name.split("_")[-1] for name in books} >= {"corporate.xlsx", "transport.xlsx"}
    assert all(name.endswith(".xlsx") for name in books)
    marked = [s.delivery.file_name for s in SENT if s.delivery.content.startswith(b"\xef\xbb\xbf")]
    assert marked == ["lcrca_2022-06_corporate.csv"]
    assert text_of(_named("lcrca_2021-10_transport.csv")).count(";") > 5_000


def test_a_header_stands_again_at_the_top_of_every_page() -> None:
    rows = rows_of(_named("lcrca_2022-02_corporate.csv"))
    assert sum(row == rows[0] for row in rows) == 4


def test_blank_rows_stand_in_the_middle_and_at_the_end() -> None:
    rows = rows_of(APRIL)
    blank = [n for n, row in enumerate(rows) if not any(row)]
    assert blank == [251, *range(len(rows) - 3, len(rows))]


def test_names_are_withheld_in_every_real_wording() -> None:
    lines = [p for lines in READ.values() for p in lines]
    withheld = Counter(p["name"] for p in lines if p["name"] in REDACTIONS)
    assert set(withheld) == set(REDACTIONS)
    assert all(p["number"] == "" for p in lines if p["name"] in REDACTIONS)


def test_suppliers_whose_names_mislead_are_paid() -> None:
    names = {p["name"] for lines in READ.values() for p in lines}
    assert names >= {"CONFIDENCE CARE AND SUPPORT LIMITED", "HM REVENUE AND CUSTOMS"}
    assert names >= {"Total Tidewater Lifts Limited", *SPELLINGS}


def test_identical_rows_are_real() -> None:
    alike = Counter(tuple(row) for row in rows_of(APRIL) if any(row))
    shifts = [count for count in alike.values() if count > 1]
    assert len(shifts) == 3
    assert min(shifts) >= 5


def test_invoices_stand_on_both_sides_of_every_edge() -> None:
    days = Counter(
        (paid - received).days
        for lines in READ.values()
        for p in lines
        if (paid := day(p["date"])) and (received := day(p["received"]))
    )
    for edge in (-3, 0, 1, 29, 30, 31, 59, 60, 61):
        assert days[edge] >= 5, edge


def test_invoices_on_several_lines_share_their_number() -> None:
    lines = READ[_named("lcrca_2022-07_transport.csv")]
    numbers = Counter(p["reference"] for p in lines)
    assert numbers.pop("") >= 3
    assert sum(count == 2 for count in numbers.values()) >= 5


def test_payments_name_contracts_that_their_supplier_holds() -> None:
    holder = {c.reference: c.supplier_id for c in contracts()}
    named = [p for lines in READ.values() for p in lines if p["contract"]]
    assert len(named) > 8_000
    strangers = {p["contract"] for p in named} - set(holder)
    assert strangers == {"CR-9417"}
    assert all(p["number"] in ("", holder[p["contract"]]) for p in named
               if p["contract"] in holder)  # fmt: skip


def test_one_contract_is_overspent_and_no_other() -> None:
    spent: Counter[str] = Counter()
    for sending in _in_force().values():
        for p in READ[sending.delivery]:
            spent[p["contract"]] += money(p["amount"]) or 0  # type: ignore[assignment]
    over = [c.reference for c in contracts() if spent[c.reference] > c.whole_value]
    assert over == ["CR-0031"]


def test_vendors_write_postcodes_in_three_ways_and_one_has_none() -> None:
    rows = rows_of(next(s.delivery for s in SENT if s.delivery.return_name == "finance_vendors"))
    codes = [row[rows[0].index("Postcode")] for row in rows[1:]]
    shapes = {re.sub(r"[A-Z]", "A", re.sub(r"[a-z]", "a", re.sub(r"\d+", "9", c))) for c in codes}
    assert shapes >= {"AA9 9AA", "aa9 9aa", "AA9AA", ""}
    named = {row[1]: row[4] for row in rows[1:]}
    assert named["Nowhere in Particular Limited"] == ""


def test_one_vendor_stands_twice_in_one_master() -> None:
    first, mended = (rows_of(_named("lcrca_2022-08.csv", nth)) for nth in (0, 2))
    assert Counter(row[0] for row in first)["400395"] == 2
    assert Counter(row[0] for row in mended)["400395"] == 1


def test_some_suppliers_are_paid_and_not_in_the_vendor_master() -> None:
    for month in MONTHS[:8]:
        vendors = _named(f"lcrca_{month}.csv")
        master = {row[0] for row in rows_of(vendors)[1:]}
        paid = {p["number"] for s in PAYMENTS if s.period == month for p in READ[s.delivery]}
        assert len(paid - master - {""}) >= 3


def test_control_totals_tie_in_the_end_and_three_months_did_not_at_first() -> None:
    last = {(s.period, s.part): READ[s.delivery] for s in _in_force().values()}
    said: dict[tuple[str, str], tuple[int, Decimal]] = {}
    first_said: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for sending in SENT:
        if sending.delivery.return_name != "finance_control_totals":
            continue
        for month, part, count, amount in rows_of(sending.delivery)[1:]:
            total = (int(count), money(amount) or Decimal(0))
            said[month, part] = total
            first_said.setdefault((month, part), total)
    true = {
        key: (len(lines), sum((money(p["amount"]) or Decimal(0) for p in lines), Decimal(0)))
        for key, lines in last.items()
    }
    assert said == true
    assert [key for key in true if first_said[key] != true[key]] == [
        ("2022-01", "corporate"),
        ("2022-10", "transport"),
    ]


def test_a_quarter_is_revised_after_it_was_published() -> None:
    (corrected,) = [s for s in PAYMENTS if s.period == "2022-10" and s.corrects]
    (first,) = [s for s in PAYMENTS if s.slot == corrected.slot and not s.corrects]
    assert corrected.delivery.at.date() > date(2023, 2, 1) > first_day("2022-10")
    assert first.loaded.amount - corrected.loaded.amount == Decimal("12000.00")
