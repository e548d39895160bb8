"""The made-up deliveries as a whole: equal for equal seeds, in order, and every fault is listed."""

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

from flows.demo.made.deliveries import deliveries, sendings
from flows.demo.made.obligations import obligations
from tests.oracle.truth.faults import READ_RIGHT, faults
from tests.oracle.truth.truth import truth
from tests.support.demo_reading import rows_of

SENT = deliveries()
# The faults of the others are looked for where their returns are tested.
READ_HERE = (
    "finance_payments",
    "finance_vendors",
    "finance_control_totals",
    "finance_investments",
    "hr_workforce",
    "reference_deprivation",
)


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
    for fault in faults(sendings()):
        delivery = SENT[fault.delivery]
        assert delivery.file_name == fault.file_name
        if not fault.row or delivery.return_name not in READ_HERE:
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
    kinds = {
        f.kind for f in faults(sendings()) if SENT[f.delivery].return_name.startswith("finance_")
    }
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


def test_every_return_of_the_authority_is_sent() -> None:
    sent = {d.return_name for d in SENT}
    assert sent == {o.return_name for o in obligations()} | {"case_studies"}


def test_every_planted_lateness_and_gap_follows_from_what_is_owed() -> None:
    told = truth()
    late = Counter(o.return_name for o in told.outcomes if o.late_days)
    assert set(late) >= {"finance_payments", "hr_workforce", "finance_investments"}
    assert set(late) >= {"procurement_contracts", "supplier_returns", "service_returns"}
    gaps = Counter(m.return_name for m in told.missing)
    assert gaps["finance_vendors"] == 1
    assert gaps["supplier_returns"] >= 3
    owed = {
        (o.return_name, o.sender, period, o.part) for o in obligations() for period in o.periods()
    }
    came = {s.slot for s in sendings() if s.delivery.return_name != "case_studies"}
    assert len(owed & came) + len(told.missing) == len(owed)
    assert len(came - owed) <= 1  # a supplier whose contract is over


def test_every_indicator_has_its_truth() -> None:
    told = {key.indicator for key in truth().figures}
    assert told >= {f"E{n:02d}" for n in range(1, 14)}
    assert told >= {"C01", "C02", "C03", "C04", "C05", "C06", "C07", "C09", "C10"}
    assert told >= {"I01", "I02", "I03", "S01", "L01", "F01", "F05"}


def test_what_is_to_be_read_right_is_planted_too() -> None:
    kinds = {fault.kind for fault in faults(sendings())}
    assert kinds >= READ_RIGHT
    assert sum(fault.calls_for_a_finding for fault in faults(sendings())) > 400
