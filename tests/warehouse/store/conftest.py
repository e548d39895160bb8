"""Each test of the stores' contract runs on every store."""

import os
import secrets
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from flows.common.settings import Settings, settings_for
from flows.warehouse.store.lake.extensions import OF_A_LAKE
from tests.support.in_postgres import Cluster, cluster
from tests.support.services import cannot_start

STORES = ("file", "lake")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/warehouse/store/" in item.path.as_posix():
            item.add_marker(pytest.mark.store)


@pytest.fixture(scope="session")
def server() -> Iterator[Cluster]:
    """PostgreSQL, for the catalogues of lakes."""
    with cluster() as running:
        yield running


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> str:
    """Which store the warehouse lives in."""
    return str(request.param)


@pytest.fixture
def settings(
    settings: Settings,
    store: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Settings:
    """Settings whose warehouse lives there, also for processes that the test starts."""
    if store == "lake":
        in_a_lake(request.getfixturevalue("server"), tmp_path / "files", monkeypatch)
    return settings_for(settings.home)


def in_a_lake(server: Cluster, data: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Have the settings say an empty lake of its own; gives the name of its database."""
    packages = [*(f"duckdb_extension_{one}" for one in OF_A_LAKE), "psycopg2"]
    if absent := [one for one in packages if find_spec(one) is None]:
        cannot_start(f"{', '.join(absent)} cannot be found")
    name = f"lake_{secrets.token_hex(4)}"
    for variable in [variable for variable in os.environ if variable.startswith("PG")]:
        monkeypatch.delenv(variable)
    told = server.database(name)
    monkeypatch.setenv("PGPASSFILE", told["PGPASSFILE"])
    address = f"host=127.0.0.1 port={server.port} dbname={name} user=owner"
    monkeypatch.setenv("SOCIAL_VALUE_WAREHOUSE", f"ducklake:postgres:{address}")
    monkeypatch.setenv("SOCIAL_VALUE_WAREHOUSE_DATA", str(data))
    return name
