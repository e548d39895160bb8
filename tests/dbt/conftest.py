"""One build for all tests here, however many workers there are."""

import fcntl
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from flows.common.settings import Settings
from flows.modelling.build import build
from tests.support.first_quarter import AS_OF, make_first_quarter
from tests.support.in_memory import World
from tests.support.indicator_pages import ROWS
from tests.support.tiny_warehouse import add_check, make_reference, make_warehouse, run_dbt
from tests.support.workforce import AS_OF as WORKFORCE_AS_OF
from tests.support.workforce import CHECK as WORKFORCE_CHECK
from tests.support.workforce import RETURNS as WORKFORCE


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a build of the first quarter, made once: analysts.duckdb and dbt/target/."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    folder = shared / "dbt-first-quarter"
    with (shared / "dbt-first-quarter.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "analysts.duckdb").exists():
            folder.mkdir(exist_ok=True)
            make_first_quarter(folder)
            run_dbt(folder, AS_OF)
    return folder


@pytest.fixture
def analysts(built: Path) -> duckdb.DuckDBPyConnection:
    """The analysts' file, opened alone: nothing else is attached."""
    return duckdb.connect(str(built / "analysts.duckdb"), read_only=True)


@pytest.fixture(scope="session")
def workforce_home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home whose workforce returns are modelled, made once for all workers."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    home = shared / "workforce"
    settings = Settings(home=home, postcodes=shared / "workforce-reference.duckdb")
    with (shared / "workforce.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not settings.analysts.exists():
            settings.warehouse.parent.mkdir(parents=True)
            make_warehouse(settings.warehouse, WORKFORCE)
            add_check(settings.warehouse, *WORKFORCE_CHECK)
            make_reference(settings.reference)
            build(settings, datetime.fromisoformat(WORKFORCE_AS_OF))
    return settings


@pytest.fixture(scope="session")
def world(built: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The authority of the worked examples, its figures made in memory by the compiled models."""
    return World(built, ROWS, tmp_path_factory.mktemp("world"))
