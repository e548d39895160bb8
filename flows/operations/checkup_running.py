"""What the doctor looks at of a running installation: modes, schedules and DuckDB's extensions."""

import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import yaml

from flows.common.settings import PROJECT, Settings
from flows.operations.own_server import server_of
from flows.warehouse.home import folder_modes
from flows.warehouse.slots import Row

EXTENSIONS = ("icu", "json", "parquet")  # in the wheel itself: nothing is ever downloaded


def row(what: str, state: str, found: str, mend: str = "") -> Row:
    """One thing that was looked at."""
    return {"what": what, "state": state, "found": found, "mend": mend}


def modes(settings: Settings) -> Iterator[Row]:
    """Whether a folder or database is open to more people than a new home's would be."""
    wanted = {
        **folder_modes(settings),
        settings.warehouse: 0o600,
        settings.restricted: 0o600,
        settings.analysts: 0o440,
    }
    if not any(path.exists() for path in wanted):
        return
    wide = {path: mode for path, mode in wanted.items() if path.exists() and _wider(path, mode)}
    for path, mode in wide.items():
        found = f"{path} has mode {stat.S_IMODE(path.stat().st_mode):04o}, wider than {mode:04o}"
        yield row("modes", "wrong", found, f"Run chmod {mode:o} {path}.")
    if not wide:
        yield row("modes", "fine", "no folder or database is open to more people than it should be")


def _wider(path: Path, mode: int) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & ~mode & 0o077)


def schedules(settings: Settings) -> Iterator[Row]:
    """Whether the server in use has the deployments of prefect.yaml."""
    import httpx

    url = server_of(settings)
    if not url:
        yield row("schedules", "note", "no server named", "social-value serve runs them all.")
        return
    try:
        answer = httpx.post(f"{url.rstrip('/')}/deployments/filter", json={}, timeout=5)
        answer.raise_for_status()
        offered = answer.json()
    except (httpx.HTTPError, ValueError):
        return  # the server is silent: that has a row of its own
    text = (PROJECT / "prefect.yaml").read_text(encoding="utf-8")
    declared = yaml.safe_load(text)["deployments"]
    faults = list(drift(declared, offered))
    mend = "Stop and start social-value serve, or run prefect deploy --all."
    for fault in faults:
        yield row("schedules", "wrong", fault, mend)
    if not faults:
        yield row("schedules", "fine", f"{len(declared)} deployments as prefect.yaml says")


def drift(
    declared: Sequence[Mapping[str, Any]], offered: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """How what a server offers differs from what prefect.yaml declares, a sentence each."""
    there = {str(one["name"]): one for one in offered}
    for one in declared:
        name = str(one["name"])
        found = there.get(name)
        if found is None:
            yield f"{name} is not deployed"
            continue
        wanted = {(each["cron"], each["timezone"]) for each in one.get("schedules") or []}
        active = {
            (each["schedule"].get("cron"), each["schedule"].get("timezone"))
            for each in found.get("schedules") or []
            if each.get("active", True)
        }
        if found.get("paused"):
            yield f"{name} is paused"
        elif wanted != active:
            crons = ", ".join(sorted(str(cron) for cron, _ in active)) or "nothing"
            yield f"{name} runs at {crons}, not at {', '.join(sorted(c for c, _ in wanted))}"


def extensions(_: Settings) -> Iterator[Row]:
    """Whether DuckDB has the extensions that are used, without a download."""
    with duckdb.connect() as connection:
        there = {
            name
            for (name,) in connection.execute(
                "select extension_name from duckdb_extensions() where installed"
            ).fetchall()
        }
    if missing := sorted(set(EXTENSIONS) - there):
        mend = "Install the duckdb that requirements.txt pins: its wheel has them."
        yield row("extensions", "wrong", f"DuckDB lacks {', '.join(missing)}", mend)
    else:
        yield row("extensions", "fine", ", ".join(EXTENSIONS))
