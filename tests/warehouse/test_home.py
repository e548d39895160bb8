"""Restricted, internal and public folders have different modes, whatever the umask."""

import os
from collections.abc import Callable

import pytest

from flows.common.settings import Settings
from flows.intake.submission import Ingested
from flows.warehouse.home import make_folders


def mode(path: os.PathLike[str]) -> str:
    return oct(os.stat(path).st_mode & 0o777)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_a_home_is_made_with_its_modes(
    umask: int, settings: Settings, take: Callable[..., Ingested]
) -> None:
    before = os.umask(umask)
    try:
        take("Date paid,Supplier name,Net amount\n01/04/2022,Acme,10.00\n02/04/2022,B,TBC\n")
    finally:
        os.umask(before)
    for name in ("archive", "quarantine", "audit"):
        assert mode(settings.home / name) == "0o700"
    assert mode(settings.warehouse.parent) == "0o750"
    assert mode(settings.published) == "0o755"
    assert mode(settings.warehouse) == "0o600"
    (answer,) = settings.quarantine.rglob("*.csv")
    assert mode(answer) == "0o600"
    assert mode(settings.warehouse.with_suffix(".lock")) == "0o600"
    others_may_write = [path for path in settings.home.rglob("*") if path.stat().st_mode & 0o022]
    assert others_may_write == []


def test_a_mode_that_someone_chose_is_left_alone(settings: Settings) -> None:
    make_folders(settings)
    settings.audit.chmod(0o750)
    make_folders(settings)
    assert mode(settings.audit) == "0o750"


def test_only_the_analysts_file_is_for_the_group(workforce_home: Settings) -> None:
    modes = {
        path.name: path.stat().st_mode & 0o777
        for path in (workforce_home.analysts, workforce_home.restricted)
    }
    assert modes == {"analysts.duckdb": 0o440, "restricted.duckdb": 0o600}
