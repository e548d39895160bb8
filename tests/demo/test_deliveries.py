"""The made-up deliveries: equal for equal seeds, and every planted fault stands in the bytes."""

import csv
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from demo_reading import day, money, payments_of, rows_of, text_of

from flows.demo import Delivery, deliveries, faults
from flows.demo.authority import REDACTIONS, SPELLINGS

SENT = deliveries()
PAYMENTS = [d for d in SENT if d.return_name == "finance_payments"]


def _named(name: str, nth: int = 0) -> Delivery:
    return [d for d in SENT if d.file_name == name][nth]


APRIL = _named("lcrca_2022-04_corporate.csv")
MAY_FIRST = _named("lcrca_2022-05_corporate.csv")
MAY_CORRECTED = _named("lcrca_2022-05_corporate.csv", 1)
MAY_TRANSPORT = _named("lcrca_2022-05_transport.csv")


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert deliveries(7) == deliveries(7)
    assert deliveries() == deliveries(2022)


def test_another_seed_gives_another_ledger() -> None:
    assert [d.content for d in deliveries(7)] != [d.content for d in SENT]


def test_deliveries_come_in_time_order() -> None:
    assert [d.at for d in SENT] == sorted({d.at for d in SENT})


def test_file_names_read_sender_period_and_part() -> None:
    for delivery in SENT:
        pattern = r"lcrca_2022-0[456](_[a-z0-9-]+)?\.csv"
        assert re.fullmatch(pattern, delivery.file_name), delivery.file_name
        assert ("_corporate" in delivery.file_name or "_transport" in delivery.file_name) == (
            delivery.return_name == "finance_payments"
        )


def test_every_month_sends_two_parts_a_vendor_master_and_control_totals() -> None:
    names = Counter((d.return_name, d.file_name) for d in SENT)
    for month in ("2022-04", "2022-05", "2022-06"):
        for part in ("corporate", "transport"):
            assert names["finance_payments", f"lcrca_{month}_{part}.csv"] >= 1
        assert names["finance_vendors", f"lcrca_{month}.csv"] == 1
        assert names["finance_control_totals", f"lcrca_{month}.csv"] == 1


def test_a_month_has_about_fifteen_hundred_payments_and_eight_million_pounds() -> None:
    for month in ("2022-04", "2022-05", "2022-06"):
        last = {
            d.file_name: d for d in PAYMENTS if month in d.file_name and "copy" not in d.file_name
        }
        amounts = [money(p["amount"]) or 0 for d in last.values() for p in payments_of(d)]
        assert 1_400 <= len(amounts) <= 1_600
        assert 6_500_000 <= sum(amounts) <= 9_500_000


def test_the_last_transport_part_is_late() -> None:
    assert _named("lcrca_2022-06_transport.csv").at.date() > date(2022, 7, 16)


def test_the_duplicate_has_the_same_bytes_and_another_name() -> None:
    same = [d for d in SENT if d.content == APRIL.content]
    assert [d.file_name for d in same] == [APRIL.file_name, "lcrca_2022-04_corporate-copy.csv"]


def test_the_corrected_file_differs_in_a_few_rows_only() -> None:
    first, corrected = rows_of(MAY_FIRST), rows_of(MAY_CORRECTED)
    assert len(corrected) - len(first) == 3
    assert sum(row not in corrected for row in first) == 3


def test_three_rows_cannot_be_read_and_one_stays_so() -> None:
    def unreadable(delivery: Delivery) -> list[str]:
        lines = payments_of(delivery)
        texts = [p["amount"] for p in lines if money(p["amount"]) is None]
        return texts + [p["date"] for p in lines if day(p["date"]) is None]

    assert unreadable(MAY_FIRST) == ["TBC", "=31484/40", "20019-11-27"]
    assert unreadable(MAY_CORRECTED) == ["20019-11-27"]
    for delivery in PAYMENTS:
        if delivery.at not in (MAY_FIRST.at, MAY_CORRECTED.at):
            assert unreadable(delivery) == []


def test_every_readable_date_lies_in_the_month_of_the_file() -> None:
    for delivery in PAYMENTS:
        days = [day(p["date"]) for p in payments_of(delivery)]
        months = {f"{d:%Y-%m}" for d in days if d is not None}
        assert months == {delivery.file_name[6:13]}


def test_one_date_column_mixes_five_forms() -> None:
    forms = Counter(
        re.sub(r"[A-Za-z]", "a", re.sub(r"\d+", "9", p["date"])) for p in payments_of(MAY_TRANSPORT)
    )
    assert set(forms) == {"9/9/9", "9 aaa 9", "9-9-9", "9-9-9 9:9:9", "9"}


@pytest.mark.parametrize(
    "pattern", [r"-\d+\.\d\d", r"\d+\.\d\d-", r"\d+\.\d\d CR", r"\(£[\d,]+\.\d\d\)"]
)
def test_credits_are_written_in_four_ways(pattern: str) -> None:
    texts = [p["amount"] for d in PAYMENTS for p in payments_of(d)]
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
    amounts = [money(p["amount"]) or 0 for p in payments_of(MAY_TRANSPORT)]
    assert "Total" in rows[-1]
    assert sum(amounts) == money(rows[-1][6])
    assert re.search(r'"£\d,\d{3}\.\d\d"', text_of(MAY_TRANSPORT))


def test_blank_rows_stand_in_the_middle_and_at_the_end() -> None:
    rows = rows_of(APRIL)
    blank = [n for n, row in enumerate(rows) if not any(row)]
    assert blank == [251, *range(len(rows) - 3, len(rows))]


def test_one_file_begins_with_a_byte_order_mark() -> None:
    marked = [d.file_name for d in PAYMENTS if d.content.startswith(b"\xef\xbb\xbf")]
    assert marked == ["lcrca_2022-06_corporate.csv"]


def test_names_are_withheld_in_every_real_wording() -> None:
    lines = [p for d in PAYMENTS for p in payments_of(d)]
    withheld = Counter(p["name"] for p in lines if p["name"] in REDACTIONS)
    assert set(withheld) == set(REDACTIONS)
    assert all(p["number"] == "" for p in lines if p["name"] in REDACTIONS)


def test_suppliers_whose_names_mislead_are_paid() -> None:
    names = {p["name"] for d in PAYMENTS for p in payments_of(d)}
    assert names >= {"CONFIDENCE CARE AND SUPPORT LIMITED", "HM REVENUE AND CUSTOMS"}
    assert names >= {"Total Tidewater Lifts Limited", *SPELLINGS}


def test_identical_rows_are_real() -> None:
    alike = Counter(tuple(row) for row in rows_of(APRIL) if any(row))
    shifts = [count for count in alike.values() if count > 1]
    assert len(shifts) == 3
    assert min(shifts) >= 5


def test_vendors_write_postcodes_in_three_ways_and_one_has_none() -> None:
    rows = rows_of(next(d for d in SENT if d.return_name == "finance_vendors"))
    codes = [row[rows[0].index("Postcode")] for row in rows[1:]]
    shapes = {re.sub(r"[A-Z]", "A", re.sub(r"[a-z]", "a", re.sub(r"\d+", "9", c))) for c in codes}
    assert shapes >= {"AA9 9AA", "aa9 9aa", "AA9AA", ""}
    named = {row[1]: row[4] for row in rows[1:]}
    assert named["Nowhere in Particular Limited"] == ""


def test_some_suppliers_are_paid_and_not_in_the_vendor_master() -> None:
    for month in ("2022-04", "2022-05", "2022-06"):
        vendors = next(
            d for d in SENT if d.return_name == "finance_vendors" and month in d.file_name
        )
        master = {row[0] for row in rows_of(vendors)[1:]}
        paid = {p["number"] for d in PAYMENTS if month in d.file_name for p in payments_of(d)}
        assert len(paid - master - {""}) >= 3


def test_every_listed_fault_stands_where_the_list_says() -> None:
    rows = [rows_of(delivery) for delivery in SENT]
    for fault in faults():
        assert SENT[fault.delivery].file_name == fault.file_name
        if fault.row and fault.text:
            assert fault.text in rows[fault.delivery][fault.row - 1]
        elif fault.row:
            assert not any(rows[fault.delivery][fault.row - 1])


def test_every_kind_of_fault_is_planted() -> None:
    assert {fault.kind for fault in faults()} == {
        "late",
        "duplicate under another name",
        "corrected file",
        "title row",
        "blank row",
        "total row",
        "unreadable",
        "withheld name",
        "negative",
        "identical rows that are real",
        "supplier without number",
        "not in the vendor master",
        "spelt another way",
        "looks like a redaction or a total and is none",
    }


def test_the_command_writes_every_file_and_a_diary(tmp_path: Path) -> None:
    run = [sys.executable, "-m", "flows.demo", str(tmp_path / "out")]
    root = Path(__file__).parents[2]
    subprocess.run(run, check=True, cwd=root, capture_output=True)
    with (tmp_path / "out" / "diary.csv").open(encoding="utf-8", newline="") as file:
        diary = list(csv.DictReader(file))
    assert [row["moment"] for row in diary] == [d.at.isoformat() for d in SENT]
    written = [(tmp_path / "out" / row["file"]).read_bytes() for row in diary]
    assert written == [d.content for d in SENT]
    assert all(row["story"] for row in diary)
