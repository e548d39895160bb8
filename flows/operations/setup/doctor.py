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
from packaging.requirements import Requirement

from flows.authority.binding import NoAuthority, NotMigrated, folder_of
from flows.authority.places import places_in_use
from flows.common.declarations import DeclarationError
from flows.common.errors import SocialValueError
from flows.common.settings import PACKAGE, Settings
from flows.operations.server.own_server import answers, authorization, server_of
from flows.operations.server.schedules import declared_deployments
from flows.operations.setup.found import Found
from flows.operations.setup.lake import lake
from flows.operations.setup.sources import sources
from flows.warehouse.connection import Row, WarehouseTooOld
from flows.warehouse.home import folder_modes
from flows.warehouse.store.chosen import store_of

EXTENSIONS = ("icu", "json", "parquet")  # in the wheel itself: nothing is ever downloaded
MIGRATE = "Read docs/upgrading.md: a backup is kept first."
FREE_GB = 2  # what a year of one authority needs with room to spare


def examine(settings: Settings) -> list[Row]:
    """One row for each thing looked at: `what`, `state` (fine, note, wrong), `found`, `mend`."""
    return [
        {"what": what, **vars(found)} for what, look in LOOKS.items() for found in look(settings)
    ]


def python(_: Settings) -> Iterator[Found]:
    """Whether Python is new enough."""
    version = ".".join(map(str, sys.version_info[:3]))
    fine = sys.version_info >= (3, 11)
    yield Found("fine", version) if fine else Found("wrong", version, "Use 3.11 or later.")


def packages(_: Settings) -> Iterator[Found]:
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
        yield Found("wrong", "; ".join(other[:5]), mend)
    else:
        yield Found("fine", f"{len(asked)} as asked for")


def declarations(settings: Settings) -> Iterator[Found]:
    """Whether contracts, suites and table definitions read, and agree on the returns there are."""
    from expectations.suite import read_suites
    from exports.definitions.table import every_table, read_tables
    from flows.operations.setup.check import check
    from flows.returns.contract import read_contracts

    try:
        places = places_in_use(settings)
        faults = check(folder_of(settings)) if settings.definitions is None else []
        for one in faults:
            said = f"{one.file}, line {one.line}: {one.what}"
            yield Found("wrong", said, "Correct it in the authority's folder.")
        if faults:
            return
    except NoAuthority as error:
        yield Found("note", str(error), "Name the folder of an authority.")
        return
    except NotMigrated as error:
        yield Found("wrong", str(error), MIGRATE)
        return
    except DeclarationError as error:
        yield Found("wrong", str(error), "Correct the file in the line named.")
        return
    try:
        contracts = read_contracts(places.contracts)
        suites = read_suites(places.suites)
        tables = every_table(places.tables)
        for publication in sorted({name for one in tables for name in one.publications}):
            read_tables(publication, places.tables)
    except DeclarationError as error:
        yield Found("wrong", str(error), "Correct the file in the line named.")
        return
    landed = {name for contract in contracts.values() for name in contract.tables}
    asked = {seed for suite in suites.values() for seed in suite.seeds}
    seeds = sorted(one for one in asked if not (places.seeds / f"{one}.csv").is_file())
    if missing := sorted(landed - suites.keys()):
        mend = f"Write expectations/suites/{missing[0]}.yaml."
        yield Found("wrong", f"no suite for {', '.join(missing)}", mend)
    elif seeds:
        mend = f"Write dbt/seeds/{seeds[0]}.csv, or mend the suite that asks it."
        yield Found("wrong", f"no seed called {', '.join(seeds)}", mend)
    else:
        found = f"{len(contracts)} contracts, {len(suites)} suites, {len(tables)} tables"
        yield Found("fine", found)


def home(settings: Settings) -> Iterator[Found]:
    """Whether the home is there and can be written."""
    if not settings.home.exists():
        yield Found("note", f"{settings.home} is not there yet", "The first run makes it.")
    elif not os.access(settings.home, os.W_OK):
        mend = "Give this user the right to write there."
        yield Found("wrong", f"{settings.home} cannot be written", mend)
    else:
        yield Found("fine", str(settings.home))


def modes(settings: Settings) -> Iterator[Found]:
    """Whether a folder or database is open to more people than a new home's would be."""
    wanted = {
        **folder_modes(settings),
        settings.home / "prefect": 0o700,
        settings.warehouse: 0o600,
        settings.restricted: 0o600,
        settings.analysts: 0o440,
    }
    there = {path: mode for path, mode in wanted.items() if path.exists()}
    wide = {path: mode for path, mode in there.items() if _wider(path, mode)}
    for path, mode in wide.items():
        found = f"{path} has mode {stat.S_IMODE(path.stat().st_mode):04o}, wider than {mode:04o}"
        yield Found("wrong", found, f"Run chmod {mode:o} {path}.")
    if there and not wide:
        yield Found("fine", "no folder or database is open to more people than it should be")


def _wider(path: Path, mode: int) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & ~mode & 0o077)


def key(settings: Settings) -> Iterator[Found]:
    """Whether the key is there and can be used."""
    from flows.warehouse.encryption import KeyFault, key_of

    if settings.key is None and not settings.key_path.exists() and not settings.archive.exists():
        yield Found("note", "not there yet", "The first file that is taken in makes it.")
        return
    try:
        fingerprint = key_of(settings).fingerprint
    except KeyFault as fault:
        yield Found("wrong", str(fault), "Without it no original opens again.")
        return
    where = "in the environment" if settings.key is not None else f"in {settings.key_path}"
    yield Found("fine", f"{fingerprint}, {where}", "Keep a copy apart from the home's.")


def retention(settings: Settings) -> Iterator[Found]:
    """Whether it is known of every return how long it is kept."""
    from flows.returns.contract import read_contracts
    from flows.warehouse.retention import read_retention

    try:
        places = places_in_use(settings)
    except DeclarationError:
        return  # which `declarations` tells
    known = read_retention(places.seeds)
    if missing := sorted(read_contracts(places.contracts).keys() - known.keys()):
        mend = "Give seeds/retention.csv a row for each."
        yield Found("wrong", f"none for {', '.join(missing)}", mend)
    else:
        yield Found("fine", f"{len(known)} returns")


def warehouse(settings: Settings) -> Iterator[Found]:
    """Whether the warehouse opens, what is in it, and what should not be any more."""
    from flows.warehouse.connection import reading
    from flows.warehouse.disposed import answers_there, begun, registry

    try:
        if not store_of(settings).exists():
            yield Found("note", "not there yet", "Run social-value ingest.")
            return
        with reading(settings) as connection:
            judged, version = connection.execute(
                "select (select count(*) from warehouse.ledger.returns), version "
                "from warehouse.ledger.schema_version"
            ).fetchone() or (0, 0)
            left = begun(connection, settings, registry(connection), answers_there(settings))
        yield Found("fine", f"{judged} returns judged, schema version {version}")
        if left:
            found = f"of {len(left)} things that were disposed of something may be left in files"
            yield Found("wrong", found, "Run social-value dispose: it finishes what was begun.")
    except WarehouseTooOld as error:
        yield Found("wrong", str(error), MIGRATE)
    except (duckdb.Error, SocialValueError) as error:
        mend = "Restore it from a backup, or ingest the archive into an empty home."
        yield Found("wrong", " ".join(str(error).split())[:200], mend)


def analysts(settings: Settings) -> Iterator[Found]:
    """Whether anything is modelled yet."""
    if not settings.analysts.exists():
        yield Found("note", "not there yet", "Run social-value build.")


def disk(settings: Settings) -> Iterator[Found]:
    """Whether there is room."""
    place = next(p for p in [settings.home, *settings.home.parents] if p.exists())
    free = shutil.disk_usage(place).free / 1e9
    if free >= FREE_GB:
        yield Found("fine", f"{free:.1f} GB free")
    else:
        yield Found("wrong", f"{free:.1f} GB free", f"Free some space: {FREE_GB} GB are needed.")


def prefect(settings: Settings) -> Iterator[Found]:
    """Whether the server in use answers."""
    url = server_of(settings)
    if not url:
        yield Found("fine", "no server runs, and a command by hand needs none")
    elif answers(url):
        yield Found("fine", f"{url} answers")
    else:
        mend = "Start it with prefect server start, or unset PREFECT_API_URL."
        yield Found("wrong", f"{url} is silent", mend)


def schedules(settings: Settings) -> Iterator[Found]:
    """Whether the server in use has the deployments of prefect.yaml."""
    import httpx

    url = server_of(settings)
    if not url:
        yield Found("note", "no server named", "social-value serve runs them all.")
        return
    try:
        answer = httpx.post(
            f"{url.rstrip('/')}/deployments/filter",
            json={},
            headers=authorization(settings, url),
            timeout=5,
        )
        answer.raise_for_status()
        offered = answer.json()
    except (httpx.HTTPError, ValueError):
        return  # the server is silent: that has a row of its own
    try:
        declared = declared_deployments(settings)
    except DeclarationError:
        return  # which `declarations` tells
    faults = list(drift(declared, offered))
    for fault in faults:
        mend = "Stop and start social-value serve, or run social-value deploy."
        yield Found("wrong", fault, mend)
    if not faults:
        yield Found("fine", f"{len(declared)} deployments as prefect.yaml says")


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


def extensions(_: Settings) -> Iterator[Found]:
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
        yield Found("wrong", f"DuckDB lacks {', '.join(missing)}", mend)
    else:
        yield Found("fine", ", ".join(EXTENSIONS))


LOOKS: dict[str, Callable[[Settings], Iterator[Found]]] = {
    "Python": python,
    "packages": packages,
    "declarations": declarations,
    "sources": sources,
    "home": home,
    "modes": modes,
    "key": key,
    "retention": retention,
    "lake": lake,
    "warehouse": warehouse,
    "analysts' file": analysts,
    "disk": disk,
    "Prefect": prefect,
    "schedules": schedules,
    "extensions": extensions,
}
