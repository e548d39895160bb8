"""Officers' decisions on suppliers' claims: those behind a figure's rows, and all on record."""

from collections.abc import Sequence

import duckdb

from flows.common.periods import Period, read_period, read_year
from flows.common.settings import Settings
from flows.warehouse.connection import Row, as_rows, reading
from flows.warehouse.digests import landed_tables

DECIDED = """
    select decisions.decision, decisions.decided_by, decisions.because, decisions.supplier,
           decisions.contract_reference as contract, decisions.measure_code as measure,
           decisions.period, claims.measure_id, claims.contract as counted_for,
           claims.is_counted_by_person,
           claims.claim_return_id, claims.claim_sheet, claims.claim_row,
           decisions._return_id as return_id, decisions._sheet as sheet, decisions._row as row
    from marts.fct_decided_claims as claims
    join marts.fct_validations as decisions using (_return_id, _sheet, _row)
    where {which}
    order by claims.claim_return_id, claims.claim_sheet, claims.claim_row, return_id, sheet, row
"""
OF_RETURNS = "list_contains($returns, claims.claim_return_id)"
# Rejected claims of what a figure counts, by row or by person: they would stand in it.
REJECTED = """
    claims.counts_as = 'rejected' and claims.measure_id in (
        select measure from marts.fct_indicator_contributions
        where indicator_id = $indicator and basis = $basis
          and starts_with(_return_id, 'supplier_returns-')
        union all
        select $measure from marts.fct_people_rows
        where indicator_id = $indicator and basis = $basis
          and starts_with(_return_id, 'supplier_returns-')
    )
"""
TAKEN = """
    select returns.return_id, min(returns.file_name) as file, min(events.seq) as seq,
           strftime(min(returns.received_at), '%Y-%m-%d %H:%M') as at_utc
    from warehouse.ledger.returns as returns
    left join warehouse.ledger.events as events on events.subject = returns.return_id
    where list_contains($returns, returns.return_id) group by returns.return_id
"""
ON_RECORD = """
    select returns.period, strftime(decided._received_at, '%Y-%m-%d %H:%M') as at_utc,
           decided.decided_by as by, decided.decision, decided.because, decided.supplier,
           decided.contract_reference as contract, decided.measure_code as measure,
           case when standing.in_force then 'yes' else 'no' end as in_force,
           returns.file_name as file, decided._sheet as sheet, decided._row as row
    from warehouse.landed.validations as decided
    join (
        select return_id, arg_max(file_name, attempt) as file_name, any_value(period) as period
        from warehouse.ledger.returns group by return_id
    ) as returns on returns.return_id = decided._return_id
    left join (
        select return_id, arg_max(in_force, seq) as in_force
        from warehouse.ledger.standing group by return_id
    ) as standing on standing.return_id = decided._return_id
    where $periods is null or list_contains($periods, returns.period)
    order by returns.period, decided._received_at, decided._return_id, sheet, row
"""
CLAIM = ("claim_return_id", "claim_sheet", "claim_row")
# What a row is told by; how much was decided on is the claim's to say, which may count people.
SAID = ("decision", "decided_by", "because", "supplier", "contract", "measure")


def decisions_on(
    settings: Settings, models: duckdb.DuckDBPyConnection, rows: Sequence[Row]
) -> list[Row]:
    """The decisions on these rows (`_return_id`, `_sheet`, `_row`) of suppliers' returns."""
    return _told(settings, _on_rows(models, rows))


def decisions_behind(
    settings: Settings,
    models: duckdb.DuckDBPyConnection,
    value: Row,
    rows: Sequence[Row],
    returns: Sequence[Row],
) -> list[Row]:
    """The decisions that made a value what it is: on its rows, on its people, and against a claim.

    `returns` (`return_id`): those whose lists of people are in the value; there a person counts as
    the claim does whose quantity is set aside. What was rejected would stand in the value.
    """
    names, words = str(value["breakdown"]), str(value["breakdown_value"])
    parts = dict(zip(names.split("/"), words.split("/"), strict=False))
    found = _on_rows(models, rows)
    with_people = sorted({str(row["return_id"]) for row in returns})
    found += [
        one
        for one in _asked(models, OF_RETURNS, {"returns": with_people})
        if one["is_counted_by_person"]
    ]
    asked = {
        "indicator": value["indicator_id"],
        "basis": value["basis"],
        "measure": parts.get("measure"),
    }
    period = _period_of(value)
    found += [
        one
        for one in _asked(models, REJECTED, asked)
        if _is_within(one, period, str(value["basis"]).endswith("-to-date"))
    ]
    wanted = {"measure_id": parts.get("measure"), "counted_for": parts.get("contract")}
    of_its_part = {
        tuple(one[name] for name in (*CLAIM, "return_id", "sheet", "row")): one
        for one in found
        if all(part is None or one[name] == part for name, part in wanted.items())
    }
    return _told(settings, list(of_its_part.values()))


def decisions_on_record(
    connection: duckdb.DuckDBPyConnection, periods: Sequence[str] | None = None
) -> list[Row]:
    """Every decision that landed, replaced ones too: who, when, what and why."""
    if "validations" not in landed_tables(connection):  # nobody has sent any
        return []
    return as_rows(
        connection.execute(ON_RECORD, {"periods": None if periods is None else list(periods)})
    )


def _on_rows(models: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> list[Row]:
    claims = {(str(row["_return_id"]), row["_sheet"] or "", row["_row"]) for row in rows}
    returns = sorted({return_id for return_id, _, _ in claims})
    found = _asked(models, OF_RETURNS, {"returns": returns})
    return [one for one in found if tuple(one[name] for name in CLAIM) in claims]


def _asked(
    models: duckdb.DuckDBPyConnection, which: str, parameters: dict[str, object]
) -> list[Row]:
    there = models.execute(
        "select 1 from information_schema.tables where table_schema = 'marts' "
        "and table_name = 'fct_decided_claims'"
    ).fetchall()
    if not there:  # a file that was built before decisions were modelled
        return []
    return as_rows(models.execute(DECIDED.format(which=which), parameters))


def _is_within(decision: Row, period: Period, to_date: bool) -> bool:
    """Whether the claim is of the value's period, or of one before where the value is to date."""
    claimed = read_period(str(decision["period"]))
    return claimed.end <= period.end and (to_date or claimed.first_day >= period.first_day)


def _period_of(value: Row) -> Period:
    label = str(value["period"])
    return read_year(label) if value["period_kind"] == "year" else read_period(label)


def _told(settings: Settings, found: Sequence[Row]) -> list[Row]:
    """Each decision with the file it came in, and the event of the ledger that it came by."""
    if not found:
        return []
    ids = sorted({str(one[name]) for one in found for name in ("return_id", "claim_return_id")})
    with reading(settings) as connection:
        taken = {
            one["return_id"]: one for one in as_rows(connection.execute(TAKEN, {"returns": ids}))
        }
    return [
        {"at_utc": taken[one["return_id"]]["at_utc"], "seq": taken[one["return_id"]]["seq"]}
        | {name: one[name] for name in SAID}
        | {
            "file": taken[one["return_id"]]["file"],
            "sheet": one["sheet"] or None,
            "row": one["row"],
            "claim_file": taken[one["claim_return_id"]]["file"],
            "claim_row": one["claim_row"],
        }
        for one in sorted(
            found, key=lambda one: (str(taken[one["return_id"]]["at_utc"]), one["row"])
        )
    ]
