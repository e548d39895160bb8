"""The made-up deliveries as a whole: equal for equal seeds, in order, and every fault is listed."""

import csv
import subprocess
import sys
from pathlib import Path

from demo_reading import rows_of

from flows.demo import deliveries, faults
from flows.demo.deliveries import sendings

SENT = deliveries()


def test_the_same_seed_gives_the_same_bytes() -> None:
    sendings.cache_clear()
    assert deliveries() == SENT


def test_another_seed_gives_another_ledger() -> None:
    payments = {d.content for d in SENT if d.return_name == "finance_payments"}
    others = {d.content for d in deliveries(7) if d.return_name == "finance_payments"}
    (shared,) = payments & others
    assert shared.startswith(b"Contract Reference")  # the register sent by mistake


def test_deliveries_come_in_time_order() -> None:
    assert [d.at for d in SENT] == sorted(d.at for d in SENT)


def test_every_listed_fault_stands_where_the_list_says() -> None:
    read: dict[tuple[int, str], list[list[str]]] = {}
    for fault in faults():
        delivery = SENT[fault.delivery]
        assert delivery.file_name == fault.file_name
        if not fault.row:
            continue
        place = (fault.delivery, fault.sheet)
        if place not in read:
            read[place] = rows_of(delivery, fault.sheet)
        cells = read[place][fault.row - 1]
        if fault.text:
            assert fault.text in cells, fault
        else:
            assert not any(cells), fault


def test_every_kind_of_fault_of_finance_is_planted() -> None:
    kinds = {f.kind for f in faults() if SENT[f.delivery].return_name.startswith("finance_")}
    assert kinds >= {
        "late",
        "duplicate under another name",
        "corrected file",
        "refused",
        "title row",
        "repeated header",
        "blank row",
        "total row",
        "unreadable",
        "unreadable and not needed",
        "withheld name",
        "negative",
        "identical rows that are real",
        "supplier without number",
        "not in the vendor master",
        "spelt another way",
        "looks like a redaction or a total and is none",
        "number used twice",
        "contract not in the register",
        "paid before the invoice came",
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
