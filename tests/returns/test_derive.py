"""What a personal column becomes is right, the same in every period, and all that is left of it."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from flows.common.settings import Settings
from flows.intake.submission import Ingested
from flows.returns.derive import derive, landed_columns
from flows.warehouse.connection import reading
from tests.support.small_contract import contract, typed

KEY = bytes(range(32))
PEOPLE = contract(
    {
        "name": "number",
        "type": "code",
        "privacy": "personal",
        "becomes": {"person": {"how": "keyed hash"}},
    },
    {"name": "name", "type": "text", "privacy": "personal"},
    {
        "name": "born",
        "type": "date",
        "privacy": "personal",
        "if_unreadable": "blank",
        "becomes": {
            "age_band": {"how": "age band", "at": "at"},
            "is_adult": {"how": "aged 18", "at": "at"},
        },
    },
    {
        "name": "home",
        "type": "postcode",
        "privacy": "personal",
        "if_unreadable": "blank",
        "becomes": {
            "authority": {"how": "local authority"},
            "decile": {"how": "deprivation decile"},
        },
    },
    {"name": "at", "type": "date", "required": True},
)


def places(connection: duckdb.DuckDBPyConnection, wants_decile: bool) -> str:
    assert wants_decile
    connection.execute(
        "create or replace temp table places as select * from (values ('L31BP', 'E08000012', 1)) "
        "as p(postcode, local_authority_code, deprivation_decile)"
    )
    return "two lines of a directory"


def derived(rows: list[list[str]], scope: str = "small/lcrca", key: bytes = KEY) -> list[tuple]:
    with typed(PEOPLE, rows) as connection:
        derive(connection, PEOPLE.columns, "typed_rows", "raw_rows", scope, key, places)
        return connection.execute(
            "select person, age_band, is_adult, authority, decile from typed_rows order by _row"
        ).fetchall()


def person(number: str, **how: object) -> str:
    return derived([[number, "", "", "", "30/06/2022"]], **how)[0][0]


def test_a_number_becomes_an_hmac_of_its_scope():
    said = hmac.new(KEY, b"small/lcrca/number\nE12", hashlib.sha256).hexdigest()
    assert person("E12") == said[:32]


@pytest.mark.parametrize("written", ["e12", " E12 ", "E 12"])
def test_the_same_number_is_the_same_person(written):
    assert person(written) == person("E12")


def test_a_number_that_lost_its_zeros_in_a_spreadsheet_is_the_same_person():
    assert person("000123") == person("123") != person("1230")
    assert person("0") == person("000")


@pytest.mark.parametrize("change", [{"scope": "small/other"}, {"key": bytes(32)}])
def test_another_sender_or_key_gives_another_hash(change):
    assert person("E12", **change) != person("E12")


@pytest.mark.parametrize(
    ("born", "band", "adult"),
    [
        ("30/06/2004", "under 25", True),  # eighteen on the day
        ("01/07/2004", "under 25", False),
        ("29/02/2004", "under 25", True),
        ("01/07/1997", "under 25", True),
        ("30/06/1997", "25-34", True),
        ("30/06/1987", "35-44", True),
        ("30/06/1977", "45-54", True),
        ("30/06/1967", "55-64", True),
        ("01/07/1957", "55-64", True),
        ("30/06/1957", "65 and over", True),
        ("30/06/1922", None, True),  # a hundred years old: mistyped
        ("30/06/2022", None, False),
        ("30/06/2032", None, False),
        ("30/06/57", "65 and over", True),  # of two digits: 1957, not 2057
        ("1 Jul 58", "55-64", True),
        ("30-06-04", "under 25", True),
        ("21001", "65 and over", True),  # a spreadsheet's number of 30 June 1957
        ("21002", "55-64", True),
        ("38168", "under 25", True),
        ("", None, None),
        ("not known", None, None),
    ],
)
def test_an_age_is_reckoned_in_full_years_at_the_day_named(born, band, adult):
    assert derived([["1", "", born, "", "30/06/2022"]])[0][1:3] == (band, adult)


def test_an_eighteenth_birthday_on_a_leap_day_comes_on_the_first_of_march():
    assert derived([["1", "", "29/02/2004", "", "28/02/2022"]])[0][2] is False
    assert derived([["1", "", "29/02/2004", "", "01/03/2022"]])[0][2] is True


def test_a_postcode_becomes_its_place_and_an_unknown_one_nothing():
    rows = [["1", "", "", home, "30/06/2022"] for home in ("l3 1bp", "M1 1AE", "", "somewhere")]
    assert [row[3:] for row in derived(rows)] == [
        ("E08000012", 1),
        (None, None),
        (None, None),
        (None, None),
    ]


def test_nothing_of_the_originals_is_left_in_the_scratch_database():
    row = ["E99887", "Zebediah Canary", "13/04/1971", "L3 1BP", "30/06/2022"]
    odd = ["E99886", "Zenobia Canary", "Canary 1971", "Canary Row", "30/06/2022"]
    with typed(PEOPLE, [row, odd]) as connection:
        derive(connection, PEOPLE.columns, "typed_rows", "raw_rows", "s", KEY, places)
        names = connection.execute(
            "select table_name from duckdb_tables() where not internal"
        ).fetchall()
        everything = " ".join(
            str(connection.execute(f'select * from "{name}"').fetchall()) for (name,) in names
        )
        assert str(date(1971, 4, 13).year) not in everything
        for original in ("E9988", "Canary", "L31BP", "L3 1BP"):
            assert original not in everything
        unread = connection.execute('select "column", text from unread_cells').fetchall()
    assert sorted(unread) == [("born", None), ("home", None)]


def test_what_lands_has_no_personal_column():
    assert landed_columns(PEOPLE.columns) == {
        "person": "varchar",
        "age_band": "varchar",
        "is_adult": "boolean",
        "authority": "varchar",
        "decile": "bigint",
        "at": "date",
    }


WORKFORCE = (
    "Employer,Snapshot date,Employee number,Name,Date of birth,Home postcode,FTE,Pay date\n"
    "lcrca,30/06/2022,E99887,Zebediah Canary,13/04/1971,L3 1BP,1,28/06/2022\n"
)


@pytest.fixture
def settings(settings: Settings, postcodes: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("SOCIAL_VALUE_POSTCODES", str(postcodes))
    return settings.model_copy(update={"postcodes": postcodes})


def _people(settings: Settings) -> list[tuple]:
    with reading(settings) as connection:
        return connection.execute(
            "select employee_key, age_band, aged_18_on_pay_date, home_local_authority_code, "
            "home_deprivation_decile from warehouse.landed.hr_workforce order by _received_at"
        ).fetchall()


def test_a_workforce_return_lands_without_its_people(
    take: Callable[..., Ingested], settings: Settings
):
    done = take(WORKFORCE, "lcrca_2022-23-q1.csv", "hr_workforce")
    assert (done.outcome, done.reason) == ("loaded", None)
    [(key, *others)] = _people(settings)
    assert len(key) == 32
    assert others == ["45-54", True, "E08000012", None]
    with reading(settings) as connection:
        step = connection.execute(
            "select detail from warehouse.ledger.outcomes where step = 'derive'"
        ).fetchone()
    assert step == ("postcode directory 2025-11; deprivation not there",)


def test_the_decile_comes_from_the_deprivation_return_in_force(
    take: Callable[..., Ingested], settings: Settings
):
    deprivation = "Postcode,IMD decile\nL3 1BP,3\nL3 1BQ,9\n"
    given = take(deprivation, "lcrca_2022-23.csv", "reference_deprivation")
    assert given.outcome == "loaded", given.reason
    take(WORKFORCE, "lcrca_2022-23-q1.csv", "hr_workforce")
    assert [row[4] for row in _people(settings)] == [3]


def test_two_who_live_at_one_postcode_are_two_rows(
    take: Callable[..., Ingested], settings: Settings
):
    neighbour = WORKFORCE.splitlines()[1].replace("E99887", "E99888")
    done = take(f"{WORKFORCE}{neighbour}\n", "lcrca_2022-23-q1.csv", "hr_workforce")
    assert (done.counts.loaded, done.counts.quarantined) == (2, 0)
    assert len(_people(settings)) == 2
