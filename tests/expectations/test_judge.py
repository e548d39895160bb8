"""The judge is held to account: what it counts, which rows it names, and what it never tells."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import duckdb
import pytest

from expectations.judge import judge
from expectations.suite import JudgeError, Suite, read_suites
from flows.common.declarations import DeclarationError
from flows.common.settings import Settings, settings_for
from flows.intake.submission import Ingested
from flows.warehouse.connection import reading
from tests.support.definitions import PLACES

SHIPPED = settings_for(Path("unused"))
SUITES = read_suites(PLACES.suites)
SECRET = "Jo Bloggs of Bootle"

Row = dict[str, Any]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def failed_rows(connection: duckdb.DuckDBPyConnection) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for rule, row in connection.execute("select rule, _row from failed_rows order by 2").fetchall():
        found.setdefault(rule, []).append(row)
    return found


RETURNS = """
create table returns_in_force as
select * from (values
    ('p/1', 'finance_payments', 'lcrca', '2022-04', 'roads', 2, 0, 10.00, 0.00, 1),
    ('p/2', 'finance_payments', 'lcrca', '2022-04', 'rail', 1, 1, 5.00, 2.00, 2),
    ('c/1', 'finance_control_totals', 'lcrca', '2022-04', '', 9, 0, 0.00, null, 3)
) as r(return_id, "return", sender, period, part, rows_loaded, rows_quarantined, amount_total,
       amount_quarantined, received_at);
create table finance_control_totals as
select 'c/1' as _return_id, '' as _sheet, * from (values
    (2, 'roads', 2, 10.00), (3, 'rail', 2, 7.00), (4, null, 4, 17.00),
    (5, 'roads', 3, 10.00), (6, 'rail', 2, 7.01), (7, null, 4, 16.99), (8, 'trams', 1, 1.00)
) as c(_row, part, payment_count, amount);
"""


def test_across_returns_a_control_total_ties_by_part_and_as_a_whole(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    suite = SUITES["across_finance"]
    connection.execute(RETURNS)
    connection.execute(f"create table across_batch as {suite.batch}")

    judge(connection, suite, "across_batch")

    assert failed_rows(connection) == {
        "payments_tie_to_the_control_total": [5, 6, 7],
        "controlled_payments_have_come": [8],
    }


PAYMENTS = """Payment date,Supplier name,Net amount,Invoice received date
01/04/2022,Good,1.00,
,No date,2.00,
02/04/2022,,3.00,
03/04/2022,No amount,,
04/04/1999,Long ago,4.00,
05/04/2022,Too much,300000000.00,
06/04/2022,Nothing,0.00,
07/04/2022,Too soon,5.00,08/04/2022
08/04/1999,,6.00,
soon,Unreadable,7.00,
"""


def test_the_rows_quarantined_are_those_great_expectations_counts(
    take: Callable[..., Ingested], settings: Settings
) -> None:
    taken = take(PAYMENTS)

    with reading(settings) as opened:
        checks = opened.execute(
            "select rule, severity, outcome, applied_to, failed_rows from warehouse.ledger.checks"
        ).fetchall()
        quarantined = dict(
            opened.execute('select "row", rules from warehouse.ledger.quarantined').fetchall()
        )
        findings = opened.execute(
            'select rule, "row", severity from warehouse.ledger.findings'
        ).fetchall()
    assert taken.outcome == "loaded"
    assert quarantined == {
        3: "payment_has_a_date",
        4: "payment_has_a_supplier",
        5: "payment_has_an_amount",
        6: "payment_date_is_believable",
        10: "payment_date_is_believable, payment_has_a_supplier",
        11: "cell_reads",
    }
    assert {(outcome, bool(failed)) for _, _, outcome, _, failed in checks} == {("failed", True)}
    for rule, severity, _, _, failed in checks:
        named = [row for row, rules in quarantined.items() if rule in rules.split(", ")]
        assert len([row for each, row, _ in findings if each == rule]) == failed
        assert len(named) == (failed if severity == "quarantine" else 0)
    applied = {rule: applied for rule, _, _, applied, _ in checks}
    assert applied["payment_has_a_date"] == 9, "a row whose cells do not read is not judged"
    assert applied["paid_after_the_invoice_came"] == 1


def test_a_rule_that_rejects_names_itself_its_rows_and_what_to_do(
    take: Callable[..., Ingested],
) -> None:
    text = "Month,Part,Count,Amount\n2022-04,a,1,1.00\n2022-04,b,,2.00\n2022-04,c,,3.00\n"

    taken = take(text, return_name="finance_control_totals")

    assert taken.outcome == "rejected"
    assert taken.reason == (
        "lcrca_2022-04.csv, row 3, 4, column payment_count: A control total without a number of "
        "payments misses lost lines; give the ledger's count."
    )


def rule(name: str, **says: Any) -> Row:
    """A rule as YAML would say it."""
    return {
        "id": name,
        "version": 1,
        "severity": "warn",
        "dimension": "validity",
        "fixed_by": "sender",
        "owner": "Head of Testing",
        "because": "It is so.",
        **says,
    }


def suite_of(*rules: Row) -> Suite:
    return Suite.model_validate({"suite": "small", "version": "1", "rules": list(rules)})


SMALL = (
    "create table batch as select '' as _sheet, i as _row, i as number, 'name ' || i as name, "
    f"'{SECRET}' as person from range(1, 8) as r(i)"
)
NOT_NULL = "ExpectColumnValuesToNotBeNull"
CANNOT_BE_RUN = {
    "this is no SQL": rule("wrong", fails_when="number is bigger than 3"),
    "no such column": rule("wrong", fails_when="nummer > 3"),
    "applies to no SQL": rule("wrong", fails_when="number > 3", applies_when="sometimes"),
    "no such column in GX": rule("wrong", expectation=NOT_NULL, kwargs={"column": "nummer"}),
    "no such argument": rule("wrong", expectation=NOT_NULL, kwargs={"colunm": "number"}),
    "no such expectation": rule("wrong", expectation="ExpectTheBest"),
    "what GX cannot do on DuckDB": rule(
        "wrong",
        expectation="ExpectColumnValuesToMatchRegex",
        kwargs={"column": "name", "regex": "^name"},
    ),
    "what names no rows": rule(
        "wrong",
        expectation="ExpectColumnMaxToBeBetween",
        kwargs={"column": "number", "max_value": 9},
    ),
    "a cell that does not convert": rule("wrong", fails_when="cast(person as integer) > 3"),
    "a cell that does not convert, in applies_when": rule(
        "wrong", fails_when="true", applies_when="cast(person as integer) > 3"
    ),
}


@pytest.mark.parametrize("why", CANNOT_BE_RUN)
def test_a_rule_that_cannot_be_run_is_a_fault_that_names_it_and_no_cell(
    why: str, connection: duckdb.DuckDBPyConnection
) -> None:
    """It never counts as passed."""
    connection.execute(SMALL)

    with pytest.raises(JudgeError) as error:
        judge(
            connection,
            suite_of(rule("sound", fails_when="number > 3"), CANNOT_BE_RUN[why]),
            "batch",
        )

    assert "wrong" in str(error.value)
    assert SECRET not in str(error.value)
    assert error.value.__cause__ is None, "a traceback would show what the cause says"


def test_sql_with_braces_quotes_and_the_batch_itself_is_run_as_it_stands(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute(SMALL)
    rules = [
        rule("braces", fails_when="regexp_full_match(name, 'name [1-3]{1}') or name = '{x}'"),
        rule("quotes", fails_when="name in ('name 7', 'it''s') or name like '%6'"),
        rule("whole", fails_when="number = (select max(number) from {batch})"),
        rule("unknown", fails_when="nullif(number, 2) > 5"),
    ]

    judge(connection, suite_of(*rules), "batch")

    assert failed_rows(connection) == {
        "braces": [1, 2, 3],
        "quotes": [6, 7],
        "whole": [7],
        "unknown": [6, 7],
    }


def test_a_suite_without_rules_finds_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(SMALL)

    judge(connection, suite_of(), "batch")

    assert failed_rows(connection) == {}


def test_only_counts_and_row_numbers_leave_the_judge(
    connection: duckdb.DuckDBPyConnection,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Great Expectations keeps the rows that fail, and would be glad to print them."""
    connection.execute(SMALL)
    caplog.set_level("DEBUG")
    only = {"column": "person", "value_set": ["nobody"]}
    rules = [
        rule("by_sql", fails_when="person is not null", column="person"),
        rule("by_gx", expectation="ExpectColumnValuesToBeInSet", kwargs=only),
    ]

    judge(connection, suite_of(*rules), "batch")

    assert failed_rows(connection) == {"by_sql": list(range(1, 8)), "by_gx": list(range(1, 8))}
    columns = [name for name, *_ in connection.execute("describe failed_rows").fetchall()]
    assert columns == ["_sheet", "_row", "rule"]
    gx_says = [r.getMessage() for r in caplog.records if r.name.startswith("great_expectations")]
    told = capfd.readouterr()
    assert SECRET not in f"{gx_says} {told.out} {told.err}"


def test_two_judges_at_once_do_not_mix_up_their_batches() -> None:
    """Great Expectations keeps a context for the whole process; returns are judged in threads."""
    suite = suite_of(
        rule("has_a_number", expectation=NOT_NULL, kwargs={"column": "number"}),
        rule("is_small", fails_when="number > 5"),
    )
    together = Barrier(2)

    def judged(size: int) -> list[dict[str, list[int]]]:
        found = []
        for _ in range(4):
            with duckdb.connect() as own:
                own.execute(
                    "create table batch as select '' as _sheet, i as _row, "
                    f"nullif(i, {size}) as number from range(1, {size} + 1) as r(i)"
                )
                together.wait(timeout=60)
                judge(own, suite, "batch")
                found.append(failed_rows(own))
        return found

    with ThreadPoolExecutor(2) as threads:
        small, large = threads.map(judged, [7, 19])

    assert small == [{"has_a_number": [7], "is_small": [6]}] * 4
    assert large == [{"has_a_number": [19], "is_small": list(range(6, 19))}] * 4


SUITE = """\
suite: small
version: "1"
rules:
  - id: first
    version: 1
    severity: warn
    dimension: validity
    fixed_by: sender
    owner: Head of Testing
    because: It is so.
    fails_when: number > 3
"""
SECOND = SUITE[SUITE.index("  - id: first") :]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "says"),
    [
        ("severity: warn", "severity: shout", 6, "rules.0.severity: Input should be 'reject'"),
        ("severity: warn", "severity: block release", 1, "first: the severity here is one of"),
        ("dimension: validity", "dimension: beauty", 7, "rules.0.dimension: Input should be"),
        ("owner: Head of Testing", "boss: Head", 10 - 1, "rules.0.boss: Extra inputs"),
        ("    version: 1", "    version: 0", 5, "rules.0.version: Input should be greater"),
        ("    fails_when: number > 3\n", "", 4, "say either `expectation` or `fails_when`"),
        ("    fails_when", "    expectation: E\n    fails_when", 4, "say either `expectation`"),
        (
            "fails_when: number > 3",
            f"expectation: E\n    applies_when: x\n{SECOND}",
            4,
            "goes with",
        ),
        ("number > 3\n", f"number > 3\n{SECOND}", 1, "two rules have the same id"),
        ("id: first", "id: First rule", 4, "rules.0.id: String should match pattern"),
        ("suite: small", "suite: large", 1, "the file is called small and speaks of large"),
    ],
)
def test_what_is_wrong_in_a_suite_is_told_with_file_and_line(
    right: str, wrong: str, line: int, says: str, tmp_path: Path
) -> None:
    assert SUITE.count(right) == 1
    path = tmp_path / "small.yaml"
    path.write_text(SUITE.replace(right, wrong), encoding="utf-8")

    with pytest.raises(DeclarationError) as error:
        read_suites(tmp_path)

    told = [said for said in str(error.value).splitlines() if says in said]
    assert told
    assert told[0].startswith(f"{path}, line {line}: ")


def test_a_suites_digest_changes_with_anything_it_says() -> None:
    one, other = (suite_of(rule("a", fails_when=f"number > {n}")) for n in (3, 4))

    assert one.digest != other.digest
    assert one.digest == suite_of(rule("a", fails_when="number > 3")).digest


def test_the_judge_is_there_without_what_no_rule_uses() -> None:
    """A second of every command by hand was for distributions, of which no rule speaks."""
    asked = "import sys, expectations.validation; print('scipy.stats._stats_py' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
