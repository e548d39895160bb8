"""Every shipped rule is held to its own examples, which stand beside it in its suite.

An example is judged below the suite's good row: that shows a reader what the rule is about.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from expectations.judge import judge
from expectations.suite import Row, Rule, Suite, built_in_rules, read_suites
from flows.common.declarations import DeclarationError
from flows.common.seeds import load_seeds
from flows.common.settings import settings_for
from flows.returns.contract import read_contracts
from flows.returns.derive import landed_columns
from tests.support.definitions import PLACES

SHIPPED = settings_for(Path("unused"))
CONTRACTS = read_contracts(PLACES.contracts)
SUITES = read_suites(PLACES.suites)
OF_RETURNS = sorted(name for name, suite in SUITES.items() if suite.batch is None)
TABLES = {name: table for contract in CONTRACTS.values() for name, table in contract.tables.items()}


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with every seed that a suite asks."""
    with duckdb.connect() as opened:
        asked = {name for suite in SUITES.values() for name in suite.seeds}
        load_seeds(opened, asked, PLACES.seeds)
        yield opened


def judged(
    connection: duckdb.DuckDBPyConnection, suite: Suite, rules: list[Rule], rows: list[Row]
) -> dict[str, list[int]]:
    """Which of the rows, numbered from 2, fail which rule."""
    columns = {
        "_file": "varchar",
        "_lacks": "varchar",
        **landed_columns(TABLES[suite.suite].columns),
    }
    declared = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
    connection.execute(
        f"create or replace table batch (_sheet varchar, _row bigint, _period varchar, {declared})"
    )
    for number, row in enumerate(rows, start=2):
        assert row.keys() <= columns.keys(), f"{suite.suite} has no such column: {row}"
        values = [
            row.get(column, "" if column in ("_file", "_lacks") else None) for column in columns
        ]
        marks = ", ".join("?" for _ in columns)
        connection.execute(
            f"insert into batch values ('', ?, '2022-23 Q1', {marks})", [number, *values]
        )
    judge(connection, suite.model_copy(update={"rules": rules}), "batch")
    failed: dict[str, list[int]] = {}
    for rule, row_number in connection.execute("select rule, _row from failed_rows").fetchall():
        failed.setdefault(rule, []).append(row_number)
    return failed


def applied_to(connection: duckdb.DuckDBPyConnection, rule: Rule) -> int:
    """To how many of the rows judged last a rule applies."""
    where = rule.speaks_of.replace("{batch}", "batch")
    row = connection.execute(f"select count(*) from batch where {where}").fetchone()
    return int(row[0]) if row else 0


def rows_of(example: Row | list[Row], suite: Suite) -> list[Row]:
    said = example if isinstance(example, list) else [example]
    return [{**suite.good_row, **differently} for differently in said]


def looks_at_other_rows(rule: Rule) -> bool:
    """Whether what a rule says of a row depends on the others: it is asked about them alone."""
    said = f"{rule.fails_when} {rule.applies_when} {rule.expectation}"
    return "{batch}" in said or "Unique" in said


@pytest.mark.parametrize("name", OF_RETURNS)
def test_the_good_row_passes_every_rule_and_an_empty_return_none(
    name: str, connection: duckdb.DuckDBPyConnection
) -> None:
    suite = SUITES[name]

    assert judged(connection, suite, suite.rules, [suite.good_row]) == {}
    assert judged(connection, suite, suite.rules, []) == {}


@pytest.mark.parametrize("name", OF_RETURNS)
def test_each_rule_fails_the_rows_it_gives_as_bad_and_passes_those_it_gives_as_good(
    name: str, connection: duckdb.DuckDBPyConnection
) -> None:
    suite = SUITES[name]
    rules = [rule for rule in suite.rules if not looks_at_other_rows(rule)]
    rows, bad, good = [suite.good_row], {}, {}
    for rule in rules:
        for examples, numbers in ((rule.fails_on, bad), (rule.passes_on, good)):
            for example in examples:
                below = rows_of(example, suite)
                start = len(rows) + 2
                numbers.setdefault(rule.id, set()).update(range(start, start + len(below)))
                rows += below
    failed = judged(connection, suite, rules, rows)
    for each in rules:
        rule, found = each.id, set(failed.get(each.id, []))
        assert bad.get(rule), f"{rule} has no example of a row that fails"
        assert bad[rule] <= found, f"{rule} passes a row that it gives as bad"
        assert not good.get(rule, set()) & found, f"{rule} fails a row that it gives as good"
        assert applied_to(connection, each) > len(found), f"{rule} passes no row that it speaks of"


@pytest.mark.parametrize("name", OF_RETURNS)
def test_a_rule_that_looks_at_other_rows_keeps_to_its_examples_too(
    name: str, connection: duckdb.DuckDBPyConnection
) -> None:
    suite = SUITES[name]
    for rule in filter(looks_at_other_rows, suite.rules):
        assert rule.fails_on, f"{rule.id} has no example of a row that fails"
        for example in rule.fails_on:
            below = rows_of(example, suite)
            failed = judged(connection, suite, [rule], [suite.good_row, *below])
            assert set(failed[rule.id]) - {2} == set(range(3, 3 + len(below))), example
        for example in rule.passes_on:
            below = rows_of(example, suite)
            assert judged(connection, suite, [rule], [suite.good_row, *below]) == {}, example


def test_every_table_of_every_return_has_a_suite() -> None:
    assert set(OF_RETURNS) == set(TABLES)


def test_every_rule_says_what_the_one_who_must_fix_it_can_do() -> None:
    for suite in SUITES.values():
        for each in suite.rules:
            assert each.because.endswith("."), each.id
            assert each.because[0].isupper(), each.id
            assert each.points_to, f"{each.id} points to no column"


@pytest.mark.parametrize("name", OF_RETURNS)
def test_a_rule_points_to_a_column_that_its_sender_knows(name: str) -> None:
    known = {column.name for column in TABLES[name].columns}
    assert {rule.points_to for rule in SUITES[name].rules} <= known


def test_a_suite_that_asks_a_seed_we_do_not_have_is_told_so(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    with pytest.raises(DeclarationError, match="asks the seed nonsense"):
        load_seeds(connection, ["nonsense"], PLACES.seeds)


def test_examples_decide_nothing_so_they_do_not_change_the_digest() -> None:
    suite = SUITES["finance_payments"]
    bare = [rule.model_copy(update={"fails_on": [], "passes_on": []}) for rule in suite.rules]

    assert suite.model_copy(update={"rules": bare, "good_row": {}}).digest == suite.digest
    assert suite.model_copy(update={"rules": suite.rules[1:]}).digest != suite.digest


def test_a_built_in_rule_has_an_id_and_words_that_no_suite_has() -> None:
    """Findings, lists and acceptances name a rule by its id alone."""
    built_in = built_in_rules()

    assert not set(built_in) & {rule.id for suite in SUITES.values() for rule in suite.rules}
    assert "built_in" not in SUITES
    for each in built_in.values():
        assert each.because.endswith("."), each.id
        assert "{" not in each.because, "what a list shows has nothing to fill in"
    said = built_in["replacement_keeps_most"].says(reason="too few rows", return_id="f/1")
    assert said.startswith("This return is held: too few rows (social-value confirm f/1 --by NAME")
