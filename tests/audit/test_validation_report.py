"""The validation report: what was checked, what failed, what became of it; no cell is shown."""

import re
import stat
from pathlib import Path

import pytest
from openpyxl import load_workbook

from flows.audit.validation_report import write_report
from flows.commands.arguments import accept_finding
from flows.common.periods import read_period
from flows.common.settings import Settings
from flows.intake.rules import Rules
from flows.modelling.analysts import BadQuestion
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
