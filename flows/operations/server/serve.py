"""Serve: every deployment of prefect.yaml, on its schedule, from one process."""

import asyncio
import importlib
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import cast

from prefect import Flow
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.common.settings import Settings
from flows.intake.inbox import make_inbox
from flows.intake.rules import read_rules
from flows.operations.server.own_server import DEPLOYMENTS
from flows.operations.server.schedules import declared_deployments


def deployments(settings: Settings, path: Path = DEPLOYMENTS) -> list[RunnerDeployment]:
    """The deployments of the home, to be run by this process. Raises DeclarationError."""
    given = {"home": str(settings.home)}
    return [runner_deployment(one, given) for one in declared_deployments(settings, path)]


def runner_deployment(one: dict[str, object], given: dict[str, str]) -> RunnerDeployment:
    """The deployment as prefect.yaml declares it, its flow known by its module's name.

    `given`: parameters of each of its runs.
    """
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
            **given,
        },
        schedules=[Cron(each["cron"], timezone=each["timezone"]) for each in schedules],
        concurrency_limit=int(str(limit)) if limit is not None else None,
        entrypoint_type=EntrypointType.MODULE_PATH,  # a wheel has no checkout to run from
    )
    return cast(RunnerDeployment, deployment)  # a coroutine only inside a running loop


class _Served(Runner):
    """A runner that a service manager stops as the keyboard does: in order, and without noise."""

    def handle_sigterm(self, *args: object, **kwargs: object) -> None:
        signal.raise_signal(signal.SIGINT)


def serve_all(settings: Settings, path: Path = DEPLOYMENTS) -> None:
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
    zones = [each.schedule for one in served for each in one.schedules or []]
    zone = str(getattr(zones[0], "timezone", "")).rsplit("/", 1)[-1].replace("_", " ")
    width = max(map(len, names), default=0)
    lines = [f"  {name:{width}}  {when}" for name, when in zip(names, times, strict=True)]
    return "\n".join(
        [
            f"{len(names)} deployments, each on its schedule (cron, {zone} time):",
            *lines,
            f"Run one now: prefect deployment run '{names[0]}'. Stop with Ctrl-C or kill.",
        ]
    )
