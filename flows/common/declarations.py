"""YAML that people edit, read into a model; an error names the file and the line.

Editors check such a file against the JSON schema beside it, which is made from the same model:
`python -m flows.common.declarations` writes them all.
"""

import json
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from flows.common.errors import SocialValueError

try:  # in C, where libyaml is there: the same answers ten times sooner
    from yaml import CSafeLoader as SafeLoader
except ImportError:
    from yaml import SafeLoader  # type: ignore[assignment]

Model = TypeVar("Model", bound="Declared")

PROJECT = Path(__file__).resolve().parents[2]
# Which model each schema is of. Models stand on floors above this one, so they are named, not
# imported.
SCHEMAS = {
    "flows/returns/contract.schema.json": "flows.returns.contract:Contract",
    "flows/returns/layouts.schema.json": "flows.returns.layout:Layouts",
    "dbt/indicator.schema.json": "flows.authority.indicators:Indicators",
    "expectations/suite.schema.json": "expectations.suite:Suite",
    "expectations/built_in.schema.json": "expectations.suite:BuiltInSuite",
    "exports/table.schema.json": "exports.definitions.table:TableDefinition",
    "exports/lineage/leads_to.schema.json": "exports.definitions.leads_to:LeadsTo",
    "exports/narrative/narrative.schema.json": "exports.definitions.narrative:Narrative",
    "exports/narrative/headline.schema.json": "exports.definitions.headline:OwnHeadline",
    "exports/papers/assumptions.schema.json": "exports.definitions.papers:AssumptionsLog",
    "exports/papers/qa_log.schema.json": "exports.definitions.papers:QaLog",
    "exports/limits/not_known.schema.json": "exports.edition.not_known:Limits",
    "flows/authority/authority.schema.json": "flows.authority.declaration:Authority",
    "flows/post/sources.schema.json": "flows.post.sources:Sources",
    "exports/disclosure/thresholds.schema.json": "exports.disclosure.thresholds:Thresholds",
}


class Declared(BaseModel):
    """A thing people declare in YAML: unknown words are errors, and nothing changes it later."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DeclarationError(SocialValueError):
    """A declared file is wrong; the message names file and line."""

    notice = "a contract, suite or table cannot be read: social-value doctor names it."


def read_declared(path: Path, model: type[Model]) -> Model:
    """The YAML file at `path` as a `model`. Raises DeclarationError, one line a fault."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DeclarationError(f"{path}: cannot be read ({error.strerror}).") from None
    return parse_declared(text, path, model)


def read_folder(folder: Path, model: type[Model], name: str = "name") -> list[Model]:
    """Every YAML file of `folder` as a `model`, by its path; each is called as its `name` says.

    Raises DeclarationError.
    """
    found = []
    for path in sorted(folder.glob("*.yaml")):
        one = read_declared(path, model)
        if (called := getattr(one, name)) != path.stem:
            raise DeclarationError(
                f"{path}, line 1: the file is called {path.stem} and speaks of {called}."
            )
        found.append(one)
    return found


def parse_declared(text: str, path: Path | str, model: type[Model]) -> Model:
    """YAML as a `model`; `path`: what errors call it. Raises DeclarationError, one line a fault."""
    content = parse_yaml(text, path)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)  # which knows the lines
        faults = [
            f"{path}, line {_line_of(tree, fault['loc'])}: "
            f"{'.'.join(str(part) for part in fault['loc']) or 'the file'}: {fault['msg']}"
            for fault in error.errors()
        ]
        raise DeclarationError("\n".join(faults)) from None


def parse_yaml(text: str, path: Path | str) -> Any:
    """What YAML holds; `path`: what errors call it. Raises DeclarationError."""
    try:
        return yaml.load(text, Loader=SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DeclarationError(f"{path}, line {line}: not YAML: {error.problem}.") from None


def dump_yaml(told: object) -> bytes:
    """YAML of what was read and changed, in its order."""
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=100, encoding="utf-8")


def compose_yaml(text: str) -> yaml.Node | None:
    """What YAML holds, as nodes that know their lines. Raises yaml.YAMLError."""
    return yaml.compose(text, Loader=SafeLoader)


def _line_of(node: yaml.Node | None, where: Iterable[int | str]) -> int:
    """The line (from 1) of the place `where` points to, or of the nearest thing around it."""
    line = node.start_mark.line + 1 if node else 1
    for part in where:
        child: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(part):
                    child, line = value, key.start_mark.line + 1
                    break
        elif (
            isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value)
        ):
            child = node.value[part]
            line = child.start_mark.line + 1
        if child is None:
            break
        node = child
    return line


def schema_texts() -> dict[Path, str]:
    """The JSON schema of every kind of declared file, by the path that it stands at."""
    texts = {}
    for path, named in SCHEMAS.items():
        module, _, name = named.partition(":")
        model: type[BaseModel] = getattr(import_module(module), name)
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **model.model_json_schema(),
        }
        texts[PROJECT / path] = json.dumps(schema, indent=2, sort_keys=True) + "\n"
    return texts


if __name__ == "__main__":
    for path, text in schema_texts().items():
        path.write_text(text, encoding="utf-8")
