"""An authority's files over those that ship: rows by their key, YAML by `extends` and `without`.

A seed's row takes the place of the row with its key; a column that a file lacks, since it was
written before there was one, holds what the seed's YAML says. A YAML file of a new name is whole;
one that `extends` another is laid over it, lists by what names their entries; `without` names
entries that go.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flows.authority.seed_schema import SeedSchema, read_schemas
from flows.common.declarations import DeclarationError, dump_yaml, parse_yaml

Files = Mapping[str, bytes]
Rows = list[dict[str, str]]
NAMES = ("id", "name", "title", "key")  # what an entry of a list may be known by


def merged(
    core: Files, own: Files, roles: Mapping[str, str], faults: list[str] | None = None
) -> dict[str, bytes]:
    """Both, as one: paths are alike in both. `roles`: what stands where words name a `{role}`.

    Raises DeclarationError, a line a fault, which names the authority's own file; where `faults` is
    given they go there, and what ships stands for the file.
    """
    schemas = read_schemas({p: c for p, c in {**core, **own}.items() if p.endswith(".yml")})
    found, seen = {}, list[str]()
    for path in sorted({*core, *own}):
        try:
            if path.endswith(".csv"):
                found[path] = _seed(path, core.get(path), own.get(path), schemas, roles)
            elif path in own and path.endswith(".yaml"):
                found[path] = _declared(path, core, own[path], roles)
            else:
                found[path] = bound(own.get(path, core.get(path, b"")), roles)
        except DeclarationError as error:
            seen.append(str(error))
            if path in core:
                found[path] = bound(core[path], roles)
    if seen and faults is None:
        raise DeclarationError("\n".join(seen))
    if faults is not None:
        faults += seen
    return found


def bound(content: bytes, roles: Mapping[str, str]) -> bytes:
    """A text with names in the place of roles."""
    for role, name in roles.items():
        content = content.replace(f"{{{role}}}".encode(), name.encode())
    return content


def read_rows(path: str, content: bytes) -> tuple[list[str], Rows]:
    """A CSV file's header and rows, as Excel or anybody saves it. Raises DeclarationError."""
    try:
        lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        header = next(lines, [])
        rows, faults = [], []
        for row in lines:
            if not any(row):
                continue
            if len(row) != len(header):
                faults.append(
                    f"{path}, line {lines.line_num}: {len(row)} cells in a row, and"
                    f" {len(header)} columns."
                )
            rows.append(dict(zip(header, row, strict=False)))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DeclarationError(f"{path}, line {line}: not UTF-8: save it as CSV UTF-8.") from None
    except csv.Error as error:
        raise DeclarationError(f"{path}, line {lines.line_num}: not CSV: {error}.") from None
    if faults:
        raise DeclarationError("\n".join(faults))
    return header, rows


def write_rows(header: Sequence[str], rows: Rows) -> bytes:
    """A CSV file of these rows."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def with_columns(header: Sequence[str], rows: Rows, schema: SeedSchema | None) -> Rows:
    """The rows with every column of the seed's schema: what a file lacks holds its default."""
    missing = {name: "" for name in (schema.types if schema else ()) if name not in header}
    defaults = {name: schema.defaults.get(name, "") for name in missing} if schema else {}
    return [row | defaults for row in rows]


def _seed(
    path: str,
    core: bytes | None,
    own: bytes | None,
    schemas: Mapping[str, SeedSchema],
    roles: Mapping[str, str],
) -> bytes:
    schema = schemas.get(path.rsplit("/", 1)[-1].removesuffix(".csv"))
    if own is None and core is not None and bound(core, roles) == core:
        return core
    header, rows = read_rows(path, core if core is not None else own or b"")
    rows = [{name: _bound(cell, roles) for name, cell in row.items()} for row in rows]
    if core is not None and own is not None:
        own_header, own_rows = read_rows(path, own)
        if unknown := sorted(set(own_header) - set(header)):
            raise DeclarationError(
                f"{path}, line 1: no column is called {', '.join(unknown)}: it has"
                f" {', '.join(header)}."
            )
        rows = _by_key(rows, with_columns(own_header, own_rows, schema), schema, header)
    elif schema:
        rows = with_columns(header, rows, schema)
        header = [*header, *(name for name in schema.types if name not in header)]
    return write_rows(header, rows)


def _bound(cell: str, roles: Mapping[str, str]) -> str:
    return bound(cell.encode(), roles).decode() if "{" in cell else cell


def _by_key(rows: Rows, own: Rows, schema: SeedSchema | None, header: Sequence[str]) -> Rows:
    key = schema.key if schema and schema.key else tuple(header)
    found = {tuple(row[name] for name in key): row for row in rows}
    return list({**found, **{tuple(row[name] for name in key): row for row in own}}.values())


def _declared(path: str, core: Files, content: bytes, roles: Mapping[str, str]) -> bytes:
    text = bound(content, roles).decode("utf-8")
    own = parse_yaml(text, path)
    if not isinstance(own, dict) or "extends" not in own:
        return text.encode()
    base = f"{path.rsplit('/', 1)[0]}/{own.pop('extends')}.yaml"
    if base not in core:
        raise DeclarationError(f"{path}, line 1: extends {base}, and nothing of that name ships.")
    without = set(map(str, own.pop("without", [])))
    told = parse_yaml(bound(core[base], roles).decode("utf-8"), base)
    if unknown := sorted(without - set(_names(told))):
        raise DeclarationError(
            f"{path}, line 1: without {', '.join(unknown)}, and {base} has none of that name."
        )
    return dump_yaml(_over(_without(told, without), own))


def _names(told: Any) -> Iterator[str]:
    for one in told.values() if isinstance(told, dict) else told if isinstance(told, list) else ():
        if isinstance(told, list) and _name(one):
            yield _name(one)
        yield from _names(one)


def _name(entry: Any) -> str:
    """What an entry of a list is known by; empty if by nothing."""
    if not isinstance(entry, dict):
        return ""
    return next((str(entry[name]) for name in NAMES if isinstance(entry.get(name), str)), "")


def _without(told: Any, names: set[str]) -> Any:
    if isinstance(told, dict):
        return {key: _without(value, names) for key, value in told.items()}
    if isinstance(told, list):
        return [_without(one, names) for one in told if _name(one) not in names or not _name(one)]
    return told


def _over(told: Any, own: Any) -> Any:
    """What is told with one's own over it: by key, by the name of entries, else in its place."""
    if isinstance(told, dict) and isinstance(own, dict):
        return {**told, **{key: _over(told.get(key), value) for key, value in own.items()}}
    if isinstance(told, list) and isinstance(own, list):
        by_name = {_name(one): one for one in own if _name(one)}
        laid = [_over(one, by_name.pop(_name(one), one)) for one in told]
        return laid + [
            one for one in own if (_name(one) in by_name if _name(one) else one not in told)
        ]
    return own
