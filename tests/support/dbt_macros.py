"""The dbt project's macros of formulas, run on their own, without a build."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import duckdb
from jinja2 import Environment

MACROS = Path(__file__).resolve().parents[2] / "dbt/macros"


def macro(file: str, name: str, engine: str = "duckdb") -> Callable[..., str]:
    """The macro `name` of `dbt/macros/{file}.sql`: called with SQL words, it returns SQL.

    It must call no macro of another file (dbt would find it, Jinja alone does not). `engine`: whose
    SQL a macro writes that differs by engine.
    """
    environment = Environment(autoescape=False)
    own = environment.globals["social_value"] = SimpleNamespace()  # as dbt calls our macros

    def dispatch(name: str) -> Callable[..., str]:
        known = (f"{engine}__{name}", f"default__{name}")
        return cast("Callable[..., str]", next(getattr(own, k) for k in known if hasattr(own, k)))

    environment.globals["adapter"] = SimpleNamespace(dispatch=dispatch)
    environment.globals["return"] = lambda found: found
    module = environment.from_string((MACROS / f"{file}.sql").read_text(encoding="utf-8")).module
    vars(own).update(vars(module))
    return cast("Callable[..., str]", getattr(module, name))


def value_of(expression: str, given: str = "(select 1) as nothing") -> object:
    """What DuckDB says `expression` is, over the relation `given`."""
    row = duckdb.sql(f"select {expression} from {given}").fetchone()
    assert row
    return cast("object", row[0])
