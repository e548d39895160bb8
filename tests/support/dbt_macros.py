"""The dbt project's macros of formulas, run on their own, without a build."""

from collections.abc import Callable
from pathlib import Path
from random import Random
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


def of_an_engine(file: str, name: str, engine: str, given: list[tuple[str, ...]]) -> list[str]:
    """What a macro writes for an engine, of each of the words given."""
    written = macro(file, name, engine)
    return [written(*words) for words in given]


def decimals(seed: int) -> list[tuple[str, str]]:
    """Numerators and denominators: whole, of pence, of six places, negative, halves of a place."""
    random = Random(seed)
    found = [("3", "4"), ("-1", "3"), ("2", "0"), ("5", "-2"), ("1", "2000000"), ("3", "2000000")]
    for places in (0, 2, 6):
        for _ in range(30):
            over, under = random.randrange(-(10**12), 10**12), random.randrange(1, 10**9)
            found.append((f"{over / 10**places:.{places}f}", f"{under / 10**places:.{places}f}"))
    return [
        (f"cast({over} as decimal(24, 6))", f"cast({under} as decimal(24, 6))")
        for over, under in found
    ]


NAMES = (
    *("Müller & Söhne GmbH", "L'Oréal (UK) Ltd.", "Škoda Plc", "ACME LTD T/A Smith\\'s"),
    *("Ångström  Company", "naïve café", "Straße", "Łódź Ltd", "한국", "", "The Co-operative"),
)


# A macro of a file, and what it is given.
PLAIN = [
    ("names", "plain_name", NAMES),
    ("names", "slug", NAMES),
    ("names", "without_legal_form", ("ACME LIMITED", "THE CO", "LTD", "A COMPANY LIMITED")),
    ("names", "mended_company_number", ("123", "sc12", "00", "01234567.0", "x", "OC 301234")),
    ("names", "plain_charity_number", ("0012-3", "000", "1122334.0")),
]
