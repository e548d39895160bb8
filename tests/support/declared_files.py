"""What the tests of contracts and suites share: the schema that an editor checks YAML with."""

import json
import os
from pathlib import Path

from flows.common.declarations import Declared

PROJECT = Path(__file__).resolve().parents[2]
UPDATE = "UPDATE_SCHEMAS"


def schema_of(model: type[Declared]) -> str:
    """The JSON schema of a declared file, as its file reads."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def kept_schema(model: type[Declared], path: Path) -> str:
    """What the schema's file reads; with UPDATE_SCHEMAS=1 it is written first."""
    if os.environ.get(UPDATE):
        path.write_text(schema_of(model), encoding="utf-8")
    return path.read_text(encoding="utf-8")


def schema_named_by(path: Path) -> Path:
    """The schema that a YAML file's first line names for editors."""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    named = first.removeprefix("# yaml-language-server: $schema=")
    assert named != first, f"{path.name} names no schema"
    return (path.parent / named).resolve()
