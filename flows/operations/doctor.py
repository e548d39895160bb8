"""The doctor: what this installation needs, whether it is there, and how to mend it."""

import importlib.metadata
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import yaml
from packaging.requirements import Requirement

from flows.common.declarations import DeclarationError
from flows.common.errors import SocialValueError
from flows.common.settings import Settings
from flows.operations.own_server import DEPLOYMENTS, server_of
from flows.warehouse.connection import Row
from flows.warehouse.home import folder_modes

PACKAGE = "social-value-warehouse"
FREE_GB = 2  # what a year of one authority needs with room to spare


def examine(settings: Settings) -> list[Row]:
    """One row for each thing looked at: `what`, `state` (fine, note, wrong), `found`, `mend`."""
    looks: list[Callable[[Settings], Iterator[Row]]] = [
        _python,
        _packages,
        _declarations,
        _folders,
        modes,
        _key,
        _retention,
        _warehouse,
        _disk,
        _prefect,
        schedules,
        extensions,
    ]
    return [found for look in looks for found in look(settings)]


def _python(_: Settings) -> Iterator[Row]:
    version = ".".join(map(str, sys.version_info[:3]))
    fine = sys.version_info >= (3, 11)
    yield row("Python", "fine" if fine else "wrong", version, "" if fine else "Use 3.11 or later.")


def _packages(_: Settings) -> Iterator[Row]:
    """Whether what is installed is what this package asks for."""
    asked = [Requirement(one) for one in importlib.metadata.requires(PACKAGE) or []]
    asked = [one for one in asked if one.marker is None or one.marker.evaluate({"extra": ""})]
    other = []
    for one in asked:
        try:
            found = importlib.metadata.version(one.name)
        except importlib.metadata.PackageNotFoundError:
            found = "missing"
        if found == "missing" or found not in one.specifier:
            other.append(f"{one.name} {found} (asked for {one.specifier})")
    if other:
        mend = "Run pip check in the environment, and install what it names."
        yield row("packages", "wrong", "; ".join(other[:5]), mend)
    else:
        yield row("packages", "fine", f"{len(asked)} as asked for")


def _declarations(settings: Settings) -> Iterator[Row]:
    """Whether contracts, suites and table definitions read, and agree on the returns there are."""
    from expectations.suite import read_suites
    from exports.definitions.table import every_table, read_tables
    from flows.returns.contract import read_contracts

    try:
        contracts = read_contracts(settings.contracts)
        suites = read_suites(settings.suites)
        tables = every_table()
        for publication in sorted({name for one in tables for name in one.publications}):
            read_tables(publication)
    except DeclarationError as error:
        yield row("declarations", "wrong", str(error), "Correct the file in the line named.")
        return
    landed = {name for contract in contracts.values() for name in contract.tables}
    if missing := sorted(landed - suites.keys()):
        mend = f"Write expectations/suites/{missing[0]}.yaml."
        yield row("declarations", "wrong", f"no suite for {', '.join(missing)}", mend)
        return
    asked = {seed for suite in suites.values() for seed in suite.seeds}
    if missing := sorted(s for s in asked if not (settings.seeds / f"{s}.csv").is_file()):
        mend = f"Write dbt/seeds/{missing[0]}.csv, or mend the suite that asks it."
        yield row("declarations", "wrong", f"no seed called {', '.join(missing)}", mend)
        return
    found = f"{len(contracts)} contracts, {len(suites)} suites, {len(tables)} tables"
    yield row("declarations", "fine", found)


def _folders(settings: Settings) -> Iterator[Row]:
    if not settings.home.exists():
        yield row("home", "note", f"{settings.home} is not there yet", "The first run makes it.")
        return
    if not os.access(settings.home, os.W_OK):
        mend = "Give this user the right to write there."
        yield row("home", "wrong", f"{settings.home} cannot be written", mend)
        return
    yield row("home", "fine", str(settings.home))


def _key(settings: Settings) -> Iterator[Row]:
    from flows.warehouse.encryption import KeyFault, key_of

    if settings.key is None and not settings.key_path.exists() and not settings.archive.exists():
        yield row("key", "note", "not there yet", "The first file that is taken in makes it.")
        return
    try:
        fingerprint = key_of(settings).fingerprint
    except KeyFault as fault:
        yield row("key", "wrong", str(fault), "Without it no original opens again.")
        return
    where = "in the environment" if settings.key is not None else f"in {settings.key_path}"
    yield row("key", "fine", f"{fingerprint}, {where}", "Keep a copy apart from the home's.")


def _retention(settings: Settings) -> Iterator[Row]:
    """Whether it is said of every return how long it is kept."""
    from flows.returns.contract import read_contracts
    from flows.warehouse.retention import read_retention

    said = read_retention(settings.seeds)
    if unsaid := sorted(read_contracts(settings.contracts).keys() - said.keys()):
        mend = f"Give {settings.seeds / 'retention.csv'} a row for each."
        yield row("retention", "wrong", f"none for {', '.join(unsaid)}", mend)
    else:
        yield row("retention", "fine", f"{len(said)} returns")


def _warehouse(settings: Settings) -> Iterator[Row]:
    from flows.warehouse.connection import reading

    for what, path in (("warehouse", settings.warehouse), ("analysts' file", settings.analysts)):
        if not path.exists():
            mend = "Run social-value ingest." if what == "warehouse" else "Run social-value build."
            yield row(what, "note", "not there yet", mend)
    if settings.warehouse.exists():
        try:
            with reading(settings) as connection:
                judged, version = connection.execute(
                    "select (select count(*) from warehouse.ledger.returns), version "
                    "from warehouse.ledger.schema_version"
                ).fetchone() or (0, 0)
            found = f"{judged} returns judged, schema version {version}"
            yield row("warehouse", "fine", found)
        except (duckdb.Error, SocialValueError) as error:
            mend = "Restore it from a backup, or ingest the archive into an empty home."
            yield row("warehouse", "wrong", " ".join(str(error).split())[:200], mend)


def _disk(settings: Settings) -> Iterator[Row]:
    place = next(p for p in [settings.home, *settings.home.parents] if p.exists())
    free = shutil.disk_usage(place).free / 1e9
    fine = free >= FREE_GB
    mend = "" if fine else f"Free some space: {FREE_GB} GB are needed."
    yield row("disk", "fine" if fine else "wrong", f"{free:.1f} GB free", mend)


def _prefect(settings: Settings) -> Iterator[Row]:
    import httpx

    url = server_of(settings)
    if not url:
        yield row("Prefect", "fine", "no server named: one is started for each command")
        return
    try:
        answer = httpx.get(f"{url.rstrip('/')}/health", timeout=5)
        fine = answer.is_success
    except httpx.HTTPError:
        fine = False
    mend = "" if fine else "Start it with prefect server start, or unset PREFECT_API_URL."
    yield row(
        "Prefect", "fine" if fine else "wrong", f"{url} {'answers' if fine else 'is silent'}", mend
    )


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
    declared = yaml.safe_load(DEPLOYMENTS.read_text(encoding="utf-8"))["deployments"]
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
        mend = "Install the duckdb that pyproject.toml asks for: its wheel has them."
        yield row("extensions", "wrong", f"DuckDB lacks {', '.join(missing)}", mend)
    else:
        yield row("extensions", "fine", ", ".join(EXTENSIONS))
