"""What runs by itself: the deployments are what was agreed, they load, and one really fires."""

import importlib
import inspect
import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.authority.declaration import read_authority
from flows.common.declarations import DeclarationError
from flows.common.settings import PROJECT, Settings
from flows.demo import AUTHORITY
from flows.operations.server.schedules import deployments_of
from flows.warehouse.slots import owed_by
from tests.support.definitions import PLACES
from tests.support.serving import PATIENCE, ask, finished_run, serving
from tests.support.small_returns import PAYMENTS
from tests.support.social_value import BIN, Command, rows_of

pytestmark = pytest.mark.xdist_group("prefect")

SNAPSHOT = Path(__file__).with_name("prefect_yaml.json")
DECLARED = PROJECT / "prefect.yaml"

SERVE = """
import sys
from pathlib import Path
from flows.common.settings import settings_for
from flows.operations.server.prefect_settings import prepare
settings = settings_for()
prepare(settings, talkative=True)
from flows.operations.server.serve import serve_all
serve_all(settings, Path(sys.argv[1]))
"""


def declared(path: Path = DECLARED) -> list[dict[str, Any]]:
    return list(yaml.safe_load(path.read_text(encoding="utf-8"))["deployments"])


def flow_of(entrypoint: str) -> Any:
    module, name = entrypoint.split(":")
    return getattr(importlib.import_module(module.removesuffix(".py").replace("/", ".")), name)


def test_the_deployments_are_those_of_the_snapshot() -> None:
    """Run with UPDATE_SNAPSHOTS=1 after a change that was meant, and review the difference."""
    now = [
        {
            "name": one["name"],
            "entrypoint": one["entrypoint"],
            "schedules": one["schedules"],
            "tags": one["tags"],
            "concurrency_limit": one.get("concurrency_limit"),
            "given": one.get("parameters", {}),
            "flow": flow_of(one["entrypoint"]).name,
            "parameters": {
                name: None if parameter.default is inspect.Parameter.empty else parameter.default
                for name, parameter in inspect.signature(
                    flow_of(one["entrypoint"]).fn
                ).parameters.items()
            },
        }
        for one in declared()
    ]
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(json.dumps(now, indent=2) + "\n", encoding="utf-8")
    assert now == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_every_entrypoint_is_a_flow_that_needs_nothing_but_a_home() -> None:
    from prefect import Flow

    for one in declared():
        path = PROJECT / one["entrypoint"].split(":")[0]
        assert path.is_file()
        flow = flow_of(one["entrypoint"])
        assert isinstance(flow, Flow)
        needed = [
            name
            for name, parameter in inspect.signature(flow.fn).parameters.items()
            if parameter.default is inspect.Parameter.empty
        ]
        assert needed == []
        assert "home" in inspect.signature(flow.fn).parameters


def test_every_time_is_london_time_so_that_summer_moves_it() -> None:
    zones = {each["timezone"] for one in declared() for each in one["schedules"]}
    assert zones == {"Europe/London"}


def test_nothing_runs_at_the_same_minute_as_something_else() -> None:
    times = [
        (minute, hour)
        for one in declared()
        for each in one["schedules"]
        for minute, hours, *_ in [each["cron"].split()]
        for hour in hours.split(",")
    ]
    assert len(times) == len(set(times)) > 4


def test_an_authority_sets_its_times_its_zone_and_what_it_publishes() -> None:
    authority = read_authority(AUTHORITY).model_copy(
        update={
            "time_zone": "Europe/Dublin",
            "publications": ["quarterly"],
            "schedules": {"inbox": "0 6 * * *"},
        }
    )
    made = {one["name"]: one["schedules"] for one in deployments_of(authority, declared())}
    assert {one["name"] for one in declared()} - set(made) == {"annual-review"}
    assert made["inbox"] == [{"cron": "0 6 * * *", "timezone": "Europe/Dublin"}]
    assert made["notify"] == [{"cron": "30 9 * * *", "timezone": "Europe/Dublin"}]
    wrong = authority.model_copy(update={"schedules": {"inbx": "0 6 * * *"}})
    with pytest.raises(DeclarationError, match="schedules: nothing is called inbx; there are"):
        deployments_of(wrong, declared())


def test_serving_makes_a_deployment_of_each_with_the_home_it_serves(settings: Settings) -> None:
    from flows.operations.server.serve import deployments

    made = {one.name: one for one in deployments(settings)}
    wanted = {one["name"]: one for one in declared()}
    assert list(made) == list(wanted)
    for name, one in made.items():
        assert one.parameters == {"home": str(settings.home)}
        assert one.tags == wanted[name]["tags"]
        assert one.concurrency_limit == (None if name == "batch" else 1)  # a sweep begins several
        assert [(each.schedule.cron, each.schedule.timezone) for each in one.schedules] == [
            (each["cron"], each["timezone"]) for each in wanted[name]["schedules"]
        ]


@pytest.mark.slow
def test_a_run_on_its_schedule_takes_in_what_waits(
    command: Command, server: str, tmp_path: Path
) -> None:
    content = yaml.safe_load(DECLARED.read_text(encoding="utf-8"))
    (often,) = (one for one in content["deployments"] if one["name"] == "inbox")
    often.update(name="often", schedules=[{"cron": "* * * * * */5", "timezone": "Europe/London"}])
    path = tmp_path / "prefect.yaml"
    path.write_text(yaml.safe_dump({"deployments": [often]}), encoding="utf-8")
    dropped = command.drop(PAYMENTS, "lcrca_2022-04.csv", "Brass,Town\n1,Leeds\n")
    began = datetime.now(UTC)
    with serving([sys.executable, "-c", SERVE, path], command) as log:
        run = finished_run(server, "often", log)
        assert run["state_type"] == "COMPLETED", (run["state"], log.read_text())
        assert run["auto_scheduled"]
        assert datetime.fromisoformat(run["start_time"]) >= began
    assert not dropped.exists()
    (answer,) = (command.home / "quarantine" / PAYMENTS).glob("*.csv")
    assert "the file is not taken" in answer.read_text(encoding="utf-8")


@pytest.mark.slow
def test_serve_offers_every_deployment_on_a_server_of_its_own_and_runs_one_when_asked(
    plain: Command,
) -> None:
    command, names = plain, [one["name"] for one in declared()]
    note = command.home / "prefect" / "server.url"
    with serving([BIN / "social-value", "serve"], command) as log:
        until = time.monotonic() + PATIENCE
        while not note.exists() and time.monotonic() < until:
            time.sleep(0.5)
        server = note.read_text(encoding="utf-8").strip()
        password = note.with_name("password").read_text(encoding="utf-8").strip()
        offered: list[dict[str, Any]] = []
        while len(offered) < len(names) and time.monotonic() < until:
            body = {"deployments": {"name": {"any_": names}}}
            offered = ask(server, "deployments/filter", body, password)
            time.sleep(0.5)
        assert sorted(one["name"] for one in offered) == sorted(names), log.read_text()
        looked = {row["what"]: row for row in rows_of(command("doctor", "--json"))}
        assert looked["Prefect"]["found"] == f"{server} answers"  # and so does every command
        assert looked["schedules"]["state"] == "fine"
        (chase,) = (one for one in offered if one["name"] == "late-returns")
        asked = {"state": {"type": "SCHEDULED"}}
        ask(server, f"deployments/{chase['id']}/create_flow_run", asked, password)
        run = finished_run(server, "late-returns", log, password)
        assert run["state_type"] == "COMPLETED", (run["state"], log.read_text())
        assert run["name"].endswith(" returns are late")
        assert (command.home / "inbox" / PAYMENTS).is_dir()
        lines = [line for line in log.read_text().splitlines() if "is missing." in line]
    assert not note.exists(), log.read_text()
    with pytest.raises(OSError, match="refused"):
        ask(server, "deployments/filter", {})
    today = datetime.fromisoformat(command.environment["SOCIAL_VALUE_NOW"]).date()
    owed = owed_by(PLACES.seeds, today)
    late = [one for one in owed if one.due < today]
    assert len(late) > 100
    assert len(lines) == len(late)  # nothing has come: all that was due


@pytest.mark.slow
def test_serve_stopped_as_soon_as_its_server_answers_leaves_none_behind(plain: Command) -> None:
    note = plain.home / "prefect" / "server.url"
    with serving([BIN / "social-value", "serve"], plain):
        until = time.monotonic() + PATIENCE
        while not (note.exists() and note.read_text().endswith("\n")) and time.monotonic() < until:
            time.sleep(0.01)
        server = note.read_text(encoding="utf-8").strip()
    assert not note.exists()
    with pytest.raises(OSError, match="refused"):
        ask(server, "deployments/filter", {})
