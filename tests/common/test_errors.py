"""Every fault is of one family, which says its exit status and what people are told of it."""

import ast
import importlib

import pytest
from pydantic import ValidationError

from exports.definitions.table import TableDefinition
from exports.files.spreadsheet import SpreadsheetError
from flows.common.errors import InputError, Refused, SocialValueError, sentence_for
from flows.common.settings import PROJECT, settings_for
from flows.warehouse.copies.rewind import NoSuchEvent


def _exceptions() -> list[tuple[str, str]]:
    """Each class of the packages that says it is an exception, by its module."""
    return [
        (".".join(path.relative_to(PROJECT).with_suffix("").parts), node.name)
        for package in ("flows", "exports", "expectations")
        for path in sorted((PROJECT / package).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and _is_raised(node)
    ]


def _is_raised(node: ast.ClassDef) -> bool:
    bases = [ast.unparse(base) for base in node.bases]
    return any(base.endswith(("Error", "Exception", "Fault", "Refused")) for base in bases)


@pytest.mark.parametrize(("module", "name"), _exceptions())
def test_every_exception_is_of_the_family(module: str, name: str) -> None:
    kind = getattr(importlib.import_module(module), name)
    assert name == "SocialValueError" or issubclass(kind, SocialValueError)
    assert kind.exit_status in (1, 2, 3)


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (SpreadsheetError("The sheet Spend has no room for its title."), 3),
        (NoSuchEvent("The ledger has no event f71ad860b68e."), 3),
        (InputError("There is no release q1."), 2),
        (Refused("The release is blocked."), 1),
    ],
)
def test_a_fault_of_the_family_answers_as_it_stands(fault: Exception, status: int) -> None:
    assert sentence_for(fault) == (status, str(fault))


def test_another_fault_is_the_systems_whatever_it_is_called() -> None:
    status, text = sentence_for(type("ManifestError", (Exception,), {})("cell: Jane Smith"))
    assert status == 3
    assert text.startswith("The system failed (ManifestError: ")


def test_a_wrong_setting_names_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIAL_VALUE_THREADS", "none")
    with pytest.raises(ValidationError) as fault:
        settings_for()
    status, text = sentence_for(fault.value)
    assert status == 2
    assert text.startswith("A SOCIAL_VALUE_ setting is wrong: ")
    assert "threads" in text


def test_another_model_that_does_not_fit_is_no_wrong_setting() -> None:
    with pytest.raises(ValidationError) as fault:
        TableDefinition.model_validate({})
    assert sentence_for(fault.value)[1].startswith("The system failed (ValidationError: ")
