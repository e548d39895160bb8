"""A suite against its examples: rows given as bad fail the rule, those given as good pass it.

An example is judged below the suite's good row, which passes every rule.
"""

from collections.abc import Iterator, Sequence

import duckdb

from expectations.judge import judge
from expectations.suite import JudgeError, Row, Rule, Suite
from flows.returns.column import Column
from flows.returns.derive import landed_columns

FIRST = 2  # the number of the good row, below a header


def suite_faults(
    connection: duckdb.DuckDBPyConnection, suite: Suite, columns: Sequence[Column]
) -> Iterator[tuple[str, str]]:
    """Rules, and what is wrong with each. `connection`: has the seeds that the suite asks.

    `columns`: of the table that the suite judges.
    """
    known = {"_file", "_lacks", *landed_columns(columns)}
    rules = list(_told_of(suite, known))
    yield from rules
    if rules:
        return
    try:
        if failed := judged(connection, suite, suite.rules, [suite.good_row], columns):
            yield min(failed), "fails the good row, which every rule passes"
            return
        yield from _together(connection, suite, columns)
        for rule in filter(looks_at_other_rows, suite.rules):
            yield from _by_itself(connection, suite, rule, columns)
    except JudgeError as error:
        named = next((r.id for r in suite.rules if f"rule {r.id}" in str(error)), "")
        yield named, str(error).splitlines()[0]


def judged(
    connection: duckdb.DuckDBPyConnection,
    suite: Suite,
    rules: Sequence[Rule],
    rows: Sequence[Row],
    columns: Sequence[Column],
) -> dict[str, list[int]]:
    """Which of the rows, numbered from 2, fail which rule. Raises JudgeError."""
    kinds = {"_file": "varchar", "_lacks": "varchar", **landed_columns(columns)}
    declared = ", ".join(f'"{column}" {kind}' for column, kind in kinds.items())
    connection.execute(
        f"create or replace table batch (_sheet varchar, _row bigint, _period varchar, {declared})"
    )
    marks = ", ".join("?" for _ in kinds)
    for number, row in enumerate(rows, start=FIRST):
        values = [row.get(name, "" if name in ("_file", "_lacks") else None) for name in kinds]
        try:
            connection.execute(
                f"insert into batch values ('', ?, '2022-23 Q1', {marks})", [number, *values]
            )
        except duckdb.ConversionException as error:
            raise JudgeError(f"an example has a value of another type: {error}") from None
    judge(connection, suite.model_copy(update={"rules": list(rules)}), "batch")
    failed: dict[str, list[int]] = {}
    for rule, number in connection.execute("select rule, _row from failed_rows").fetchall():
        failed.setdefault(rule, []).append(number)
    return failed


def rows_of(example: Row | list[Row], suite: Suite) -> list[Row]:
    """The rows of an example: the good row, with what it says differently."""
    said = example if isinstance(example, list) else [example]
    return [{**suite.good_row, **differently} for differently in said]


def looks_at_other_rows(rule: Rule) -> bool:
    """Whether what a rule says of a row depends on the others: it is asked about them alone."""
    said = f"{rule.fails_when} {rule.applies_when} {rule.expectation}"
    return "{batch}" in said or "Unique" in said


def _told_of(suite: Suite, known: set[str]) -> Iterator[tuple[str, str]]:
    """What can be seen without judging: columns that the table does not have, no example."""
    for name in sorted(suite.good_row.keys() - known):
        yield "good_row", f"the table has no column {name}"
    for rule in suite.rules:
        if not rule.fails_on:
            yield rule.id, "has no example of a row that fails"
        named = {rule.points_to} - {None} if rule.expectation else set()
        for example in (*rule.fails_on, *rule.passes_on):
            named |= {name for row in rows_of(example, suite) for name in row}
        for name in sorted(str(one) for one in named - known - suite.good_row.keys()):
            yield rule.id, f"the table has no column {name}"


def _together(
    connection: duckdb.DuckDBPyConnection, suite: Suite, columns: Sequence[Column]
) -> Iterator[tuple[str, str]]:
    rules = [rule for rule in suite.rules if not looks_at_other_rows(rule)]
    rows: list[Row] = [suite.good_row]
    bad: dict[str, set[int]] = {}
    good: dict[str, set[int]] = {}
    for rule in rules:
        for examples, numbers in ((rule.fails_on, bad), (rule.passes_on, good)):
            for example in examples:
                below = rows_of(example, suite)
                start = len(rows) + FIRST
                numbers.setdefault(rule.id, set()).update(range(start, start + len(below)))
                rows += below
    failed = judged(connection, suite, rules, rows, columns) if rules else {}
    for rule in rules:
        found = set(failed.get(rule.id, []))
        if not bad.get(rule.id, set()) <= found:
            yield rule.id, "passes a row that it gives as bad"
        if good.get(rule.id, set()) & found:
            yield rule.id, "fails a row that it gives as good"


def _by_itself(
    connection: duckdb.DuckDBPyConnection, suite: Suite, rule: Rule, columns: Sequence[Column]
) -> Iterator[tuple[str, str]]:
    for examples, must in ((rule.fails_on, True), (rule.passes_on, False)):
        for example in examples:
            below = rows_of(example, suite)
            failed = judged(connection, suite, [rule], [suite.good_row, *below], columns)
            found = set(failed.get(rule.id, [])) - {FIRST}
            wanted = set(range(FIRST + 1, FIRST + 1 + len(below))) if must else set()
            if must and found != wanted:
                yield rule.id, "passes a row that it gives as bad"
            if not must and failed:
                yield rule.id, "fails a row that it gives as good"
