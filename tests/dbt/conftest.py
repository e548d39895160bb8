"""The analysts' file of the first quarter, and the authority of the worked examples."""

from pathlib import Path

import duckdb
import pytest

from tests.support.in_memory import World
from tests.support.indicator_pages import ROWS


@pytest.fixture
def analysts(built: Path) -> duckdb.DuckDBPyConnection:
    """The analysts' file, opened alone: nothing else is attached."""
    return duckdb.connect(str(built / "analysts.duckdb"), read_only=True)


@pytest.fixture(scope="session")
def world(built: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The authority of the worked examples, its figures made in memory by the compiled models."""
    return World(built, ROWS, tmp_path_factory.mktemp("world"))
