"""The analysts' file: swapped in whole, never locked, never half there, and without postcodes."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from small_files import LIVERPOOL, MANCHESTER, VENDORS, Take, payments, vendors

from flows.modelling import BuildFailed, build
from flows.settings import Settings

SPENT = "select count(*), sum(amount) from marts.fct_payments"


@pytest.fixture
def settings(settings: Settings, postcodes: Path) -> Settings:
    """Settings that share the run's postcode directory."""
    return settings.model_copy(update={"postcodes": postcodes})


def reader(settings: Settings) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(settings.analysts), read_only=True)


def somebody_else_reads(settings: Settings) -> str:
    """What a new reader sees, in a process of its own (DuckDB shares one within a process)."""
    asks = (
        "import duckdb, sys; connection = duckdb.connect(sys.argv[1], read_only=True); "
        "print(*connection.execute(sys.argv[2]).fetchall())"
    )
    words = [sys.executable, "-c", asks, str(settings.analysts), SPENT]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


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


@pytest.mark.slow
def test_a_reader_goes_on_undisturbed_while_a_new_file_takes_the_place_of_its_own(
    settings: Settings, take: Take
) -> None:
    take(payments(3))
    take(vendors(), return_name=VENDORS)
    build(settings)
    with reader(settings) as early:
        assert early.execute(SPENT).fetchall() == [(3, Decimal("301.50"))]
        take(payments(5, "2022-05"), "lcrca_2022-05.csv")
        build(settings)
        assert early.execute(SPENT).fetchall() == [(3, Decimal("301.50"))]
        # Not only what it had read before: every table of its file is there still.
        assert early.execute("select count(*) from marts.dim_periods").fetchall() != [(0,)]
        assert somebody_else_reads(settings) == "(8, Decimal('804.00'))"
    with reader(settings) as late:
        assert late.execute(SPENT).fetchall() == [(8, Decimal("804.00"))]
        assert holds_no_postcode(late)
    assert left_over(settings) == []
    assert settings.analysts.stat().st_mode & 0o222 == 0


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
