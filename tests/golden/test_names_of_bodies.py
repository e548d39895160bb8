"""Names of suppliers that are those of organisations: as registers write their legal forms."""

import csv

import pytest

from tests.support.dbt_macros import macro, value_of
from tests.support.definitions import PLACES

SEED = PLACES.seeds / "organisation_words.csv"
with SEED.open(encoding="utf-8", newline="") as lines:
    WORDS = [row["word"] for row in csv.DictReader(lines)]
plain_name = macro("names", "duckdb__plain_name")
has_words = macro("names", "has_words")
BODIES = [
    "Alstom Transport Deutschland GmbH", "Scheidt & Bachmann G.m.b.H.", "Ingeteam S.p.A.",
    "Sopra Steria S.à r.l.", "Arriva Personenvervoer B.V.", "Kone Oyj", "Novo Consulting ApS",
    "Cubic Transportation Systems, Inc.", "Trapeze Software LLC", "Init Pty Ltd", "Grab Pte. Ltd.",
    "Bord na Móna DAC", "Comhlucht Teoranta", "Škoda Transportation s.r.o.", "Solaris Sp. z o.o.",
    "Trafnidiaeth Cyf", "The Housing Co-operative", "Alder LLP",
]  # fmt: skip
PEOPLE = [
    "A.G. Smith",
    "Mr AB Jones",
    "Maria de Sá",
    "Jane O'Neill",
    "Dr S. A. Khan",
    "Se Young Kim",
]


def is_of_an_organisation(name: str) -> bool:
    """Whether the contract register names it without a number, as pub_contracts decides it."""
    plain = plain_name("'" + name.replace("'", "''") + "'")
    return any(value_of(has_words(plain, f"'{word}'")) for word in WORDS)


@pytest.mark.parametrize("name", BODIES)
def test_a_legal_form_of_any_country_makes_it_an_organisation(name: str) -> None:
    assert is_of_an_organisation(name)


@pytest.mark.parametrize("name", PEOPLE)
def test_initials_and_surnames_do_not(name: str) -> None:
    assert not is_of_an_organisation(name)
