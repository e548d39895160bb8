"""Each test of the stores' contract runs on every store."""

import pytest

from flows.common.settings import Settings

STORES = ("file",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/warehouse/store/" in item.path.as_posix():
            item.add_marker(pytest.mark.store)


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> str:
    """Which store the warehouse lives in."""
    return str(request.param)


@pytest.fixture
def settings(settings: Settings, store: str) -> Settings:
    """Settings whose warehouse lives there."""
    return settings
