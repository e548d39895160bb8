"""What every test may use: a home of its own, the rules, and a clock that stands still."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as effort

from flows.common.settings import Settings, settings_for
from flows.intake.rules import Rules, read_rules
from flows.intake.submission import Ingested, Submission
from flows.intake.take_in import take_in
from flows.returns.identity import Hints
from flows.warehouse.postcodes import ensure_postcodes
from tests.support.definitions import DEFINITIONS

os.environ["SOCIAL_VALUE_DEFINITIONS"] = str(DEFINITIONS)
pytest_plugins = [
    "tests.support.fixtures.authority",
    "tests.support.fixtures.command",
    "tests.support.fixtures.models",
]
# A busy machine is slow, and slowness is no fault of what is tested.
effort.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
effort.load_profile("suite")
REAL = Path(__file__).resolve().parents[2] / "shared" / "real"


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of the run have in common."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if base.name.startswith("popen-") else base


@pytest.fixture(scope="session")
def postcodes(shared: Path) -> Path:
    """The postcode directory as a database, made once for all tests of the run."""
    path = shared / "postcodes.duckdb"
    ensure_postcodes(path)
    return path


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings whose home is empty, at nine o'clock on 11 July 2022."""
    monkeypatch.setenv("SOCIAL_VALUE_NOW", "2022-07-11T09:00:00")
    monkeypatch.setenv("SOCIAL_VALUE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SOCIAL_VALUE_SETTLE_SECONDS", "0")
    return settings_for(tmp_path / "home")


@pytest.fixture(scope="session")
def rules() -> Rules:
    """The contracts and suites that tests run with."""
    return read_rules(settings_for(Path("unused")))


Take = Callable[..., Ingested]


@pytest.fixture
def take(settings: Settings, rules: Rules, tmp_path: Path) -> Take:
    """Write text as a file and take it in: `take(text, name, return_name=..., sender=..., ...)`."""

    def taken(
        content: str | bytes,
        name: str = "lcrca_2022-04.csv",
        return_name: str = "finance_payments",
        hints: Hints = Hints(),
        again: bool = False,
        use: Rules | None = None,
    ) -> Ingested:
        folder = tmp_path / "sent"
        folder.mkdir(exist_ok=True)
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return take_in(Submission(path, return_name, hints, again), use or rules, settings)

    return taken
