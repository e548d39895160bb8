"""A table of an authority's own: the figures of an indicator, quarter by quarter."""

from collections.abc import Mapping
from pathlib import Path

from exports.definitions.table import TableDefinition
from flows.authority.declaration import FILE
from flows.authority.overlay import Rows, read_rows
from flows.authority.places import definitions_of
from flows.common.declarations import parse_yaml
from flows.common.errors import InputError
from flows.operations.new.written import Begun, checked, name_of, quoted, write_new

DECIMALS = {"per cent": 1, "GBP": 2}
TABLE = """# A published table of an indicator (docs/publishing.md, *A table is one file*).
name: {name}
number: {place}
title: {title}
sheet: {sheet}
of: {{indicator: {number}, {breakdown}figures: {{{figures}}}}}
publications: [quarterly]
indicators: [{number}]
about: {about}
empty: "Nothing was returned for this quarter."
key: [{key}]
order_by: [{key}]
columns:
  - {{name: quarter, label: Quarter, type: text, meaning: The quarter}}
{columns}
  - {{name: status, label: Status, type: text, meaning: Whether the figure is final}}
"""


def new_table(folder: Path, name: str, number: str) -> Begun:
    """Write a table of an indicator's figures, by its first breakdown. Raises InputError."""
    files = definitions_of(folder)
    indicator = _indicator(number, files)
    bases = [row for row in _seed("indicator_bases", files) if row["indicator_id"] == number]
    parts = [row for row in _seed("breakdowns", files) if row["indicator_id"] == number]
    by = next((row["breakdown"] for row in parts if row["breakdown"].isidentifier()), "")
    title = checked(name).replace("_", " ").capitalize()
    figures = {name_of(row["basis"]): row for row in bases}
    columns = [
        _figure(column, row["title"], row["unit"] or indicator["unit"], row["definition"])
        for column, row in figures.items()
    ]
    if by:
        label = by.replace("_", " ").capitalize()
        columns.insert(0, f"  - {{name: {by}, label: {label}, type: text, meaning: {label}}}")
    text = TABLE.format(
        name=name,
        place=1 + max(_place(path, content) for path, content in files.items()),
        title=quoted(title),
        sheet=quoted(title[:25].strip()),
        number=number,
        breakdown=f"breakdown: {by}, " if by else "",
        figures=", ".join(f"{column}: {row['basis']}" for column, row in figures.items()),
        about=quoted(f"One row is a {by.replace('_', ' ')}." if by else "One row is the quarter."),
        key=by or "quarter",
        columns="\n".join(columns),
    )
    written = write_new(folder, {f"tables/{name}.yaml": (text, TableDefinition)})
    return Begun(
        written,
        [
            f"In tables/{name}.yaml say what a row is (about), what stands where there is none"
            " (empty), and how each column is headed and rounded.",
            "social-value check says whether all of it fits together.",
        ],
    )


def _indicator(number: str, files: Mapping[str, bytes]) -> dict[str, str]:
    for row in _seed("indicators", files):
        if row["indicator_id"] == number:
            return row
    raise InputError(
        f"{number} is no indicator that is published: declare it in indicators/, and name it under"
        f" indicators: of {FILE} where that lists them."
    )


def _figure(name: str, title: str, unit: str, meaning: str) -> str:
    about = f"unit: {quoted(unit)}, decimals: {DECIMALS.get(unit, 2)}, meaning: {quoted(meaning)}"
    return f"  - {{name: {name}, label: {quoted(title or name)}, type: number, {about}}}"


def _seed(name: str, files: Mapping[str, bytes]) -> Rows:
    return read_rows(name, files[f"seeds/{name}.csv"])[1]


def _place(path: str, content: bytes) -> int:
    if not path.startswith("tables/"):
        return 0
    return int(parse_yaml(content.decode("utf-8"), path)["number"])
