"""Publish a release: gather what it rests on, hand it to `exports`, record it in the ledger."""

import hashlib
import importlib.metadata
import os
import platform
import socket
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import duckdb

from exports.disclosure.thresholds import THRESHOLDS
from exports.narrative.declaration import FOLDER as NARRATIVES
from exports.release import InputReturn, Override, Release, ReleaseFacts, publish
from exports.table import TABLES
from flows import clock
from flows.periods import Period
from flows.settings import PROJECT, Settings
from flows.warehouse import door, ledger
from flows.warehouse.acceptance import overrides as overrides_on_record
from flows.warehouse.standing import IN_FORCE_AS_OF

PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "great-expectations", "openpyxl", "prefect")


def release(
    settings: Settings,
    publication: str,
    period: Period,
    as_of: datetime,
    overrides: Sequence[Override] = (),
    run_id: str = "",
) -> Release:
    """Publish what the analysts' file holds for `period`, and record it in the ledger.

    Returns the release, or the one in place if nothing has changed. Raises ReleaseBlocked,
    NothingToPublish and what else `exports.release.publish` raises.
    """
    with door.reading(settings) as connection:
        head = ledger.head(connection)
        inputs = inputs_as_of(connection, as_of)
        on_record = [Override(*one) for one in overrides_on_record(connection)]
    definitions = dict(_definitions(settings))
    told = {one.what for one in overrides}
    facts = ReleaseFacts(
        publication=publication,
        period=period,
        as_of=as_of,
        ledger_head=head,
        definitions_digest=_digest_of(definitions),
        inputs=inputs,
        definitions={
            name: content for name, content in definitions.items() if not name.startswith("models/")
        },
        overrides=(*overrides, *(one for one in on_record if one.what not in told)),
        receipt=_receipt(run_id),
    )
    done = publish(facts, analysts=settings.analysts, published=settings.published)
    _keep_disclosure(settings, done)
    _record(settings, done)
    return done


def inputs_as_of(connection: duckdb.DuckDBPyConnection, as_of: datetime) -> list[InputReturn]:
    """The returns in force then: a figure may rest on earlier and later ones."""
    rows = connection.execute(
        f'select return_id, "return", sender, period, part, sha256 from ({IN_FORCE_AS_OF}) '
        "order by return_id",
        {"as_of": as_of},
    ).fetchall()
    return [InputReturn(*row) for row in rows]


def _definitions(settings: Settings) -> Iterator[tuple[str, bytes]]:
    """Every file that decides a figure, by the path it is known under."""
    folders = {
        "seeds": (settings.seeds, "*.csv"),
        "contracts": (settings.contracts, "*.yaml"),
        "suites": (settings.suites, "*.yaml"),
        "tables": (TABLES, "*.yaml"),
        "disclosure": (THRESHOLDS.parent, "*.yaml"),
        "narrative": (NARRATIVES, "*.yaml"),
    }
    for name, (folder, pattern) in folders.items():
        for path in sorted(folder.glob(pattern)):
            yield f"{name}/{path.name}", path.read_bytes()
    dbt = PROJECT / "dbt"
    for layer in ("staging", "intermediate", "people", "marts", "publication", "macros"):
        for path in sorted((dbt / layer).rglob("*")):
            if path.is_file():
                yield f"models/{path.relative_to(dbt)}", path.read_bytes()


def _digest_of(definitions: dict[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name in sorted(definitions):
        whole.update(f"{name}\0{hashlib.sha256(definitions[name]).hexdigest()}\n".encode())
    return whole.hexdigest()


def _receipt(run_id: str) -> dict[str, str]:
    return {
        "run_id": run_id,
        "made_at": clock.now().isoformat(),
        "host": socket.gethostname(),
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in PACKAGES},
    }


def _keep_disclosure(settings: Settings, done: Release) -> None:
    """Which cells are hidden, and why: for audit, since it would help to work them out."""
    place = settings.audit / "disclosure" / f"{done.name}.csv"
    if done.disclosure and not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = place.with_name(f".{place.name}.{os.getpid()}")
        partial.write_text(done.disclosure, encoding="utf-8")
        partial.chmod(0o400)
        partial.replace(place)


def _record(settings: Settings, done: Release) -> None:
    """Record the release once; one whose maker was killed before this is recorded by the next."""
    manifest = hashlib.sha256((Path(done.path) / "manifest.json").read_bytes()).hexdigest()
    with door.reading(settings) as connection:
        if _is_recorded(connection, done.name):
            return
    with door.scratch(settings) as connection, door.writing(settings, connection):
        if not _is_recorded(connection, done.name):
            detail = {"manifest": manifest, "revision": done.revision}
            ledger.append(connection, "published", done.name, detail, clock.now())


def _is_recorded(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    return (
        connection.execute(
            "select 1 from warehouse.ledger.events where kind = 'published' and subject = ?", [name]
        ).fetchone()
        is not None
    )
