"""Rows of seeds that a declaration carries: an indicator its registry, a contract what is owed.

Whoever adds a return or an indicator says all of it in one file; who reads seeds finds the rows
among the others.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pydantic import ConfigDict, Field

from flows.authority.indicators import Indicators
from flows.authority.overlay import read_rows, write_rows
from flows.authority.registered import Registered, Sourced
from flows.common.declarations import DeclarationError, Declared, parse_declared
from flows.common.periods import Kind

Row = tuple[str, dict[str, Any]]  # the seed, and the cells that are not empty


class Retention(Sourced):
    """How long what a return sent is kept."""

    keep_originals_months: int | None = Field(default=None, ge=1)
    keep_person_rows_months: int | None = Field(default=None, ge=1)
    authority: str = Field(description="by what law or decision")
    recorded_on: date


class Obligation(Sourced):
    """Who owes the return, since when, and how soon after the period's end."""

    sender: str
    part: str = ""
    first_period: str
    last_period: str = ""
    due_days_after_end: int = Field(ge=0)
    recorded_on: date


class _Every(Declared):
    model_config = ConfigDict(extra="ignore", frozen=True)
    every: Kind


class _Terms(Declared):
    """Of a contract, what is said of who owes its return and how long that is kept."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    return_name: str = Field(alias="return")
    period: _Every
    retention: Retention | None = None
    obligations: list[Obligation] = Field(default_factory=list)


def with_declared_rows(
    files: Mapping[str, bytes], faults: list[str] | None = None
) -> dict[str, bytes]:
    """The definitions, with the rows that declarations carry in their seeds.

    Raises DeclarationError where declarations are wrong, or a seed has such a row already; where
    `faults` is given, what is wrong goes there, and a wrong declaration adds nothing.
    """
    more: dict[str, list[dict[str, str]]] = {}
    seen: list[str] = []
    for path in sorted(files):
        try:
            for seed, cells in _rows_of(path, files[path]):
                row = {name: _cell(value) for name, value in cells.items()}
                more.setdefault(f"seeds/{seed}.csv", []).append(row)
        except DeclarationError as error:
            seen.append(str(error))
    found = dict(files)
    for path, rows in more.items():
        header, known = read_rows(path, files.get(path, b""))
        if unknown := sorted({name for row in rows for name in row} - set(header)):
            seen.append(f"{path}, line 1: it has no column {', '.join(unknown)}.")
            continue
        whole = [dict.fromkeys(header, "") | row for row in rows]
        if path == "seeds/indicators.csv":
            ids = {row["indicator_id"] for row in known}
            if twice := sorted(ids & {row["indicator_id"] for row in whole}):
                seen.append(
                    f"{path}: {', '.join(twice)}: declared in indicators/, and in the seed too."
                )
        found[path] = write_rows(header, [*known, *whole])
    if seen and faults is None:
        raise DeclarationError("\n".join(seen))
    if faults is not None:
        faults += seen
    return found


def _rows_of(path: str, content: bytes) -> Iterator[Row]:
    if path.startswith("indicators/") and b"registry:" in content:
        declared = parse_declared(content.decode("utf-8"), path, Indicators)
        for number, told in declared.registry.items():
            yield from _registry(declared, number, told)
    if path.startswith("contracts/") and (b"retention:" in content or b"obligations:" in content):
        terms = parse_declared(content.decode("utf-8"), path, _Terms)
        if terms.retention:
            yield "retention", {"return": terms.return_name, **terms.retention.model_dump()}
        for one in terms.obligations:
            cells = {"return": terms.return_name, "every": terms.period.every}
            yield "obligations", {**cells, **one.model_dump()}


def _registry(declared: Indicators, number: str, told: Registered) -> Iterator[Row]:
    sourced = {name: getattr(told, name) for name in Sourced.model_fields}
    mine = {"indicator_id": number}
    cells = told.model_dump(
        exclude={"broken_down_by", "minimum_coverage", "holds_at_none", "recorded_on", "targets"}
    )
    yield "indicators", mine | cells | {"fed_by": told.fed_by or declared.reads}
    for place, figure in enumerate(declared.indicators[number], start=1):
        of_figure = figure.model_dump(exclude={"numerator", "denominator", "where"})
        yield "indicator_bases", mine | {"basis_order": place} | of_figure | sourced
    for breakdown, one in told.broken_down_by.items():
        yield "breakdowns", mine | {"breakdown": breakdown} | one.model_dump() | sourced
    if told.minimum_coverage is not None:
        yield (
            "minimum_coverage",
            mine
            | {"minimum_coverage": told.minimum_coverage, "holds_at_none": told.holds_at_none}
            | {"recorded_on": told.recorded_on}
            | sourced,
        )
    for target in told.targets:
        yield "targets", mine | target.model_dump() | {"recorded_on": told.recorded_on} | sourced


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
