"""Definitions without the indicators that an authority does not publish.

Their rows go from every seed, the tables that are of them alone go, and so does each sentence,
figure and limit that names such an indicator or table: what nobody measures is not *not available*.
"""

from collections.abc import Mapping
from typing import Any

from flows.authority.declaration import FILE
from flows.authority.overlay import read_rows, write_rows
from flows.common.declarations import DeclarationError, dump_yaml, parse_yaml

REGISTRY = "seeds/indicators.csv"
# What goes where it names one of them; what it stands in stays.
ENTRIES = ("figures", "news", "sentences", "movements", "not_known")


def switched(files: Mapping[str, bytes], wanted: set[str]) -> dict[str, bytes]:
    """The files without what is of other indicators than `wanted`. Raises DeclarationError."""
    _, registry = read_rows(REGISTRY, files[REGISTRY])
    known = {row["indicator_id"] for row in registry}
    if unknown := sorted(wanted - known):
        raise DeclarationError(f"{FILE}: indicators: {', '.join(unknown)}: the registry has none.")
    gone = known - wanted
    tables = {
        path: set(parse_yaml(content.decode("utf-8"), path).get("indicators", []))
        for path, content in files.items()
        if path.startswith("tables/")
    }
    dropped = {path for path, named in tables.items() if named and named <= gone}
    names = gone | {path.split("/")[1].removesuffix(".yaml") for path in dropped}
    return {
        path: _without(path, content, names)
        for path, content in files.items()
        if path not in dropped
    }


def _without(path: str, content: bytes, names: set[str]) -> bytes:
    if path.endswith(".csv"):
        header, rows = read_rows(path, content)
        if "indicator_id" not in header:
            return content
        return write_rows(header, [row for row in rows if row["indicator_id"] not in names])
    if path.startswith(("narrative/", "limits/")):
        told = parse_yaml(content.decode("utf-8"), path)
        kept = _entries(told, names)
        if kept != told:
            return dump_yaml(kept)
    return content


def _entries(told: Any, names: set[str]) -> Any:
    if isinstance(told, list):
        return [_entries(one, names) for one in told]
    if isinstance(told, dict):
        return {
            key: [one for one in value if not _speaks_of(one, names)]
            if key in ENTRIES
            else _entries(value, names)
            for key, value in told.items()
        }
    return told


def _speaks_of(told: Any, names: set[str]) -> bool:
    """Whether it names one of them, as an indicator, or as a table and nothing but."""
    if isinstance(told, list):
        return any(_speaks_of(one, names) for one in told)
    if not isinstance(told, dict):
        return False
    for key, value in told.items():
        said = value if isinstance(value, list) else [value]
        if key in ("indicator_id", "indicators", "table") and said and set(map(str, said)) <= names:
            return True
        if isinstance(value, dict | list) and _speaks_of(value, names):
            return True
    return False
