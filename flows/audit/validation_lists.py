"""The validation report's lists: what was checked, what failed, and what became of it.

Made of what the ledger keeps of Great Expectations' results. No cell of a return is shown.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from expectations.suite import RuleHead, Suite, built_in_rules
from exports.definitions.papers import read_assumptions, read_reviews
from exports.edition.manifest import Manifest, read_manifest
from exports.files.listing import AuditList
from flows.audit.decisions import decisions_on_record
from flows.returns.contract import Contract
from flows.warehouse.connection import Row, as_rows

HAPPENED = {
    "reject": "the return was rejected",
    "quarantine": "the rows were held back",
    "warn": "a warning was given",
    "hold": "the return was held",
    "block release": "publishing was blocked",
}
ASKED = """
    from warehouse.ledger.checks as checks
    join warehouse.ledger.returns as returns using (return_id, attempt)
    where list_contains($periods, returns.period)
      and ($returns is null or list_contains($returns, checks.return_id))
"""
CHECKS = f"""
    select returns.period, returns."return", returns.sender, returns.file_name as file,
           checks.return_id, checks.attempt as judgement, checks.rule as expectation,
           checks.rule_version as version, checks.dimension, checks.severity, checks.outcome,
           checks.applied_to as rows_checked, checks.failed_rows as rows_failed
    {ASKED}
    order by returns.period, returns."return", returns.sender, checks.return_id, judgement,
             expectation
"""
COUNTED = f"""
           count(*) filter (checks.outcome = 'passed') as passed,
           count(*) filter (checks.outcome = 'failed') as failed,
           count(*) filter (checks.outcome = 'not applicable') as not_applicable,
           cast(sum(coalesce(checks.applied_to, 0)) as bigint) as rows_checked,
           cast(sum(coalesce(checks.failed_rows, 0)) as bigint) as rows_failed
    {ASKED} group by all order by all
"""
DIMENSIONS = f'select returns."return", checks.dimension, {COUNTED}'
SENDERS = f'select returns.sender, returns."return", returns.period, {COUNTED}'
RETURNS = """
    select period, "return", sender, part, file_name as file, return_id, attempt as judgement,
           outcome, reason, strftime(received_at, '%Y-%m-%d %H:%M') as received_utc,
           rows_read, rows_loaded, rows_quarantined, rows_dropped, contract_version,
           suite_version, sha256
    from warehouse.ledger.returns where list_contains($periods, period)
      and ($returns is null or list_contains($returns, return_id))
    order by period, "return", sender, part, received_at, attempt
"""
FINDINGS = """
    select split_part(split_part(found.return_id, '/', 2), '#', 1) as period, found."return",
           coalesce(returns.sender, '') as sender, found.return_id, found.rule as expectation,
           found.severity, found.dimension, found.fixed_by, count(*) as findings,
           any_value(found.message) as message,
           strftime(min(found.found_at), '%Y-%m-%d') as first_found,
           case when count(found.cleared_at) = count(*)
               then strftime(max(found.cleared_at), '%Y-%m-%d') end as cleared,
           string_agg(distinct accepted.by, ', ') as accepted_by,
           string_agg(distinct accepted.because, '; ') as accepted_because
    from warehouse.ledger.findings as found
    left join (
        select return_id, any_value(sender) as sender from warehouse.ledger.returns
        group by return_id
    ) as returns using (return_id)
    left join (
        select subject, arg_max(json_extract_string(detail, '$.by'), seq) as by,
               arg_max(json_extract_string(detail, '$.because'), seq) as because
        from warehouse.ledger.events where kind = 'accepted' group by subject
    ) as accepted on accepted.subject = found.finding_id
    where list_contains($periods, split_part(split_part(found.return_id, '/', 2), '#', 1))
      and ($returns is null or list_contains($returns, found.return_id))
    group by all order by period, found."return", sender, found.return_id, expectation
"""
DECIDED = """
    select strftime("at", '%Y-%m-%d %H:%M') as at_utc, kind, subject,
           json_extract_string(detail, '$.by') as by,
           json_extract_string(detail, '$.because') as because
    from warehouse.ledger.events
    where kind in ('accepted', 'confirmed', 'overridden', 'disposed', 'traced') order by seq
"""


@dataclass(frozen=True)
class Expectations:
    """Every expectation there is, by its id: who owns it, and why it is made."""

    by_id: dict[str, RuleHead]
    suite_of: dict[str, str]

    def reason(self, rule: str, version: object) -> Row:
        """Reason and owner of a rule; one that a suite no longer has says so."""
        known = self.by_id.get(rule)
        if known is None:
            return {"because": "No suite has this rule any more.", "owner": ""}
        later = "" if known.version == version else f" (now in version {known.version})"
        return {"because": known.because + later, "owner": known.owner}


def expectations_of(suites: dict[str, Suite]) -> Expectations:
    """The expectations of every suite, and those that are built in."""
    built_in = built_in_rules()
    by_id: dict[str, RuleHead] = {r.id: r for suite in suites.values() for r in suite.rules}
    suite_of = {rule.id: suite.suite for suite in suites.values() for rule in suite.rules}
    return Expectations(by_id | built_in, suite_of | dict.fromkeys(built_in, "built_in"))


def lists_of(
    connection: duckdb.DuckDBPyConnection,
    periods: Sequence[str],
    expectations: Expectations,
    returns: Sequence[str] | None = None,
) -> dict[str, AuditList]:
    """The lists of a period by name: every return, every expectation asked of it, every finding.

    `returns`: the only returns to speak of.
    """

    def rows(sql: str) -> list[Row]:
        return as_rows(connection.execute(sql, {"periods": list(periods), "returns": returns}))

    found = [row | {"happened": HAPPENED.get(str(row["severity"]), "")} for row in rows(FINDINGS)]
    checks = [_with_reason(row, expectations) for row in rows(CHECKS)]
    lists = [
        _listing("Returns", "Returns received", "One row is a judgement of a return.",
                 rows(RETURNS)),
        _listing("Dimensions", "By dimension of data quality",
                 "One row is a dimension of a return: how much was checked and how much failed.",
                 rows(DIMENSIONS)),
        _listing("Senders", "Failures by sender over time",
                 "One row is a sender's return for a period.", rows(SENDERS)),
        _listing("Findings", "What was found, and what became of it",
                 "One row is an expectation that a return failed, or a finding across returns.",
                 found),
        _listing("Checks", "Every expectation of every return",
                 "One row is an expectation of a judged return, also where it passed or did not "
                 "apply.", checks),
    ]  # fmt: skip
    return {one.name: one for one in lists}


def expectations_list(expectations: Expectations, contracts: dict[str, Contract]) -> AuditList:
    """Every expectation in use, whether or not it has been asked."""
    titles = {name: table.title for one in contracts.values() for name, table in one.tables.items()}
    titles["built_in"] = "every file"
    rows: list[Row] = [
        {
            "suite": expectations.suite_of[name],
            "of": titles.get(expectations.suite_of[name], "returns beside each other"),
            "expectation": name,
            "version": rule.version,
            "dimension": rule.dimension,
            "if_it_fails": HAPPENED[rule.severity],
            "fixed_by": rule.fixed_by,
            "owner": rule.owner,
            "because": rule.because,
        }
        for name, rule in sorted(
            expectations.by_id.items(), key=lambda one: (expectations.suite_of[one[0]], one[0])
        )
    ]
    return _listing("Expectations", "Every expectation", "One row is a rule in use.", rows)


def decisions_list(connection: duckdb.DuckDBPyConnection) -> AuditList:
    """What people decided: accepted, confirmed, overridden, disposed of, looked at."""
    rows = as_rows(connection.execute(DECIDED))
    return _listing("Decisions", "What people decided", "One row is an event of the ledger.", rows)


def claims_list(
    connection: duckdb.DuckDBPyConnection, periods: Sequence[str] | None = None
) -> AuditList:
    """What officers decided on suppliers' claims, of these periods or of all; not how much."""
    about = "One row is an officer's decision, replaced ones too, in the post's own words."
    rows = decisions_on_record(connection, periods)
    return _listing("Claims decided", "What officers decided on claims", about, rows)


def timeliness_lists(status: Sequence[Row], periods: Sequence[str]) -> list[AuditList]:
    """What was owed and when it came, and how much of what was owed is in."""
    owed = [row for row in status if row["period"] in periods]
    due: dict[tuple[object, object], list[Row]] = {}
    for row in owed:
        if row["due"] is not None:
            due.setdefault((row["return"], row["period"]), []).append(row)
    coverage: list[Row] = []
    for (name, period), rows in due.items():
        came = sum(row["outcome"] == "loaded" for row in rows)
        late = sum(isinstance(days := row["late_days"], int) and days > 0 for row in rows)
        counts = {"owed": len(rows), "in": came, "late": late}
        per_cent = 100 * came // len(rows)
        coverage.append({"return": name, "period": period, **counts, "coverage_per_cent": per_cent})
    columns = ["return", "sender", "period", "part", "due", "received_at", "outcome", "late_days"]
    return [
        _listing("Coverage", "Coverage", "One row is a return in a period.", coverage),
        AuditList(
            "Timeliness", "Timeliness", "One row is a return owed or received.", columns, owed
        ),
    ]


def releases_list(releases: Sequence[tuple[str, Manifest]]) -> AuditList:
    """Every release: as of when, on what it rests, and what it went out in spite of."""
    rows: list[Row] = [
        {
            "release": name,
            "as_of_utc": one.as_of,
            "status": one.status,
            "returns_behind_it": len(one.inputs),
            "tables": len(one.tables),
            "overridden": "; ".join(f"{o.what} ({o.by}: {o.because})" for o in one.overrides),
            "ledger_head": one.ledger_head,
        }
        for name, one in releases
    ]
    return _listing("Releases", "Releases", "One row is a release.", rows)


def release_lists(
    connection: duckdb.DuckDBPyConnection, manifest: Manifest, expectations: Expectations
) -> dict[str, AuditList]:
    """The lists of every return that a release rests on, by name."""
    periods = sorted({one.period for one in manifest.inputs})
    returns = sorted({one.return_id for one in manifest.inputs})
    return lists_of(connection, periods, expectations, returns)


def releases_in(published: Path, names: Sequence[str]) -> list[tuple[str, Manifest]]:
    """The releases that the ledger names and that are there, with their manifests."""
    return [
        (name, read_manifest(published / name))
        for name in names
        if (published / name / "manifest.json").is_file()
    ]


def _with_reason(row: Row, expectations: Expectations) -> Row:
    failed = row["outcome"] == "failed"
    happened = HAPPENED.get(str(row["severity"]), "") if failed else None
    reason = expectations.reason(str(row["expectation"]), row["version"])
    return row | {"happened": happened} | reason


def _listing(name: str, title: str, about: str, rows: Sequence[Row]) -> AuditList:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return AuditList(name, title, about, columns, rows)


SOURCES = 3  # named of a seed


def reviews_list(papers: Path) -> AuditList:
    """What people looked at."""
    rows: list[Row] = [dict(one) for one in read_reviews(papers)]
    columns = ["done_on", "what", "how", "found", "by"]
    return AuditList("Reviews", "QA log: reviews by people", "One row is a review.", columns, rows)


def assumptions_list(papers: Path) -> AuditList:
    """What people take to be so."""
    rows: list[Row] = [
        dict(one) | {"touches": ", ".join(one.touches)} for one in read_assumptions(papers)
    ]
    columns = ["id", "assumption", "because", "touches", "quality", "impact", "owner", "since"]
    title = "Assumptions and caveats"
    return AuditList("Assumptions", title, "One row is an assumption or caveat.", columns, rows)


def seeds_list(seeds: Path) -> AuditList:
    """What the seeds take to be so: how many rows of each are illustrative, and by whose word."""
    rows: list[Row] = []
    for path in sorted(seeds.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            found = list(csv.DictReader(lines))
        sources = sorted({row.get("source") or "" for row in found} - {""})
        more = f" and {len(sources) - SOURCES} more" if len(sources) > SOURCES else ""
        rows.append(
            {
                "seed": path.stem,
                "rows": len(found),
                "illustrative_rows": sum(row.get("illustrative") == "yes" for row in found),
                "sources": "; ".join(sources[:SOURCES]) + more,
            }
        )
    columns = ["seed", "rows", "illustrative_rows", "sources"]
    about = "One row is a seed: a table of definitions, assumptions or targets that people edit."
    return AuditList("Seeds", "Assumptions in the seeds", about, columns, rows)
