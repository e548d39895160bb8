"""What words and limits name of tables: each table, column and row key must be one there can be."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from exports.definitions.headline import OwnHeadline, parts_of
from exports.definitions.of_indicator import OfIndicator
from exports.definitions.table import TableDefinition, every_table
from flows.authority.overlay import Rows, read_rows
from flows.authority.places import Places
from flows.authority.seed_rows import Fault
from flows.common.declarations import DeclarationError, compose_yaml, parse_declared, parse_yaml
from flows.common.settings import DBT_PROJECT

FOLDERS = ("narrative/", "limits/")
Seeds = Mapping[str, Rows]


def refuse_lost_cells(places: Places) -> None:
    """See that words and limits in use name nothing that cannot be. Raises DeclarationError."""
    root = places.narrative.parent
    own = [
        path.relative_to(root).as_posix()
        for folder in (places.narrative, places.limits)
        for path in sorted(folder.glob("*.yaml"))
    ]
    if faults := list(cell_faults(root, places, own)):
        raise DeclarationError(
            "\n".join(f"{root / one.file}, line {one.line}: {one.what}." for one in faults)
        )


def cell_faults(folder: Path, places: Places, own: Sequence[str]) -> Iterator[Fault]:
    """What is wrong with the cells that the authority's files name, and with its own tables."""
    try:
        tables = {table.name: table for table in every_table(places.tables)}
    except DeclarationError:
        return  # told where tables are read
    seeds = {
        path.stem: read_rows(path.name, path.read_bytes())[1] for path in places.seeds.glob("*.csv")
    }
    for path in own:
        if not path.startswith(FOLDERS) or not path.endswith(".yaml"):
            continue
        text = (folder / path).read_text("utf-8")
        if Path(path).name.startswith("headline_"):
            yield from _in_headline(path, text, tables, seeds)
        else:
            yield from _named(path, text, tables, seeds)
    own_tables = [path for path in own if path.startswith("tables/")]
    models = _models(places) if own_tables else {}
    for path in own_tables:
        table = tables.get(Path(path).stem)
        if table is None:
            continue
        text = (folder / path).read_text("utf-8")
        if table.of is not None:
            yield from _figures(path, text, table.of, seeds)
        else:
            yield from _columns(path, text, table, models)


def key_faults(table: TableDefinition, row: Mapping[str, str], seeds: Seeds) -> Iterator[str]:
    """What of a row's key no row of the table can have. Texts with a {name} are filled in later."""
    columns = {column.name: column for column in table.columns}
    for name, text in row.items():
        if name not in columns:
            yield f"table {table.name} has no column {name}"
            continue
        if "{" in text:
            continue
        if name == "indicator_id" and text not in _cells(seeds["indicators"], name):
            yield f"{text!r} is no indicator that is published"
        traced = columns[name].traces
        if traced and traced.rule == "seed" and traced.of:
            seed = seeds.get(traced.of.removeprefix("seeds."), [])
            if not any(text in one.values() for one in seed):
                yield f"no row of table {table.name} can have {name} {text!r}: {traced.of} has none"


def _named(
    path: str, text: str, tables: Mapping[str, TableDefinition], seeds: Seeds
) -> Iterator[Fault]:
    try:
        tree = compose_yaml(text)
    except yaml.YAMLError:
        return  # told where it is read
    for node in _mappings(tree):
        told = {key.value: value for key, value in node.value}
        named = told.get("table")
        if not isinstance(named, yaml.ScalarNode):
            continue
        line = named.start_mark.line + 1
        table = tables.get(named.value)
        if table is None:
            yield Fault(path, line, "table", f"no table is called {named.value}")
            continue
        known = {column.name for column in table.columns}
        column = told.get("column")
        if isinstance(column, yaml.ScalarNode) and column.value not in known:
            yield Fault(path, line, "column", f"table {table.name} has no column {column.value}")
        row = told.get("row")
        if isinstance(row, yaml.MappingNode):
            key = {k.value: v.value for k, v in row.value if isinstance(v, yaml.ScalarNode)}
            for what in key_faults(table, key, seeds):
                yield Fault(path, line, "row", what)


def _in_headline(
    path: str, text: str, tables: Mapping[str, TableDefinition], seeds: Seeds
) -> Iterator[Fault]:
    """What the authority's own headline names that the release cannot have."""
    try:
        own = parse_declared(text, path, OwnHeadline)
    except DeclarationError:
        return  # told where it is read
    publication = Path(path).name.split("_")[1]
    line = _line(text, "headline:")
    for named in parts_of(own.headline):
        if isinstance(named, str):
            continue
        table = tables.get(named.table)
        if table is None or publication not in table.publications:
            yield Fault(path, line, "headline", f"the release has no table {named.table}")
        elif named.column not in {column.name for column in table.columns}:
            what = f"table {table.name} has no column {named.column}"
            yield Fault(path, line, "headline", what)
        else:
            for what in key_faults(table, named.row, seeds):
                yield Fault(path, line, "headline", what)


def _mappings(node: yaml.Node | None) -> Iterator[yaml.MappingNode]:
    if isinstance(node, yaml.MappingNode):
        yield node
        for _, value in node.value:
            yield from _mappings(value)
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from _mappings(one)


def _columns(
    path: str, text: str, table: TableDefinition, models: Mapping[str, set[str]]
) -> Iterator[Fault]:
    if table.source not in models:
        yield Fault(path, _line(text, "source"), "source", f"no model is called {table.source}")
        return
    for column in table.columns:
        name = column.source or column.name
        if name not in models[table.source]:
            what = f"model {table.source} has no column {name}"
            yield Fault(path, _line(text, f"name: {column.name}"), "columns", what)


def _figures(path: str, text: str, of: OfIndicator, seeds: Seeds) -> Iterator[Fault]:
    """What a table of an indicator names that the registry does not have."""
    told = [("figures", basis, "indicator_bases", "basis") for basis in of.figures.values()]
    told += [("breakdown", of.breakdown, "breakdowns", "breakdown")] if of.breakdown else []
    for word, name, seed, column in told:
        rows = [row for row in seeds[seed] if row["indicator_id"] == of.indicator]
        if name not in _cells(rows, column):
            what = f"{word}: no {name} of indicator {of.indicator} is published"
            yield Fault(path, _line(text, "of:"), "of", what)
            return


def _models(places: Places) -> dict[str, set[str]]:
    """The publication models that dbt's YAML tells of, with their columns."""
    found: dict[str, set[str]] = {}
    for folder in (DBT_PROJECT / "publication", places.models):
        for path in folder.rglob("*.yml"):
            for model in (parse_yaml(path.read_text("utf-8"), path) or {}).get("models", []):
                found[model["name"]] = {column["name"] for column in model.get("columns", [])}
    return found


def _line(text: str, words: str) -> int:
    for number, line in enumerate(text.splitlines(), start=1):
        if words in line:
            return number
    return 1


def _cells(rows: Rows, name: str) -> set[str]:
    return {row[name] for row in rows}
