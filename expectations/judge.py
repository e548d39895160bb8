"""Run a suite on a batch inside DuckDB, and say which rows failed which rule.

Great Expectations decides how many rows fail. Which they are is asked of the database with the
same condition (its own `unexpected_index_query`, or the suite's SQL text), and the two counts
must agree. Only counts and row numbers leave this module, never values.
"""

import duckdb

from expectations.suite import JudgeError, Rule, Suite

KEY = ("_sheet", "_row")
KEY_TOGETHER = ("_file", *KEY)  # of several files judged as one batch


def judge(
    connection: duckdb.DuckDBPyConnection,
    suite: Suite,
    batch: str,
    key: tuple[str, ...] = KEY,
) -> None:
    """Judge the table or view `batch`, of which the columns `key` name a row.

    Makes the table `failed_rows` (the key and `rule`) in the same database. Raises JudgeError with
    the rule's id where a rule cannot be run.
    """
    connection.execute(
        f"create or replace table failed_rows as select {', '.join(key)}, '' as rule "
        f"from {batch} where false"
    )
    if not suite.rules:
        return
    unexpected = _ask_great_expectations(connection, suite, batch, key)
    for rule in suite.rules:
        counted, query = unexpected[rule.id]
        listed = _list_failures(connection, rule, query, key) if counted else 0
        if listed != counted:
            raise JudgeError(
                f"rule {rule.id}: Great Expectations counts {counted} rows, its query {listed}."
            )


def _check_sql(connection: duckdb.DuckDBPyConnection, suite: Suite, batch: str) -> None:
    """Explain each SQL rule: that looks at no row, so what is wrong can be said in full."""
    for rule in suite.rules:
        if rule.fails_when is None:
            continue
        try:
            connection.execute("explain " + _bad_rows(rule).replace("{batch}", batch))
        except duckdb.Error as error:
            raise JudgeError(f"rule {rule.id} is not SQL: {error}") from None


def _bad_rows(rule: Rule, key: tuple[str, ...] = KEY) -> str:
    """The one SQL text of an SQL rule: the rows of `{batch}` that fail it."""
    fails = f"({rule.applies_when}) and ({rule.fails_when})"
    return f"select {', '.join(key)} from {{batch}} where {fails}"


def _ask_great_expectations(
    connection: duckdb.DuckDBPyConnection, suite: Suite, batch: str, key: tuple[str, ...]
) -> dict[str, tuple[int, str]]:
    """For each rule: how many rows fail it, and the query that lists them."""
    from expectations.validation import validate  # seconds of import, paid where rules are judged

    queries = {rule.id: _bad_rows(rule, key) for rule in suite.rules if rule.fails_when is not None}
    answers = validate(connection, suite, batch, key, queries)
    found: dict[str, tuple[int, str]] = {}
    for rule in suite.rules:
        if rule.id not in answers:
            raise JudgeError(f"suite {suite.suite}: rule {rule.id} gave no answer.")
        answer = answers[rule.id]
        if answer.fault:
            _check_sql(connection, suite, batch)
            raise JudgeError(
                _why_not_run(connection, suite, batch) or f"rule {rule.id}: {answer.fault}"
            )
        if answer.count is None:
            raise JudgeError(_lists_no_rows(rule))
        query = queries.get(rule.id)
        listing = answer.query if query is None else query.replace("{batch}", batch)
        found[rule.id] = (answer.count, listing)
    return found


def _why_not_run(connection: duckdb.DuckDBPyConnection, suite: Suite, batch: str) -> str:
    """Which SQL rule cannot be run on the rows, '' if none: the first error spoils the others.

    Its SQL is sound, so its own error may quote a cell, which must not leave the judge.
    """
    for rule in suite.rules:
        if rule.fails_when is None:
            continue
        try:
            connection.execute(
                f"select count(*) from ({_bad_rows(rule).replace('{batch}', batch)})"
            ).fetchone()
        except duckdb.Error:
            return (
                f"rule {rule.id}: its SQL cannot be run on these rows; where a cell may not "
                "convert, write try_cast."
            )
    return ""


def _lists_no_rows(rule: Rule) -> str:
    return f"rule {rule.id}: {rule.expectation} does not say which rows fail: write it as SQL."


def _list_failures(
    connection: duckdb.DuckDBPyConnection, rule: Rule, query: str, key: tuple[str, ...]
) -> int:
    if not query:
        raise JudgeError(_lists_no_rows(rule))
    connection.execute(
        f"insert into failed_rows select {', '.join(key)}, '{rule.id}' "
        f"from ({query.rstrip().rstrip(';')})"
    )
    row = connection.execute(
        "select count(*) from failed_rows where rule = ?", [rule.id]
    ).fetchone()
    return int(row[0]) if row else 0
