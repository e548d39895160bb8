"""Every server we start is the home's alone: who has no password gets and changes nothing."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.support.documents import ROOT
from tests.support.serving import PATIENCE, ask, finished_run, serving
from tests.support.social_value import (
    BIN,
    QUIET,
    Command,
    Said,
    clean_environment,
    is_one_sentence,
)

pytestmark = [pytest.mark.xdist_group("prefect"), pytest.mark.slow]
CHROMIUM = which("chromium") or "/usr/bin/chromium"
OPEN = {("GET", "/health"), ("GET", "/ready")}
SOCKETS = [
    "events/in",
    "events/out",
    "logs/out",
    "task_runs/subscriptions/scheduled",
    "work_pools/any/workers/connect",
]


class Server:
    """A `serve` at work: its home, its server's address and password, and what it says."""

    def __init__(self, command: Command, log: Path) -> None:
        self.command, self.log = command, log
        self.folder = command.home / "prefect"
        until = time.monotonic() + PATIENCE
        while "Run one now" not in log.read_text() and time.monotonic() < until:
            time.sleep(0.25)
        assert "Run one now" in log.read_text(), log.read_text()
        self.url = (self.folder / "server.url").read_text().strip()
        self.password = (self.folder / "password").read_text().strip()

    def ask(self, path: str, body: dict[str, Any]) -> Any:
        """What the server answers to somebody who has the password."""
        return ask(self.url, path, body, self.password)

    def late_returns(self) -> str:
        """The id of a deployment."""
        body = {"deployments": {"name": {"any_": ["late-returns"]}}}
        until = time.monotonic() + PATIENCE
        while not (found := self.ask("deployments/filter", body)) and time.monotonic() < until:
            time.sleep(0.25)
        return str(found[0]["id"])


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory, postcodes: Path) -> Command:
    folder = tmp_path_factory.mktemp("served")
    environment = {
        **QUIET,
        "PREFECT_SERVER_UI_ENABLED": "true",
        "SOCIAL_VALUE_HOME": str(folder / "home"),
        "SOCIAL_VALUE_POSTCODES": str(postcodes),
        "SOCIAL_VALUE_NOW": "2022-07-25T09:00:00",
        "SOCIAL_VALUE_PORT": "4377",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_LOOP_SECONDS": "1",
    }
    return Command(folder / "home", folder, environment)


@pytest.fixture(scope="module")
def served(command: Command) -> Iterator[Server]:
    with serving([BIN / "social-value", "serve"], command) as log:
        yield Server(command, log)


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the server that a command starts for itself, while the command runs."""
    home = tmp_path_factory.mktemp("short") / "home"
    with subprocess.Popen(
        [sys.executable, "-m", "tests.support.waiting_command", str(home)],
        env={**clean_environment(), **QUIET, "PREFECT_HOME": str(home / "prefect")},
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as command:
        assert command.stdin is not None
        assert command.stdout is not None
        yield command.stdout.readline().strip()
        command.stdin.close()
        assert command.wait(timeout=PATIENCE) == 0


@pytest.fixture(params=["serve", "a command"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of the server of `serve`, and of the short one."""
    if request.param == "serve":
        return str(request.getfixturevalue("served").url)
    return str(request.getfixturevalue("short"))


def status_of(request: urllib.request.Request) -> tuple[int, dict[str, str]]:
    """The status and headers of an answer, whatever it is."""
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers)


def test_its_pages_are_written_in_the_home_and_not_into_the_software(served: Server) -> None:
    status, headers = status_of(urllib.request.Request(served.url.removesuffix("/api")))
    assert status == 200
    assert headers["content-type"].startswith("text/html")
    assert (served.folder / "pages").is_dir()


def test_every_route_asks_for_the_password_but_health_and_ready(url: str) -> None:
    from prefect.server.api.server import create_api_app

    routes = [
        (method.upper(), path, f"{url}{path.replace('{', '').replace('}', '')}")
        for path, methods in create_api_app().openapi()["paths"].items()
        for method in methods
    ]
    assert len(routes) > 150
    answered = {
        (method, path)
        for method, path, address in routes
        if status_of(urllib.request.Request(address, method=method))[0] != 401
    }
    assert answered == OPEN


@pytest.mark.parametrize("path", SOCKETS)
@pytest.mark.parametrize("words", [[], ['{"type": "auth", "token": "guessed"}'], ['{"type": "x"}']])
def test_no_websocket_says_a_word_without_the_password(
    url: str, path: str, words: list[str]
) -> None:
    address = f"{url.replace('http', 'ws')}/{path}"
    try:
        with connect(
            address, subprotocols=["prefect"] if words else None, open_timeout=30
        ) as socket:
            for one in words:
                socket.send(one)
            pytest.fail(f"it said {socket.recv(timeout=30)!r}")
    except (InvalidStatus, ConnectionClosed):
        return


def test_every_websocket_that_there_is_was_tried() -> None:
    from prefect.server.api.server import create_api_app
    from starlette.routing import WebSocketRoute

    def sockets(routes: Any) -> Iterator[str]:
        for route in routes:
            if isinstance(route, WebSocketRoute):
                yield route.path
            inner = getattr(route, "original_router", None)  # what FastAPI includes a router as
            yield from sockets(inner.routes if inner else getattr(route, "routes", None) or ())

    found = {path.replace("{work_pool_name}", "any") for path in sockets(create_api_app().routes)}
    assert found == {f"/{path}" for path in SOCKETS}


def allowed(url: str, origin: str) -> str | None:
    """Which pages may ask the server, as it tells a browser with a page of that origin."""
    request = urllib.request.Request(
        f"{url}/deployments/filter",
        method="OPTIONS",
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    return status_of(request)[1].get("access-control-allow-origin")


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:4200"])
def test_a_page_from_elsewhere_gets_no_allowance(url: str, origin: str) -> None:
    assert allowed(url, origin) is None


def test_the_pages_of_serve_may_ask_it(served: Server) -> None:
    own = served.url.removesuffix("/api")
    assert allowed(served.url, own) == own


def test_a_run_that_ended_long_ago_is_forgotten(served: Server) -> None:
    """Prefect looks every hour; here every second."""
    flow = served.ask("flows/", {"name": "of long ago"})["id"]
    old, young = (
        served.ask("flow_runs/", {"flow_id": flow, "state": {"type": "COMPLETED"}})["id"]
        for _ in range(2)
    )
    with closing(sqlite3.connect(served.folder / "prefect.db", timeout=30)) as database:
        for run, days in ((old, 91), (young, 89)):
            ended = datetime.now(UTC) - timedelta(days=days)
            database.execute(
                "update flow_run set end_time = ? where id = ?",
                [f"{ended:%Y-%m-%d %X}.000000", run],
            )
        database.commit()

    def there() -> set[str]:
        asked = {"flow_runs": {"id": {"any_": [old, young]}}}
        return {str(run["id"]) for run in served.ask("flow_runs/filter", asked)}

    until = time.monotonic() + PATIENCE
    while old in there() and time.monotonic() < until:
        time.sleep(0.5)
    assert there() == {young}


def test_a_deployment_cannot_be_made_to_run_a_command(served: Server, tmp_path: Path) -> None:
    """The attack of the review: change a deployment's pull steps, then start a run of it."""
    deployment = served.late_returns()
    script = {"script": f"touch {tmp_path / 'PWNED'}"}
    change = {"pull_steps": [{"prefect.deployments.steps.run_shell_script": script}]}
    for password in ("", "social-value:guessed"):
        with pytest.raises(urllib.error.HTTPError, match="401"):
            ask(served.url, f"deployments/{deployment}", change, password, method="PATCH")
        with pytest.raises(urllib.error.HTTPError, match="401"):
            ask(served.url, f"deployments/{deployment}/create_flow_run", {}, password)
    found = served.ask("deployments/filter", {"deployments": {"id": {"any_": [deployment]}}})
    assert not found[0]["pull_steps"]
    ask(served.url, f"deployments/{deployment}", {"paused": False}, served.password, method="PATCH")


def test_the_password_and_all_of_prefect_are_their_owners_alone(served: Server) -> None:
    assert served.folder.stat().st_mode & 0o777 == 0o700
    for name in ("password", "prefect.db", "server.log", "server.url"):
        assert (served.folder / name).stat().st_mode & 0o077 == 0, name
    assert f"the password they ask for is in {served.folder / 'password'}" in served.log.read_text()
    assert served.password not in served.log.read_text()


def test_every_command_of_the_home_finds_the_server_and_its_password(served: Server) -> None:
    said = served.command("doctor")
    assert f"{served.url} answers" in said.out
    assert "12 deployments as prefect.yaml says" in said.out


def test_a_second_serve_is_refused_and_names_the_first(served: Server) -> None:
    said = served.command("serve")
    assert (said.status, is_one_sentence(said)) == (3, True), said.err
    assert "the schedules of this home" in said.err


@pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium")
def test_a_finished_run_has_a_page_on_whatever_port(served: Server) -> None:
    from playwright.sync_api import sync_playwright

    assert ":4200" not in served.url
    served.ask(
        f"deployments/{served.late_returns()}/create_flow_run", {"state": {"type": "SCHEDULED"}}
    )
    run = finished_run(served.url, "late-returns", served.log, served.password)
    site = served.url.removesuffix("/api")
    with sync_playwright() as playing:
        browser = playing.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(90_000)
        page.goto(f"{site}/login")
        page.locator("input[type=password]").fill(served.password)
        page.keyboard.press("Enter")
        page.wait_for_url("**/dashboard**")
        page.goto(f"{site}/runs/flow-run/{run['id']}")
        page.get_by_text(run["name"]).first.wait_for()
        page.get_by_text("Completed").first.wait_for()
        assert page.get_by_text("Can't connect to Server API").count() == 0
        browser.close()


def test_a_killed_serve_leaves_an_orphan_that_the_next_one_ends_and_a_killed_server_ends_serve(
    command: Command, tmp_path: Path
) -> None:
    command = Command(tmp_path / "home", tmp_path, {**command.environment, **QUIET})
    command.environment["SOCIAL_VALUE_HOME"] = str(command.home)
    first = start(command, "first")
    orphan = int((command.home / "prefect" / "server.pid").read_text())
    first.kill()
    first.wait()
    os.kill(orphan, 0)  # it is there still
    second = start(command, "second")
    try:
        with pytest.raises(ProcessLookupError):
            os.kill(orphan, 0)
        os.kill(int((command.home / "prefect" / "server.pid").read_text()), signal.SIGKILL)
        assert second.wait(timeout=10) == 3
        last = (tmp_path / "second.log").read_text().splitlines()[-1]
        assert "Prefect's server ended by itself" in last
        assert not (command.home / "prefect" / "server.url").exists()
    finally:
        second.kill()


def start(command: Command, name: str) -> "subprocess.Popen[bytes]":
    """A `serve` that has begun to serve."""
    log = command.folder / f"{name}.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [BIN / "social-value", "serve"],
            env={**os.environ, **command.environment},
            cwd=command.folder,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
        )
    Server(command, log)
    return process


def test_a_damaged_database_of_prefect_is_named_at_once(tmp_path: Path, command: Command) -> None:
    folder = tmp_path / "home" / "prefect"
    folder.mkdir(parents=True)
    (folder / "prefect.db").write_bytes(b"no database" * 1000)
    for words in (["serve"], ["build", "--with-prefect"]):
        said: Said = command(*words, "--home", tmp_path / "home")
        assert (said.status, is_one_sentence(said)) == (3, True), said.err
        assert f"{folder / 'prefect.db'} is damaged" in said.err
