"""What people and senders are shown: the worst first, and what many rows have alike once.

`ingest --json` names each row that is lost; `findings --json` and the list of cells have them all.
"""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.commands.cli import main
from flows.commands.listing import sum_up_findings
from flows.commands.returns import ingested_as_json
from flows.common.settings import Settings
from flows.intake.answers.answer import hand_over
from flows.intake.submission import Ingested
from flows.warehouse.findings import list_alike, list_findings

HEAD = "Payment date,Supplier name,Net amount,Irrecoverable VAT"
ODD = [f"{1 + n % 28:02}/04/2022,Alder,5.00,{'no' if n % 2 else '1.00'}" for n in range(40)]
LOST = [f"{1 + n:02}/04/2022,Birch,{sum_},1.00" for n, sum_ in enumerate(["TBC"] * 6 + ["n.k."])]
MANY = "\n".join([HEAD, *ODD, *LOST]) + "\n"


def test_a_warning_of_many_rows_is_one_and_no_row_that_is_lost_is_left_out(
    take: Callable[..., Ingested], settings: Settings
) -> None:
    lost = ["04/04/2022,Birch,TBC,", "05/04/2022,Birch,TBC,"]

    taken = take("\n".join([HEAD, *ODD, *lost]) + "\n")

    found = ingested_as_json(taken, settings)["findings"]
    assert isinstance(found, list)
    assert [
        (one["severity"], one["column"], one["count"], one["rows"], one["row"])
        for one in found
        if one["rule"] == "cell_reads"
    ] == [
        ("quarantine", "amount", 1, [42], 42),
        ("quarantine", "amount", 1, [43], 43),
        ("warn", "irrecoverable_vat", 20, [3, 5, 7, 9, 11], 3),
    ]


def test_people_see_each_finding_once_with_its_count_and_its_first_rows(
    take: Callable[..., Ingested], settings: Settings
) -> None:
    take(MANY)

    shown = [one for one in list_alike(settings) if one["rule"] == "cell_reads"]
    assert [
        (one["severity"], one["column"], one["count"], one["rows"], one["value"]) for one in shown
    ] == [
        ("quarantine", "amount", 7, "42, 43, 44, 45, 46, ...", "TBC; n.k."),
        ("warn", "irrecoverable_vat", 20, "3, 5, 7, 9, 11, ...", "no"),
    ]
    each = [one for one in list_findings(settings) if one["rule"] == "cell_reads"]
    assert len(each) == len({one["id"] for one in each}) == 27


def test_findings_prints_a_line_for_each_kind_and_json_has_every_one(
    take: Callable[..., Ingested], settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    take(MANY)

    with pytest.raises(SystemExit, match="0"):
        main(["findings", "--home", str(settings.home)])
    printed = capsys.readouterr().out
    assert printed.splitlines()[0].startswith("27 findings in 1 file: 7 quarantine, ")
    assert printed.count("quarantine  ") == 1
    assert "42, 43, 44, 45, 46, ..." in printed
    with pytest.raises(SystemExit, match="0"):
        main(["findings", "--home", str(settings.home), "--json"])
    assert capsys.readouterr().out.count('"quarantine"') == 7


def test_what_has_not_come_is_in_no_file() -> None:
    sent = {"severity": "quarantine", "count": 1, "file": "lcrca_2022-04.csv"}
    owed = {"severity": "warn", "count": 2, "file": None}
    assert sum_up_findings([sent]) == "1 finding in 1 file: 1 quarantine."
    assert sum_up_findings([sent, owed]) == "3 findings, 1 in 1 file: 1 quarantine, 2 warn."
    assert sum_up_findings([owed]) == "2 findings: 2 warn."


def lines_of(path: Path) -> list[tuple[str, str, str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            (row["row"], row["how many"], row["value"], row["what happens"])
            for row in csv.DictReader(lines)
        ]


def test_the_answer_has_a_line_for_each_kind_and_a_list_of_every_cell(
    take: Callable[..., Ingested], settings: Settings, tmp_path: Path
) -> None:
    done = take(MANY)

    told, cells, answer = sorted(hand_over(settings, done.returns[0], tmp_path), reverse=True)
    said = told.read_text("utf-8")
    assert "Of 47 rows 40 were taken; 7 are not in the figures until mended." in said
    assert re.findall(r"^- (.*?):", said, flags=re.M) == [
        "amount, 7 rows from row 42 (not in the figures until mended)",
        "irrecoverable vat, 20 rows from row 3 (taken; please look)",
    ]
    assert "lcrca_2022-04_answer.csv" in said
    assert said.endswith("Liverpool City Region Combined Authority: social.value@example.org\n")
    assert "TBC" not in said
    assert cells.name.endswith("_cells.csv")
    assert answer.name.endswith("_answer.csv")
    lost, odd, end = lines_of(answer)
    assert lost == ("42; 43; 44; 45; 46; ...", "7", "TBC; n.k.", "the row is not taken")
    assert odd == ("3; 5; 7; 9; 11; ...", "20", "no", "taken; please look")
    assert end == ("", "", "", "")
    assert answer.read_text("utf-8").endswith(
        "Every row is listed in the file that ends in _cells.csv.\n"
    )
    each = lines_of(cells)
    assert [row for row, *_ in each] == [
        *(str(row) for row in range(42, 49)),
        *(str(row) for row in range(3, 42, 2)),
    ]
    assert {number for _, number, *_ in each} == {"1"}


def test_where_every_row_is_named_there_is_no_second_list(
    take: Callable[..., Ingested], settings: Settings, tmp_path: Path
) -> None:
    done = take("\n".join([HEAD, *ODD[:4], *LOST[:5]]) + "\n")

    _, answer = sorted(hand_over(settings, done.returns[0], tmp_path), reverse=True)
    assert [row for row, *_ in lines_of(answer)] == ["6; 7; 8; 9; 10", "3; 5"]
