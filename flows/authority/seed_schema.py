"""What dbt's YAML says of the seeds: their columns, their keys, and what a new column holds."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flows.common.declarations import parse_yaml

_REFERRED = re.compile(r"ref\('(\w+)'\)")
_INSIDE = re.compile(r"coalesce\((\w+),.*\)")  # a key may have a column that is often empty


@dataclass(frozen=True)
class SeedSchema:
    """A seed as its YAML tells it: columns and their types, its key, and defaults of columns.

    `key` is empty where no columns name a row; `defaults`: what a column holds in a file that was
    written before there was one; `always`: conditions that every row meets, in SQL; `references`:
    the seed and column that each text of a column stands in; `accepted`: the words of a column.
    """

    name: str
    types: Mapping[str, str]
    key: tuple[str, ...]
    defaults: Mapping[str, str]
    always: tuple[str, ...]
    references: Mapping[str, tuple[str, str]]
    accepted: Mapping[str, tuple[str, ...]]


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
        sound = dict(_arguments(seed, "sound"))
        tested = {column["name"]: column for column in seed.get("columns", [])}
        references = {name: dict(_arguments(one, "relationships")) for name, one in tested.items()}
        accepted = {name: dict(_arguments(one, "accepted_values")) for name, one in tested.items()}
        yield SeedSchema(
            name=seed["name"],
            types=config.get("column_types", {}),
            key=tuple(_INSIDE.sub(r"\1", one) for one in sound.get("key", [])),
            defaults=defaults,
            always=tuple(sound.get("always", [])),
            references={
                name: (str(_REFERRED.findall(one["to"])[0]), str(one["field"]))
                for name, one in references.items()
                if one
            },
            accepted={name: tuple(one["values"]) for name, one in accepted.items() if one},
        )


def _arguments(tested: Mapping[str, Any], test: str) -> Mapping[str, Any]:
    """What a test of that name is given; nothing where there is none."""
    for one in tested.get("data_tests", []):
        if isinstance(one, dict) and test in one:
            return dict(one[test].get("arguments", {}))
    return {}
