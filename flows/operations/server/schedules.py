"""What runs by itself, and when: prefect.yaml, with the times that the authority's file sets."""

from pathlib import Path
from typing import Any

import yaml

from flows.authority.declaration import FILE, Authority, read_authority
from flows.authority.places import places_in_use
from flows.common.declarations import DeclarationError
from flows.common.settings import Settings
from flows.operations.server.own_server import DEPLOYMENTS

PUBLISHES = {"quarterly-report": "quarterly", "annual-review": "annual"}


def declared_deployments(settings: Settings, path: Path = DEPLOYMENTS) -> list[dict[str, Any]]:
    """The deployments of the home, each as prefect.yaml writes it. Raises DeclarationError."""
    deployments = yaml.safe_load(path.read_text(encoding="utf-8"))["deployments"]
    folder = places_in_use(settings).authority
    if not (folder / FILE).is_file():
        return list(deployments)
    return deployments_of(read_authority(folder), deployments)


def deployments_of(authority: Authority, deployments: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The deployments of an authority: its times, in its zone, and what it publishes alone.

    Raises DeclarationError where it sets the time of one that there is not.
    """
    names = {str(one["name"]) for one in deployments}
    if unknown := sorted(authority.schedules.keys() - names):
        raise DeclarationError(
            f"{FILE}: schedules: nothing is called {', '.join(unknown)}; there are"
            f" {', '.join(sorted(names))}."
        )
    return [
        one | {"schedules": _schedules(one, authority)}
        for one in deployments
        if PUBLISHES.get(str(one["name"]), authority.publications[0]) in authority.publications
    ]


def _schedules(one: dict[str, Any], authority: Authority) -> list[dict[str, str]]:
    own = authority.schedules.get(str(one["name"]))
    crons = [own] if own else [each["cron"] for each in one.get("schedules") or []]
    return [{"cron": cron, "timezone": authority.time_zone} for cron in crons]
