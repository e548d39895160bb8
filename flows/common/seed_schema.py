"""What dbt's YAML says of the seeds: their columns, their keys, and what a new column holds."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flows.common.declarations import parse_yaml

_INSIDE = re.compile(r"coalesce\((\w+),.*\)")  # a key may have a column that is often empty


@dataclass(frozen=True)
class SeedSchema:
    """A seed as its YAML tells it: columns and their types, its key, and defaults of columns.

    `key` is empty where no columns name a row; `defaults`: what a column holds in a file that was
    written before there was one.
    """

    name: str
    types: Mapping[str, str]
    key: tuple[str, ...]
    defaults: Mapping[str, str]


def read_schemas(files: Mapping[str, bytes]) -> dict[str, SeedSchema]:
    """The seeds that YAML files tell of, by name. Raises DeclarationError."""
    return {
        one.name: one
        for path, content in files.items()
        for one in _schemas(parse_yaml(content.decode("utf-8"), path) or {})
    }


def _schemas(told: Mapping[str, Any]) -> Iterator[SeedSchema]:
    for seed in told.get("seeds", []):
        config = seed.get("config", {})
        defaults = {
            column["name"]: str(column["config"]["meta"]["default"])
            for column in seed.get("columns", [])
            if "default" in column.get("config", {}).get("meta", {})
        }
        yield SeedSchema(seed["name"], config.get("column_types", {}), _key(seed), defaults)


def _key(seed: Mapping[str, Any]) -> tuple[str, ...]:
    for test in seed.get("data_tests", []):
        if isinstance(test, dict) and "sound" in test:
            named = test["sound"].get("arguments", {}).get("key", [])
            return tuple(_INSIDE.sub(r"\1", one) for one in named)
    return ()
