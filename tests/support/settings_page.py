"""docs/settings.md, from the models of the settings: `python -m tests.support.settings_page`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from flows.authority.binding import FILE as BINDING
from flows.authority.declaration import FILE, Authority
from flows.common.settings import Settings

PAGE = Path(__file__).resolve().parents[2] / "docs" / "settings.md"
BOUND = {  # whose a home is: written by the home itself
    "authority": "the `id` of the authority that the home belongs to",
    "folder": "where that authority's folder lies; a relative path ships with the software",
    "software": "the version that bound the home",
}


def page() -> str:
    """The whole page."""
    lines = [
        "# Every setting",
        "",
        "Made from the settings' own modules by `python -m tests.support.settings_page`; a test",
        "holds the page to them.",
        "",
        "## Of an installation: environment variables",
        "",
        "| variable | what it is | unless it is set |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        variable = str(field.validation_alias or f"SOCIAL_VALUE_{name.upper()}")
        lines.append(_row(variable, field.description or "", _default(field)))
    lines += [
        "",
        f"## Of a home: `{BINDING}`",
        "",
        "Written when the home is made, or migrated; nobody edits it.",
        "",
        "| name | what it is |",
        "|---|---|",
        *(f"| `{name}` | {says} |" for name, says in BOUND.items()),
        "",
        f"## Of an authority: `{FILE}` in its folder",
        "",
        "| name | what it is | unless it is given |",
        "|---|---|---|",
        *_declared(Authority, ""),
    ]
    return "\n".join(lines) + "\n"


def _declared(model: type[BaseModel], above: str, needed: str = "must be given") -> Iterator[str]:
    """A row a field, those of a model within it by their path."""
    for name, field in model.model_fields.items():
        within = _model_of(field)
        if within is None:
            default = needed if field.is_required() else _default(field)
            yield _row(f"{above}{name}", field.description or "", default)
        else:
            whole = needed if field.is_required() else f"must be given with `{name}`"
            yield from _declared(within, f"{above}{name}.", whole)


def _model_of(field: FieldInfo) -> type[BaseModel] | None:
    kinds = [field.annotation, *getattr(field.annotation, "__args__", ())]
    return next((k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)), None)


def _default(field: FieldInfo) -> str:
    value: Any = field.default
    if value is PydanticUndefined:
        return "none"
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    return "none" if value in (None, "", {}, []) else f"`{value}`"


def _row(name: str, says: str, default: str) -> str:
    return f"| `{name}` | {says.replace('|', '/')} | {default} |"


if __name__ == "__main__":
    sys.stdout.write(page())
