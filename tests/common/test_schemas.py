"""The schemas that editors check declared files with are those of the models."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from flows.common.declarations import PROJECT, SCHEMAS, schema_texts

FOLDERS = [
    "flows/returns/contracts", "flows/returns/layouts", "expectations/suites", "exports/tables",
    "exports/narrative", "exports/papers", "exports/disclosure", "exports/lineage",
]  # fmt: skip
SHIPPED = sorted(path for folder in FOLDERS for path in (PROJECT / folder).glob("*.yaml"))


def schema_named_by(path: Path) -> Path:
    """The schema that a YAML file's first line names for editors."""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    named = first.removeprefix("# yaml-language-server: $schema=")
    assert named != first, f"{path.name} names no schema"
    return (path.parent / named).resolve()


@pytest.mark.parametrize("path", SCHEMAS)
def test_a_schema_says_what_the_model_does(path: str) -> None:
    expected = schema_texts()[PROJECT / path]

    assert (PROJECT / path).read_text(encoding="utf-8") == expected, (
        "run: python -m flows.common.declarations"
    )


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_an_editor_finds_the_schema_and_nothing_wrong(path: Path) -> None:
    schema = schema_named_by(path)

    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert schema in schema_texts()
    jsonschema.Draft202012Validator(json.loads(schema.read_text(encoding="utf-8"))).validate(
        json.loads(json.dumps(content, default=str))  # to an editor a date is text
    )


def test_an_editor_sees_an_unknown_word() -> None:
    contract = yaml.safe_load((PROJECT / FOLDERS[0] / "finance_control_totals.yaml").read_text())
    contract["columns"][0]["meening"] = "when"

    with pytest.raises(jsonschema.ValidationError, match="'meening' was unexpected"):
        jsonschema.validate(contract, json.loads(next(iter(schema_texts().values()))))
