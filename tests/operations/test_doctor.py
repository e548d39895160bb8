"""The doctor names what is wrong with an installation, and how to mend it."""

from pathlib import Path

import pytest
import yaml

from flows.common.settings import PROJECT, Settings
from flows.operations.setup import doctor
from flows.operations.setup.doctor import drift, examine, modes
from flows.warehouse.connection import SCHEMA_VERSION
from tests.support.small_returns import Take, payments


def state_of(settings: Settings, what: str) -> tuple[str, str]:
    (found,) = (one for one in examine(settings) if one["what"] == what)
    return str(found["state"]), str(found["mend"])


def test_an_installation_that_is_well_has_nothing_to_mend(settings: Settings, take: Take) -> None:
    take(payments(3))
    rows = examine(settings)
    wrong = {row["what"] for row in rows if row["state"] == "wrong"}
    assert wrong <= {"packages"}  # what a developer has installed is no affair of the tests
    looked = {"Python", "packages", "declarations", "home", "modes", "key", "retention"}
    assert looked | {"warehouse", "disk", "Prefect", "extensions"} <= {row["what"] for row in rows}
    assert f"1 returns judged, schema version {SCHEMA_VERSION}" in str(rows)


@pytest.mark.parametrize("name", ["archive", "quarantine", "audit", "warehouse"])
def test_a_folder_that_is_open_to_others_is_named_with_the_words_that_close_it(
    settings: Settings, take: Take, name: str
) -> None:
    take(payments(1))
    folder = settings.home / name
    before = folder.stat().st_mode & 0o777
    folder.chmod(0o757)
    (found,) = modes(settings)
    assert (found.state, found.mend) == ("wrong", f"Run chmod {before:o} {folder}.")
    folder.chmod(0o700)  # narrower is nobody's fault
    assert [one.state for one in modes(settings)] == ["fine"]


def test_a_warehouse_that_cannot_be_opened_is_wrong(settings: Settings, take: Take) -> None:
    take(payments(1))
    settings.warehouse.write_bytes(b"no database" * 1000)
    state, mend = state_of(settings, "warehouse")
    assert state == "wrong"
    assert "Restore it from a backup" in mend


def offered() -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """What prefect.yaml declares, and a server that has just that."""
    declared = yaml.safe_load((PROJECT / "prefect.yaml").read_text())["deployments"]
    there = [
        {
            "name": one["name"],
            "paused": False,
            "schedules": [{"schedule": each, "active": True} for each in one["schedules"]],
        }
        for one in declared
    ]
    return declared, there


def test_schedules_that_drifted_are_named() -> None:
    declared, there = offered()
    assert list(drift(declared, there)) == []
    there[0]["schedules"][0]["schedule"]["cron"] = "0 0 * * *"  # type: ignore[index]
    declared = offered()[0]
    there[1]["paused"], paused = True, there[1]["name"]
    gone = there.pop(2)["name"]
    assert list(drift(declared, there)) == [
        "inbox runs at 0 0 * * *, not at 30 7,11,14,17 * * *",
        f"{paused} is paused",
        f"{gone} is not deployed",
    ]


def test_an_extension_that_is_not_in_the_wheel_is_missed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "EXTENSIONS", ("parquet", "no_such_extension"))
    state, mend = state_of(settings, "extensions")
    assert state == "wrong"
    assert "duckdb" in mend


def test_a_disk_that_is_nearly_full_and_a_silent_server_are_wrong(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:1/api")
    monkeypatch.setattr("flows.operations.setup.doctor.FREE_GB", 10**9)
    assert state_of(settings, "Prefect")[0] == "wrong"
    assert state_of(settings, "disk")[0] == "wrong"
    assert Path(str(settings.home)).exists() is False
