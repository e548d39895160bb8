"""A build that would come to what stands already is made no second time; any other is."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from flows.common.settings import Settings
from flows.modelling.build import standing_build
from flows.warehouse import ledger
from flows.warehouse.connection import writing
from tests.support.definitions import own_definitions
from tests.support.workforce import AS_OF

BUILT_AT = datetime.fromisoformat(AS_OF)


@pytest.fixture
def home(workforce_home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy of the built home, an hour after it was built."""
    place = tmp_path / "home"
    shutil.copytree(workforce_home.warehouse.parent, place / "warehouse")
    monkeypatch.setenv("SOCIAL_VALUE_NOW", (BUILT_AT + timedelta(hours=1)).isoformat())
    return workforce_home.model_copy(update={"home": place})


def happens(home: Settings, kind: str) -> None:
    with duckdb.connect() as connection, writing(home, connection):
        ledger.append(connection, kind, "something", {}, BUILT_AT)


def test_a_build_stands_while_nothing_has_happened(home: Settings) -> None:
    assert standing_build(home) == BUILT_AT
    happens(home, "published")  # which changes nothing that is modelled
    assert standing_build(home) == BUILT_AT


@pytest.mark.parametrize("kind", ["kept", "confirmed", "accepted", "overridden", "disposed"])
def test_whatever_happens_to_the_warehouse_calls_for_another(home: Settings, kind: str) -> None:
    happens(home, kind)
    assert standing_build(home) is None


def test_another_day_calls_for_another(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrow = BUILT_AT + timedelta(days=1)
    monkeypatch.setenv("SOCIAL_VALUE_NOW", tomorrow.isoformat())
    assert standing_build(home) is None


def test_another_seed_or_contract_calls_for_another(home: Settings, tmp_path: Path) -> None:
    mended = own_definitions(home, tmp_path / "definitions")
    assert standing_build(mended) == BUILT_AT
    with (tmp_path / "definitions" / "contracts" / "hr_workforce.yaml").open("a") as stream:
        stream.write("\n# a remark\n")
    assert standing_build(mended) is None


def test_without_a_build_none_stands(tmp_path: Path) -> None:
    assert standing_build(Settings(home=tmp_path)) is None
