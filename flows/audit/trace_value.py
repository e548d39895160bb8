"""`trace value`: from a value to the rows that it is made of.

Of a figure about people it tells files, counts and checks only; their rows need `restricted`, which
is entered in the ledger, and pay never stands beside them.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb

from flows.audit.decisions import decisions_behind
from flows.common import clock
from flows.common.periods import Period, read_period
from flows.common.settings import Settings
from flows.modelling.analysts import BadQuestion, analysts, restricted
from flows.warehouse import ledger
from flows.warehouse.connection import Row, as_rows, open_scratch, reading, writing

Connection = duckdb.DuckDBPyConnection
WITHOUT_DENOMINATOR = ("sum", "count")
MADE_OF_VALUES = {  # no rows of their own: their cells lead on to values, and these to rows
    "F04": "marts.rpt_working_well",
    "F06": "marts.rpt_framework_coverage",
}
DISCLOSURE = {
    ("no", "no"): "none: the figure counts no people; it is rounded when published",
    ("no", "yes"): "none: the figure counts no people; a law says how it is published",
    ("yes", "no"): "counts people: small numbers are suppressed and the others rounded when "
    "published, and rows are listed with --restricted only",
    ("yes", "yes"): "counts people: published in the form that a law gives; rows are listed with "
    "--restricted only",
}


@dataclass(frozen=True)
class Question:
    """A value that is asked about; `breakdown` reads `district=Northmoor`."""

    indicator: str
    period: str
    basis: str | None = None
    breakdown: str | None = None

    @property
    def asked(self) -> Period:
        """The period. Raises PeriodError."""
        return read_period(self.period)

    @property
    def name(self) -> str:
        """By what the value is broken down; '' for the whole."""
        return (self.breakdown or "").partition("=")[0]

    @property
    def part(self) -> str:
        """Which part is asked about."""
        return (self.breakdown or "").partition("=")[2]


def trace(settings: Settings, question: Question, models: Path | None = None) -> Row:
    """The value and all rows that it is made of, with file, sheet and row.

    `models`: the folder of the modelled tables, where the question is about a past moment. Raises
    BadQuestion where there is no such value, and says which there are.
    """
    with analysts(settings, models) as connection:
        value = value_of(connection, question)
        found = _answer(question, value)
        rows = rows_behind(connection, question, value)
        returns, checks = _behind(connection, question, value)
        decisions = decisions_behind(settings, connection, value, rows, returns)
    if returns:
        found |= {"returns": returns, "checks": checks}
    return _with_rows(settings, found, value, rows, decisions, whole=not returns)


def trace_restricted(
    settings: Settings, question: Question, by: str, because: str, models: Path | None = None
) -> Row:
    """The same, with the rows about people; who asked, and why, is entered in the ledger first.

    Raises BadQuestion also where the value counts no people, or nobody stands by the question.
    """
    if not by.strip() or not because.strip():
        raise BadQuestion("Rows about people need --by NAME and --because WHY: both are recorded.")
    with analysts(settings, models) as connection:
        value = value_of(connection, question)
        rows = rows_behind(connection, question, value)
        returns, _ = _behind(connection, question, value)
        decisions = decisions_behind(settings, connection, value, rows, returns)
        if not returns:
            raise BadQuestion(
                f"No row about a person is behind {question.indicator}: trace lists all its rows "
                "without --restricted."
            )
    what = f"{question.indicator} {value['basis']} {value['period']} {question.breakdown or ''}"
    with open_scratch(settings) as scratch, writing(settings, scratch):
        detail = {"by": by.strip(), "because": because.strip()}
        ledger.append(scratch, "traced", what.strip(), detail, clock.now())
    with restricted(settings, models) as connection:
        rows += rows_behind(connection, question, value)
    return _with_rows(settings, _answer(question, value), value, rows, decisions, whole=True)


def value_of(connection: Connection, question: Question) -> Row:
    """The value asked about, and what the registry says of it; BadQuestion where there is none."""
    values = as_rows(
        connection.execute(
            """
            select found.*, registry.counts_people, registry.by_law, rules.rule as breakdown_rule
            from marts.fct_indicator_values as found
            join seeds.indicators as registry using (indicator_id)
            left join seeds.breakdowns as rules using (indicator_id, breakdown)
            where indicator_id = $indicator and period = $period and period_kind = $kind
              and breakdown = $name and breakdown_value = $part
              and coalesce($basis, basis) = basis
            order by basis = 'known' desc, basis
            """,
            {
                "indicator": question.indicator,
                "period": question.asked.label,
                "kind": question.asked.kind,
                "name": question.name,
                "part": question.part,
                "basis": question.basis,
            },
        )
    )
    if not values:
        raise BadQuestion(_what_there_is(connection, question.indicator, question.asked.label))
    return values[0]


def rows_behind(connection: Connection, question: Question, value: Row) -> list[Row]:
    """The contributions that count in the value, in this file: the analysts' or the restricted.

    Of a `share` the numerator is the part's and the denominator the whole's: of two columns, named
    with a slash between, the first column's part.
    """
    known = _breakdown_columns(connection)
    columns = question.name.split("/") if question.name else []
    if not set(columns) <= known:
        return []  # a breakdown of rows that stand in the other file
    part = " || '/' || ".join(f"rows_of.{column}" for column in columns)
    numerator, where = "rows_of.numerator", ""
    if columns and value["breakdown_rule"] == "share":
        numerator = f"case when {part} = $part then rows_of.numerator end"
        if len(columns) > 1:
            where = f"and starts_with($part, rows_of.{columns[0]} || '/')"
    elif columns:
        where = f"and {part} = $part"
    return as_rows(
        connection.execute(
            f"""
            with counted as (
                select rows_of._return_id, rows_of._sheet, rows_of._row,
                       case when periods.counts_above then {numerator} end as numerator,
                       case when periods.counts_below then rows_of.denominator end as denominator
                from marts.fct_indicator_contributions as rows_of
                join marts.fct_indicator_periods as periods
                  on periods.indicator_id = rows_of.indicator_id and periods.basis = rows_of.basis
                 and periods._series = rows_of._series and periods.inner_period = rows_of.period
                where rows_of.indicator_id = $indicator and rows_of.basis = $basis
                  and periods.period = $period and periods.period_kind = $kind {where}
            )
            select * from counted
            where numerator is not null or denominator is not null
            order by _return_id, _sheet, _row
            """,
            {
                "indicator": value["indicator_id"],
                "basis": value["basis"],
                "period": value["period"],
                "kind": value["period_kind"],
                **({"part": question.part} if columns else {}),
            },
        )
    )


def _breakdown_columns(connection: Connection) -> set[str]:
    described = connection.execute("describe marts.fct_indicator_contributions").fetchall()
    return {str(row[0]) for row in described}


def _behind(connection: Connection, question: Question, value: Row) -> tuple[list[Row], list[Row]]:
    """Which returns and sheets the rows about people stand in, how many, and what was checked."""
    parameters = [value[name] for name in ("indicator_id", "basis", "period", "period_kind")]
    rows = """
        from marts.fct_people_rows as rows_of
        join marts.fct_indicator_periods as periods
          on periods.indicator_id = rows_of.indicator_id and periods.basis = rows_of.basis
         and periods._series = rows_of._series and periods.inner_period = rows_of.period
        where rows_of.indicator_id = ? and rows_of.basis = ? and periods.period = ?
          and periods.period_kind = ?
    """
    returns = connection.execute(
        "select rows_of._return_id as return_id, rows_of._sheet as sheet, "
        f"sum(rows_of.people_rows) as rows {rows} group by all order by all",
        parameters,
    )
    found = as_rows(returns)
    checks = connection.execute(
        "select return_id, rule, severity, outcome, rows_checked, rows_failed "
        f"from marts.fct_checks where return_id in (select rows_of._return_id {rows}) "
        "order by return_id, rule",
        parameters,
    )
    return found, as_rows(checks)


def _answer(question: Question, value: Row) -> Row:
    return {
        "indicator": question.indicator,
        "period": value["period"],
        "basis": value["basis"],
        "breakdown": question.breakdown,
        "value": None if value["value"] is None else str(value["value"]),
        "unit": value["unit"],
        "numerator": _text(value["numerator"]),
        "denominator": _text(value["denominator"]),
        "disclosure": DISCLOSURE[str(value["counts_people"]), str(value["by_law"])],
        "rule": value["rule"],
    }


def _with_rows(
    settings: Settings,
    found: Row,
    value: Row,
    rows: list[Row],
    decisions: list[Row],
    whole: bool,
) -> Row:
    """The answer with its rows; `whole`: they are all there are, so that it can be recomputed."""
    files = file_names(settings)
    for one in found.get("returns", []):  # type: ignore[attr-defined]
        one |= {"file": files.get(str(one["return_id"])), "sheet": one["sheet"] or None}
    return found | {
        "recomputed": recompute(rows, str(value["rule"])) if whole else None,
        "rows": [
            {
                "return_id": row["_return_id"],
                "file": files.get(str(row["_return_id"])),
                "sheet": row["_sheet"] or None,
                "row": row["_row"],
                "numerator": _text(row["numerator"] or Decimal(0)),
                "denominator": _text(row["denominator"] or Decimal(0)),
            }
            for row in rows
        ],
        "decisions": decisions,
    }


def recompute(rows: list[Row], rule: str) -> str | None:
    """The value by the registry's rule, from the rows alone; None where none can be had."""
    above = sum((Decimal(str(row["numerator"] or 0)) for row in rows), Decimal(0))
    below = sum((Decimal(str(row["denominator"] or 0)) for row in rows), Decimal(0))
    values = {
        "sum": above,
        "count": above,
        "mean": above / (below or 1),
        "ratio of sums": 100 * above / (below or 1),
    }
    if not rows or rule not in values or (rule not in WITHOUT_DENOMINATOR and below <= 0):
        return None
    return str(_rounded(values[rule]))


def _rounded(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.000001"), ROUND_HALF_UP)


def _what_there_is(connection: Connection, indicator: str, period: str) -> str:
    known = connection.execute(
        "select distinct period, breakdown || case when breakdown = '' then '' else '=' end "
        "|| breakdown_value from marts.fct_indicator_values where indicator_id = ? order by all",
        [indicator],
    ).fetchall()
    if indicator in MADE_OF_VALUES:
        return (
            f"{indicator} is made of values, not of rows: ask {MADE_OF_VALUES[indicator]} with "
            "social-value query, then trace the values that it names."
        )
    if not known:
        return (
            f"No value of {indicator} has been modelled; social-value query lists the indicators."
        )
    periods = sorted({str(row[0]) for row in known})
    kinds = sorted({str(row[1]) for row in known if row[1]})
    return (
        f"There is no such value of {indicator} for {period}; there are values for "
        f"{', '.join(periods)}, by {', '.join(kinds[:12]) or 'nothing'}."
    )


def file_names(settings: Settings) -> dict[str, str]:
    """The file that each return came in, by the return's id."""
    with reading(settings) as connection:
        rows = connection.execute("select return_id, file_name from warehouse.ledger.returns")
        return {str(name): str(file) for name, file in rows.fetchall()}


def _text(value: object) -> str | None:
    """A number as text; a sum with as many decimals as it needs, two at least."""
    if isinstance(value, Decimal):
        whole, _, decimals = f"{value:f}".partition(".")
        return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"
    return None if value is None else str(value)
