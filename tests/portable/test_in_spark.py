"""The same models in Spark have the same rows; `make portable` runs these, which take minutes."""

import os
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from flows.common.settings import Settings, settings_for
from flows.modelling.build import build
from flows.modelling.spark import build_in_spark
from tests.support.first_quarter import AS_OF, FINDINGS, RETURNS
from tests.support.in_postgres import tables_in_duckdb, tables_of
from tests.support.in_spark import read_by_duckdb
from tests.support.tiny_warehouse import add_finding, make_reference, make_warehouse
from tests.support.workforce import RETURNS as WORKFORCE

AT = datetime.fromisoformat(AS_OF)
HOME = os.environ.get("SOCIAL_VALUE_DEMO_HOME")
pytestmark = [
    pytest.mark.skipif("SOCIAL_VALUE_SPARK" not in os.environ, reason="make portable runs it"),
    pytest.mark.timeout(7200),
]


@pytest.fixture
def home(settings: Settings) -> Settings:
    """A home of the first quarter and of a year's workforce returns."""
    settings.warehouse.parent.mkdir(parents=True)
    make_reference(settings.reference)
    make_warehouse(settings.warehouse, [*RETURNS, *WORKFORCE])
    for finding in FINDINGS:
        add_finding(settings.warehouse, finding)
    return settings


def same_in_spark(home: Settings, as_of: datetime, folder: Path) -> None:
    """Build in both, and compare every relation row by row, each as text to the last digit."""
    embedded = build(home, as_of, folder / "embedded.duckdb")
    there = build_in_spark(home, folder / "spark", as_of)
    assert {node.status for node in there.nodes} <= {"success", "pass", "no-op", "warn"}
    assert len(there.nodes) > len([node for node in embedded.nodes if node.kind == "model"])
    wanted = tables_in_duckdb(embedded.path)
    assert wanted.pop("marts.built_from")
    with read_by_duckdb(folder / "spark", folder / "views") as connection:
        found = tables_of(connection)
    assert len(wanted) > 100
    assert found.keys() == wanted.keys()
    assert [name for name, table in wanted.items() if found[name] != table] == []


def test_every_mart_and_publication_has_the_same_rows_in_spark(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    made = tmp_path / "made"
    made.mkdir()
    same_in_spark(home, AT, made)
    assert set(tmp_path.iterdir()) - before == {made}  # no catalogue and no log where it was called
    left = {path.name for path in (made / "spark" / "tables").iterdir()}
    assert left == {"marts.db", "publication.db", "seeds.db"}
    assert not (made / "spark" / "given").exists()


@pytest.mark.skipif(HOME is None, reason="SOCIAL_VALUE_DEMO_HOME names no home")
def test_the_demo_has_the_same_rows_in_spark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of the last build of the home that SOCIAL_VALUE_DEMO_HOME names."""
    monkeypatch.delenv("SOCIAL_VALUE_DEFINITIONS")  # it has its own authority's
    demo = settings_for(Path(str(HOME)))
    with duckdb.connect(str(demo.analysts), read_only=True) as connection:
        (moment,) = connection.execute("select as_of from marts.built_from").fetchall()[0]
    same_in_spark(demo, moment, tmp_path)
