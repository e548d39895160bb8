"""The same models in PostgreSQL have the same rows; a database they cannot have is refused."""

import os
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from flows.common.settings import Settings
from flows.modelling import build as modelling
from flows.modelling import dbt_runner
from flows.modelling.build import BuildFailed, build, workplace
from flows.modelling.handed_over import GIVEN
from flows.modelling.postgres import PRIVATE_SCHEMAS, NotThere, build_in_postgres
from tests.support.dbt_macros import PLAIN, decimals, of_an_engine
from tests.support.first_quarter import AS_OF, FINDINGS, RETURNS
from tests.support.in_postgres import (
    PASSWORD,
    Cluster,
    cluster,
    tables_in_duckdb,
    tables_in_postgres,
)
from tests.support.little_project import in_warehouse, little_settings, make_home, make_project
from tests.support.tiny_warehouse import add_finding, make_reference, make_warehouse
from tests.support.workforce import RETURNS as WORKFORCE

AT = datetime.fromisoformat(AS_OF)
INEXACT = ("HUGEINT", "UHUGEINT", "DOUBLE", "FLOAT")


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


def found_by(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """With five postcodes."""
    settings.warehouse.parent.mkdir(parents=True)
    make_reference(settings.reference)
    return settings


@pytest.fixture
def home(settings: Settings) -> Settings:
    """A home of the first quarter and of a year's workforce returns."""
    make_warehouse(settings.warehouse, [*RETURNS, *WORKFORCE])
    for finding in FINDINGS:
        add_finding(settings.warehouse, finding)
    return settings


@pytest.mark.slow
def test_every_mart_and_publication_has_the_same_rows_in_postgresql(
    home: Settings, server: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    found_by(monkeypatch, server.database("same"))
    monkeypatch.setattr(modelling, "PRIVATE_SCHEMAS", ())  # their columns are looked at too
    monkeypatch.setattr(modelling, "read_under", lambda path, name: None)
    build(home, AT)
    there = build_in_postgres(home, AT)
    assert {node.status for node in there.nodes} <= {"success", "pass", "no-op", "warn"}
    wanted = tables_in_duckdb(home.analysts)
    assert wanted.pop("marts.built_from")
    found = tables_in_postgres(server, "same")
    assert len(wanted) > 100
    assert found.keys() == wanted.keys()
    assert [name for name, table in wanted.items() if found[name] != table] == []
    assert not schemas(server, "same") & {*PRIVATE_SCHEMAS, *GIVEN}
    for path in workplace(home).folder.rglob("*"):
        assert not path.is_file() or PASSWORD.encode() not in path.read_bytes(), path
    assert inexact(home.warehouse) == []
    assert inexact(home.analysts) == []


def schemas(server: Cluster, database: str) -> set[str]:
    with server.connection(database) as connection, connection.cursor() as cursor:
        cursor.execute("select nspname from pg_namespace")
        return {name for (name,) in cursor}


def inexact(path: Path) -> list[tuple[str, ...]]:
    """The columns of a file that another engine cannot hold to the last digit."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() "
            "where not internal and list_has_any(?, regexp_split_to_array(data_type, '\\W+'))",
            [list(INEXACT)],
        ).fetchall()


def test_an_inexact_column_is_seen(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "some.duckdb")) as connection:
        connection.execute(
            "create table t as select sum(1) as a, 1 / 3 as b, [1 / 3] as c, 1.5 as d, 'x' as e"
        )
    assert [row[2] for row in inexact(tmp_path / "some.duckdb")] == ["a", "b", "c"]


def in_postgres(server: Cluster, expressions: list[str]) -> list[object]:
    """What PostgreSQL says of each."""
    with server.connection("postgres") as connection, connection.cursor() as cursor:
        cursor.execute("select " + ", ".join(expressions))
        return list(cursor.fetchone())


def test_a_ratio_is_exact_in_any_engine_also_of_whole_numbers(server: Cluster) -> None:
    """By an engine whose whole numbers divide to whole numbers every share was 0, quietly."""
    whole = [("3", "4"), ("-1", "3"), ("2", "0"), ("1", "2000000")]
    wanted = [Decimal("0.750000"), Decimal("-0.333333"), None, Decimal("0.000001")]
    for engine in ("postgres", "another"):
        assert in_postgres(server, of_an_engine("ratio", "ratio", engine, whole)) == wanted
    given = decimals(23)
    ours = duckdb.sql("select " + ", ".join(of_an_engine("ratio", "ratio", "duckdb", given)))
    assert in_postgres(server, of_an_engine("ratio", "ratio", "postgres", given)) == list(
        ours.fetchall()[0]
    )


@pytest.mark.parametrize(("file", "name", "given"), PLAIN)
def test_names_and_numbers_are_made_plain_alike(
    server: Cluster, file: str, name: str, given: tuple[str, ...]
) -> None:
    words = [("'" + one.replace("'", "''") + "'",) for one in given]
    ours = duckdb.sql("select " + ", ".join(of_an_engine(file, name, "duckdb", words)))
    found = in_postgres(server, of_an_engine(file, name, "postgres", words))
    assert found == list(ours.fetchall()[0])
    assert len(set(found)) > 1


def test_quarters_of_people_and_money_are_rounded_alike(server: Cluster) -> None:
    people = [(f"{number} * {place} + 3", "4") for number in range(9) for place in range(1, 4)]
    ours = duckdb.sql("select " + ", ".join(of_an_engine("ratio", "times_in", "duckdb", people)))
    found = in_postgres(server, of_an_engine("ratio", "times_in", "postgres", people))
    assert found == list(ours.fetchall()[0])
    floating = [(f"cast({number} as double precision)", "2") for number in (1, 0.125, -7.126, 1e9)]
    found = in_postgres(server, of_an_engine("monetisation", "rounded", "postgres", floating))
    assert found == [Decimal("1.00"), Decimal("0.13"), Decimal("-7.13"), Decimal("1e9")]


@pytest.mark.parametrize(
    ("made", "says"),
    [
        ({"encoding": "SQL_ASCII", "locale": "C"}, "has the encoding SQL_ASCII"),
        ({"locale": "C"}, "has the character type C,"),
    ],
)
def test_a_database_with_other_letters_is_refused(
    settings: Settings,
    server: Cluster,
    monkeypatch: pytest.MonkeyPatch,
    made: dict[str, str],
    says: str,
) -> None:
    name = f"other_{made.get('encoding', 'utf8').lower()}"
    found_by(monkeypatch, server.database(name, **made))
    with pytest.raises(NotThere, match=says) as refused:
        build_in_postgres(settings, AT)
    assert "\n" not in str(refused.value)


def test_where_a_model_fails_no_row_of_the_copy_stays(
    tmp_path: Path, server: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    found_by(monkeypatch, server.database("failing"))
    make_reference(tmp_path / "reference.duckdb")
    monkeypatch.setattr(dbt_runner, "SOURCE", make_project(tmp_path / "dbt"))
    little = little_settings(tmp_path)
    make_home(little)
    assert {node.name for node in build_in_postgres(little, AT).nodes} > {"fct_given", "known"}
    in_warehouse(little, "insert into landed.given values ('three', 'three')")
    with pytest.raises(BuildFailed, match="what is in postgres now is not whole: model fct_given"):
        build_in_postgres(little, AT)
    assert not schemas(server, "failing") & {*PRIVATE_SCHEMAS, *GIVEN}


def test_what_is_not_ours_is_left_alone(
    settings: Settings, server: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    found_by(monkeypatch, server.database("theirs"))
    with server.connection("theirs") as connection, connection.cursor() as cursor:
        cursor.execute("create schema marts; create table marts.kept as select 1 as one")
        connection.commit()
        with pytest.raises(NotThere, match="a schema marts that is not ours"):
            build_in_postgres(settings, AT)
        cursor.execute("select one from marts.kept")
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"PGHOST": "127.0.0.1"}, "Say which database by PGUSER, PGDATABASE."),
        ({"PGPASSWORD": "x"}, "^PGPASSWORD is handed on to nobody"),
        (
            {"PGHOST": "127.0.0.1", "PGPORT": "1", "PGUSER": "x", "PGDATABASE": "x"},
            "^The database cannot be used: ",
        ),
    ],
)
def test_a_database_that_is_not_there_is_said_in_a_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], says: str
) -> None:
    found_by(monkeypatch, variables)
    with pytest.raises(NotThere, match=says) as refused:
        build_in_postgres(settings, AT)
    assert "\n" not in str(refused.value)
