"""The analysts' file of the first quarter, and the authority of the worked examples."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.in_memory import World, returns_of
from tests.support.indicator_pages import ROWS


@pytest.fixture(scope="session")
def manifest(built: Path) -> dict[str, Any]:
    """dbt's manifest of the build."""
    content: dict[str, Any] = json.loads((built / "dbt/target/manifest.json").read_text())
    return content


@pytest.fixture
def analysts(built: Path) -> duckdb.DuckDBPyConnection:
    """The analysts' file, opened alone: nothing else is attached."""
    return duckdb.connect(str(built / "analysts.duckdb"), read_only=True)


@pytest.fixture(scope="session")
def world(built: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The authority of the worked examples, its figures made in memory by the compiled models."""
    return World(built, returns_of(ROWS), tmp_path_factory.mktemp("world"))
