"""Serve: every deployment of prefect.yaml, on its schedule, from one process."""

import importlib
from pathlib import Path
from typing import cast

import yaml
from prefect import Flow, serve
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron

from flows.inbox import make_inbox
from flows.intake import read_rules
from flows.settings import PROJECT, Settings


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


def serve_all(settings: Settings) -> None:
    """Serve until stopped; the inbox has its folders."""
    make_inbox(settings, read_rules(settings))
    serve(*deployments(settings), print_starting_message=True)
