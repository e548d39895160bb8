"""Run a suite on a batch inside DuckDB, and say which rows failed which rule.

Great Expectations decides how many rows fail. Which they are is asked of the database with the
same condition (its own `unexpected_index_query`, or the suite's SQL text), and the two counts
must agree. Only counts and row numbers leave this module, never values.
"""

import logging
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

import duckdb

from expectations.suite import Rule, Suite
from flows.common.errors import SocialValueError

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation

KEY = ("_sheet", "_row")
KEY_TOGETHER = ("_file", *KEY)  # of several files judged as one batch


class JudgeError(SocialValueError):
    """The judge itself failed: a rule is not SQL, or the two counts differ."""


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
    _check_sql(connection, suite, batch)
    unexpected = _ask_great_expectations(connection, suite, batch, key)
    for rule in suite.rules:
        counted, query = unexpected[rule.id]
        listed = _list_failures(connection, rule, query, key) if counted else 0
        if listed != counted:
            raise JudgeError(
                f"rule {rule.id}: Great Expectations counts {counted} rows, its query {listed}."
            )


def _check_sql(connection: duckdb.DuckDBPyConnection, suite: Suite, batch: str) -> None:
    """Explain each SQL rule first: that looks at no row, so what is wrong can be said in full."""
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
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    from expectations.duckdb_source import source_over

    with source_over(connection) as source:
        asset = source.add_table_asset("batch", table_name=batch)
        result = (
            asset.add_batch_definition_whole_table("whole")
            .get_batch()
            .validate(
                gx.ExpectationSuite(
                    name=suite.suite, expectations=[_expectation(rule, key) for rule in suite.rules]
                ),
                result_format={
                    "result_format": "COMPLETE",
                    "unexpected_index_column_names": list(key),
                },
            )
        )
    found: dict[str, tuple[int, str]] = {}
    by_id = {rule.id: rule for rule in suite.rules}
    for each in result.results:
        meta = each.expectation_config.meta if each.expectation_config else None
        rule = by_id[str((meta or {})["rule"])]
        if wrong := _exception_in(each.exception_info or {}):
            raise JudgeError(_why_not_run(connection, suite, batch) or f"rule {rule.id}: {wrong}")
        if rule.fails_when is not None:
            count = int(each.result["observed_value"] or 0)
            found[rule.id] = (count, _bad_rows(rule, key).replace("{batch}", batch))
        elif "unexpected_count" not in each.result:
            raise JudgeError(_lists_no_rows(rule))
        else:
            query = str(each.result.get("unexpected_index_query") or "")
            found[rule.id] = (int(each.result["unexpected_count"] or 0), query)
    if len(found) != len(suite.rules):
        raise JudgeError(
            f"suite {suite.suite}: {len(suite.rules) - len(found)} rules gave no answer."
        )
    return found


def _exception_in(info: Mapping[str, object]) -> str | None:
    """What an exception said: the expectation's own, or that of a metric it rests on."""
    for each in [info, *info.values()]:
        if isinstance(each, dict) and each.get("raised_exception"):
            return str(each.get("exception_message"))
    return None


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


def _expectation(rule: Rule, key: tuple[str, ...]) -> "Expectation":
    import great_expectations as gx

    meta = {"rule": rule.id}
    if rule.fails_when is not None:
        query = _bad_rows(rule, key).replace("{", "{{").replace("}", "}}")
        from great_expectations.expectations.core.unexpected_rows_expectation import (
            UnexpectedRowsExpectation,
        )

        return UnexpectedRowsExpectation(
            unexpected_rows_query=query.replace("{{batch}}", "{batch}"), meta=meta
        )
    named = getattr(gx.expectations, rule.expectation or "", None)
    if named is None:
        raise JudgeError(f"rule {rule.id}: Great Expectations has no {rule.expectation}.")
    try:
        expectation: Expectation = named(**rule.kwargs, meta=meta)
    except ValueError as error:  # its own check of what it is given
        raise JudgeError(f"rule {rule.id}: {rule.expectation} cannot be made: {error}") from None
    return expectation


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
