"""The validation report: what was checked, what failed, what became of it; no cell is shown."""

import re
import stat
from pathlib import Path

import pytest
from openpyxl import load_workbook

from exports.files.listing import AuditFolder, AuditList
from exports.site.listing_page import folder_pages
from flows.audit.validation_report import write_report
from flows.audit.validation_verdict import verdict
from flows.commands.arguments import accept_finding
from flows.common import clock
from flows.common.periods import read_period
from flows.common.settings import Settings
from flows.intake.rules import Rules
from flows.modelling.analysts import BadQuestion
from flows.warehouse.connection import Row
from flows.warehouse.findings import list_findings
from tests.support.accessible_workbook import check_workbook
from tests.support.audited_home import STAFF

QUARTER = read_period("2022-23 Q1")


@pytest.fixture
def written(home: Settings) -> Path:
    late = next(one for one in list_findings(home, True) if one["rule"] == "owed_return_has_come")
    accept_finding(home, str(late["id"]), "Head of Finance", "They have left the region")
    write_report(home, QUARTER)
    return home.audit / "validation"


def test_the_workbook_lists_every_expectation_with_reason_version_and_owner(
    written: Path, rules: Rules
) -> None:
    path = written / "validation-2022-23-Q1.xlsx"
    assert check_workbook(path) == []
    book = load_workbook(path)
    text = {name: list(book[name].iter_rows(values_only=True)) for name in book.sheetnames}
    top = next(at for at, row in enumerate(text["Checks"]) if "Expectation" in row)
    head, rows = text["Checks"][top], text["Checks"][top + 1 :]
    checks = [dict(zip(head, row, strict=True)) for row in rows]
    assert {"passed", "not applicable"} <= {one["Outcome"] for one in checks}
    assert all(one["Because"] and one["Owner"] and one["Version"] for one in checks)
    listed = {row[2] for row in text["Expectations"]}
    assert {rule.id for suite in rules.suites.values() for rule in suite.rules} <= listed
    found = [row for row in text["Findings"] if "cell_reads" in row]
    assert len(found) == 1
    assert "the rows were held back" in found[0]
    decided = [row for row in text["Decisions"] if "accepted" in row]
    assert [row[-2:] for row in decided] == [("Head of Finance", "They have left the region")]


def test_pages_ask_nothing_of_anywhere_and_are_for_audit_only(written: Path) -> None:
    pages = sorted(written.rglob("*.html"))
    assert len(pages) > 10  # the whole, the quarter, two releases, and one of each return
    for page in pages:
        content = page.read_text()
        assert not re.search(r"(src|href)=.(https?:)?//", content)
        assert "<script" not in content
        assert stat.S_IMODE(page.stat().st_mode) == 0o600
        for link in re.findall(r'<li><a href="([^"#]+)"', content):
            assert (page.parent / link).is_file()
    employee = STAFF.splitlines()[1].split(",")[2]
    assert not any(re.search(rf">{employee}<", page.read_text()) for page in pages)


def test_a_quarter_without_returns_has_no_report(home: Settings) -> None:
    with pytest.raises(BadQuestion, match="there are returns for 2022-23 Q1"):
        write_report(home, read_period("2030-31 Q1"))


def test_each_page_of_returns_opens_with_a_verdict_and_five_numbers(written: Path) -> None:
    said = {}
    for path in [written / "index.html", written / "validation-2022-23-Q1.html"]:
        page = path.read_text()
        said[path.name] = re.findall(r"<div><dt>(.*?)</dt><dd>(.*?)</dd></div>", page)
        assert len(said[path.name]) == 5
        assert "a release" in re.findall(r'<p class="lead">(.*?)</p>', page)[0]
    assert said["index.html"] == said["validation-2022-23-Q1.html"]  # there is one quarter


def returned(outcome: str, name: str, **more: object) -> Row:
    slot = {"return": "r", "sender": name, "period": "P", "part": ""}
    counts = {"rows_read": 10, "rows_quarantined": 1}
    return {**slot, **counts, "return_id": f"{name} {outcome}", "outcome": outcome, **more}


def found(severity: str, **more: object) -> Row:
    return {"severity": severity, "findings": 3, "cleared": None, "accepted_by": None, **more}


@pytest.mark.parametrize(
    ("returns", "findings", "sentence", "numbers"),
    [
        ([], [], "Nothing was received, so nothing was checked.", ["0 of 0", "0 of 0", "0 of 0"]),
        (
            [returned("loaded", "a")],
            [found("warn"), found("warn", cleared="2022-08-01"), found("warn", accepted_by="x")],
            "Nothing blocks a release; every return that came was taken.",
            ["1 of 1", "1 of 10", "3 of 9"],
        ),
        (
            [returned("rejected", "a"), returned("loaded", "a")],
            [found("block release", cleared="2022-08-01")],
            "Nothing blocks a release; what was rejected was replaced by what was taken.",
            ["1 of 2", "1 of 10", "0 of 3"],
        ),
        (
            [returned("rejected", "a"), returned("held", "b"), returned("loaded", "c")],
            [],
            "Nothing blocks a release; 1 return was rejected and never put right and "
            "1 return waits for a person's word.",
            ["1 of 3", "1 of 10", "0 of 0"],
        ),
        (
            [returned("loaded", "a")],
            [found("block release")],
            "3 findings block a release.",
            ["1 of 1", "1 of 10", "3 of 3"],
        ),
    ],
)
def test_the_verdict_says_what_the_rows_do(
    returns: list[Row], findings: list[Row], sentence: str, numbers: list[str]
) -> None:
    checks: list[Row] = [{"outcome": one} for one in ("passed", "failed", "not applicable")]
    lists = {
        name: AuditList(name, name, "", [], rows)
        for name, rows in (("Returns", returns), ("Findings", findings), ("Checks", checks))
    }
    said = verdict(lists)
    assert said.sentence == sentence
    told = {name: number for number, name in said.numbers}
    assert [told[n] for n in ("Returns taken", "Rows held back", "Findings open")] == numbers
    assert (told["Expectations asked"], told["Of them failed"]) == ("2", "1 (50.0%)")


def test_a_long_list_goes_on_and_no_row_is_lost() -> None:
    rows: list[Row] = [{"name": f"row {n:03d}", "text": "word " * (n % 40)} for n in range(300)]
    listing = AuditList("Checks", "Checks", "One row is one.", ["name", "text"], rows)
    folder = AuditFolder("A report", "Audit", clock.now(), [], [listing])

    pages = folder_pages(folder, "report.html")

    told = [re.findall(r"row \d{3}(?=</th>)", text) for text in pages.values()]
    assert [one for page in told[1:] for one in page] == [row["name"] for row in rows]
    assert told[0] == [row["name"] for row in rows[: len(told[0])]]
    assert max(map(len, told)) <= 80  # lines
    links = {link for text in pages.values() for link in re.findall(r'href="([^"#]+)"', text)}
    assert links - {"data:,"} == set(pages)
