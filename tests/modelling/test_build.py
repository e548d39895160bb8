"""The analysts' file: swapped in whole, never locked, never half there, and without postcodes."""

import time
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from exports.release.publish import Override, ReleaseBlocked
from flows.common.periods import read_quarter
from flows.common.settings import Settings
from flows.modelling.build import BuildFailed, Fingerprint, _make_ready, build, prepare
from flows.publishing.release import release
from flows.warehouse.connection import open_scratch, reading, writing
from flows.warehouse.digests import columns_of
from flows.warehouse.proof.integrity import check
from tests.support.many_readers import readers
from tests.support.small_files import LIVERPOOL, MANCHESTER, VENDORS, Take, payments, vendors

SPENT = "select count(*), sum(amount) from marts.fct_payments"


@pytest.fixture
def settings(settings: Settings, postcodes: Path) -> Settings:
    """Settings that share the run's postcode directory."""
    return settings.model_copy(update={"postcodes": postcodes})


def reader(settings: Settings) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(settings.analysts), read_only=True)


def left_over(settings: Settings) -> list[str]:
    """What a build left beside the databases."""
    folder = settings.analysts.parent
    return [path.name for path in folder.iterdir() if "building" in path.name]


def texts(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Every text that stands in any table, without spaces and in upper case."""
    columns = connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() "
        "where not internal and data_type = 'VARCHAR'"
    ).fetchall()
    found: set[str] = set()
    for schema, table, column in columns:
        rows = connection.execute(
            f'select distinct upper(replace("{column}", \' \', \'\')) from "{schema}"."{table}"'
        ).fetchall()
        found |= {row[0] for row in rows if row[0] is not None}
    return found


def test_a_table_of_an_earlier_version_gets_the_columns_that_its_contract_has_gained(
    settings: Settings, take: Take
) -> None:
    """Whoever takes a new version builds before the next return comes; no row is another."""
    take(payments(3))
    with open_scratch(settings) as connection, writing(settings, connection):
        connection.execute(
            "alter table warehouse.landed.finance_payments drop column interest_paid"
        )
    prepare(settings)
    with reading(settings) as connection:
        assert "interest_paid" in columns_of(connection, "landed.finance_payments")
    assert check(settings) == []


@pytest.mark.slow
def test_twenty_connections_read_through_a_build_and_a_publish_and_never_see_half_a_state(
    settings: Settings, take: Take, tmp_path: Path
) -> None:
    take(payments(3))
    take(vendors(), return_name=VENDORS)
    build(settings)
    with readers(settings, tmp_path) as analysts, reader(settings) as early:
        assert early.execute(SPENT).fetchall() == [(3, Decimal("301.50"))]
        take(payments(5, "2022-05"), "lcrca_2022-05.csv")
        built = build(settings)
        # An open connection keeps its file, not only what it had read before.
        assert early.execute(SPENT).fetchall() == [(3, Decimal("301.50"))]
        assert early.execute("select count(*) from marts.dim_periods").fetchall() != [(0,)]
        published(settings, built.as_of)
        time.sleep(2)  # for each to see the release
    assert len(analysts) == 4
    assert all(int(str(one["looks"])) >= 20 for one in analysts)
    assert {str(one["errors"]) for one in analysts} == {""}
    states = {tuple(state) for one in analysts for state in one["seen"]}  # type: ignore[attr-defined]
    assert states == {(3, 1, 1, True), (8, 2, 1, True)}  # rows, returns, builds: before or after
    assert {name for one in analysts for name in one["releases"]} == {"r1"}  # type: ignore[attr-defined]
    with reader(settings) as late:
        assert late.execute(SPENT).fetchall() == [(8, Decimal("804.00"))]
        assert holds_no_postcode(late)
    assert left_over(settings) == []
    assert settings.analysts.stat().st_mode & 0o222 == 0


def published(settings: Settings, as_of: datetime) -> None:
    """Publish the quarter, in spite of whatever stands against it."""
    quarter = read_quarter("2022-23 Q1")
    try:
        release(settings, "quarterly", quarter, as_of)
    except ReleaseBlocked as blocked:
        spite = [Override(one.what, "a test", "to publish") for one in blocked.reasons]
        release(settings, "quarterly", quarter, as_of, spite)


def holds_no_postcode(connection: duckdb.DuckDBPyConnection) -> bool:
    named = connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() "
        "where not internal and contains(lower(column_name), 'postcode')"
    ).fetchall()
    seen = texts(connection)
    assert "ACMELTD" in seen  # the look finds what is there
    written = {code.replace(" ", "") for code in (LIVERPOOL, MANCHESTER)}
    return named == [] and not any(code in text for code in written for text in seen)


def test_a_build_that_fails_leaves_the_old_file_and_nothing_half_done(
    settings: Settings, take: Take, tmp_path: Path
) -> None:
    take(payments(3))
    settings.analysts.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(settings.analysts)) as connection:
        connection.execute("create table old as select 42 as answer")
    before = settings.analysts.read_bytes()
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(b"this is no database" * 1000)
    with pytest.raises(BuildFailed):
        build(settings.model_copy(update={"postcodes": broken}))
    assert settings.analysts.read_bytes() == before
    assert left_over(settings) == []
    with reader(settings) as connection:
        assert connection.execute("from old").fetchall() == [(42,)]


def test_the_first_build_that_fails_leaves_no_file_at_all(
    settings: Settings, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(b"this is no database" * 1000)
    with pytest.raises(BuildFailed, match=r"dbt|models or tests failed"):
        build(settings.model_copy(update={"postcodes": broken}))
    assert not settings.analysts.exists()
    assert left_over(settings) == []


def test_the_analysts_file_has_no_block_in_which_people_lay(
    settings: Settings, tmp_path: Path
) -> None:
    """DuckDB leaves what is dropped where it was, for whoever may read the file."""
    model = tmp_path / "model.duckdb"
    with duckdb.connect(str(model)) as connection:
        connection.execute("create schema people; create schema marts")
        connection.execute(
            "create table people.staff as select md5(n::varchar) as k from range(999) as t(n)"
        )
        connection.execute(
            "create table marts.head_count as select count(*) as people from people.staff"
        )
        connection.execute("create view marts.seen as select * from marts.head_count")
        connection.execute("comment on column marts.head_count.people is 'how many'")
        (key,) = connection.execute("select max(k) from people.staff").fetchone() or ("",)
    assert key.encode() in model.read_bytes()
    made = Fingerprint(datetime.fromisoformat("2022-07-11"), "", "")
    _make_ready(settings, model, "analysts", None, made)
    assert key.encode() not in model.read_bytes()
    assert model.stat().st_mode & 0o777 == 0o440
    with duckdb.connect(str(model), read_only=True) as connection:
        assert connection.execute("from marts.seen").fetchall() == [(999,)]
        assert connection.execute(
            "select comment from duckdb_columns() where table_name = 'head_count'"
        ).fetchall() == [("how many",)]


def test_a_file_in_which_nobody_lay_is_not_copied(settings: Settings, tmp_path: Path) -> None:
    model = tmp_path / "model.duckdb"
    with duckdb.connect(str(model)) as connection:
        connection.execute("create schema people; create schema marts")
        connection.execute("create table people.staff (k varchar)")
    written = model.stat().st_ino
    _make_ready(
        settings, model, "analysts", None, Fingerprint(datetime.fromisoformat("2022-07-11"), "", "")
    )
    assert model.stat().st_ino == written
