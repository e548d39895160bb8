"""What runs left behind: the lines of a home's log, and the artifacts of its runs in Prefect."""

import json
import urllib.request
from pathlib import Path
from typing import Any


def lines_of(home: Path) -> list[dict[str, Any]]:
    """Every line of the log."""
    text = (home / "log" / "social-value.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def artifacts_of(home: Path, url: str) -> dict[str, Any]:
    """The newest artifact of each key that the runs in the home's log left; tables as rows."""
    runs = {"flow_runs": {"id": {"any_": _runs_of(home)}}, "limit": 200}
    found = _ask(url, "artifacts/filter", runs)
    found.sort(key=lambda one: str(one["updated"]))
    return {
        one["key"]: json.loads(one["data"]) if one["type"] == "table" else one["data"]
        for one in found
        if one["key"]
    }


def names_of(home: Path, url: str) -> set[str]:
    """What the runs in the home's log are called in Prefect."""
    runs = {"flow_runs": {"id": {"any_": _runs_of(home)}}, "limit": 200}
    return {str(one["name"]) for one in _ask(url, "flow_runs/filter", runs)}


def _runs_of(home: Path) -> list[str]:
    return sorted({line["flow_run"] for line in lines_of(home) if "flow_run" in line})


def _ask(url: str, path: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    request = urllib.request.Request(
        f"{url}/{path}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return list(json.load(answer))
