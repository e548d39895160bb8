"""The analysts' file and the facts of a release, for a test to make as it wants."""

from functools import partial
from pathlib import Path

import pytest

from tests.support.exports_made import Change, Facts, make_analysts, make_facts


@pytest.fixture
def analysts(tmp_path: Path) -> Change:
    """Makes the analysts' file, with further SQL run on it; makes it anew when called again."""
    return partial(make_analysts, tmp_path / "analysts.duckdb")


@pytest.fixture
def facts() -> Facts:
    """Makes the facts of a release of 2022-23 Q1, with what a test wants to differ."""
    return make_facts
