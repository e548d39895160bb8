"""Serve: every deployment of prefect.yaml, on its schedule, from one process."""

import asyncio
import importlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import cast

import yaml
from prefect import Flow
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Cron

from flows.common.settings import PROJECT, Settings
from flows.intake.inbox import make_inbox
from flows.intake.rules import read_rules


def deployments(
    settings: Settings, path: Path = PROJECT / "prefect.yaml"
) -> list[RunnerDeployment]:
    """The deployments that prefect.yaml declares, to be run by this process."""
    declared = yaml.safe_load(path.read_text(encoding="utf-8"))["deployments"]
    return [_deployment(one, settings) for one in declared]


def _deployment(one: dict[str, object], settings: Settings) -> RunnerDeployment:
    module, name = str(one["entrypoint"]).rsplit(":", 1)
    flow = getattr(importlib.import_module(module.removesuffix(".py").replace("/", ".")), name)
    schedules = cast(list[dict[str, str]], one.get("schedules") or [])
    limit = one.get("concurrency_limit")
    deployment = cast(Flow[..., object], flow).to_deployment(
        name=str(one["name"]),
        description=str(one.get("description") or ""),
        tags=cast(list[str], one.get("tags") or []),
        parameters={
            **cast(dict[str, object], one.get("parameters") or {}),
            "home": str(settings.home),
        },
        schedules=[Cron(each["cron"], timezone=each["timezone"]) for each in schedules],
        concurrency_limit=int(str(limit)) if limit is not None else None,
    )
    return cast(RunnerDeployment, deployment)  # a coroutine only inside a running loop


class _Served(Runner):
    """A runner that a service manager stops as the keyboard does: in order, and without noise."""

    def handle_sigterm(self, *args: object, **kwargs: object) -> None:
        signal.raise_signal(signal.SIGINT)


def serve_all(settings: Settings, path: Path = PROJECT / "prefect.yaml") -> None:
    """Serve the deployments of `path` until stopped; the inbox has its folders."""
    make_inbox(settings, read_rules(settings))
    runner = _Served()
    served = deployments(settings, path)
    for deployment in served:
        runner.add_deployment(deployment)
    print(_announced(served), file=sys.stderr)
    # Also where a shell told what it runs behind itself to be deaf to it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        asyncio.run(runner.start())


def _announced(served: list[RunnerDeployment]) -> str:
    """What is served, when, and how to run one by hand."""
    names = [f"{one.flow_name}/{one.name}" for one in served]
    times = [
        ", ".join(getattr(each.schedule, "cron", "") for each in one.schedules or [])
        or "when asked for"
        for one in served
    ]
    width = max(map(len, names), default=0)
    lines = [f"  {name:{width}}  {when}" for name, when in zip(names, times, strict=True)]
    return "\n".join(
        [
            f"{len(names)} deployments, each on its schedule (cron, London time):",
            *lines,
            f"Run one now: prefect deployment run '{names[0]}'. Stop with Ctrl-C or kill.",
        ]
    )


STARTUP_SECONDS = 120


class ServerFault(RuntimeError):
    """Prefect's own server did not start."""


def server_of(settings: Settings) -> str | None:
    """The server that PREFECT_API_URL names, or else the home's own while it runs."""
    named = os.environ.get("PREFECT_API_URL")
    note = _note(settings)
    if named or not note.is_file():
        return named
    url = note.read_text(encoding="utf-8").strip()
    return url if _answers(url) else None


@contextmanager
def own_server(settings: Settings) -> Iterator[str]:
    """Run Prefect's server on this machine until the block ends; gives its address.

    It listens at `settings.port`, or at any free port where that is taken. Raises ServerFault.
    """
    url = f"http://127.0.0.1:{_free_port(settings.port)}/api"
    process = subprocess.Popen(
        [
            *(str(Path(sys.executable).with_name("prefect")), "server", "start"),
            *("--host", "127.0.0.1", "--port", url.split(":")[2].split("/")[0]),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,  # it outlives the runs that an interrupt from the keyboard ends
    )
    try:
        _wait_for(url, process)
        _note(settings).parent.mkdir(parents=True, exist_ok=True)
        _note(settings).write_text(f"{url}\n", encoding="utf-8")
        yield url
    finally:
        _note(settings).unlink(missing_ok=True)
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _note(settings: Settings) -> Path:
    return settings.home / "prefect" / "server.url"


def _free_port(wanted: int) -> int:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", wanted))
        except OSError:
            one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + STARTUP_SECONDS
    while not _answers(url):
        if process.poll() is not None or time.monotonic() > until:
            raise ServerFault("Prefect's server did not start: see what it said above.")
        time.sleep(0.25)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2):  # noqa: S310  # http, by us
            return True
    except OSError:
        return False
