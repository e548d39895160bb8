"""Publish a release: gather what it rests on, hand it to `exports`, record it in the ledger."""

import hashlib
import importlib.metadata
import platform
import socket
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import duckdb

from exports.release.publish import Override, Release, ReleaseFacts, publish
from exports.site.shelf import INDEX
from flows.authority.places import Places, places_in_use
from flows.common import clock
from flows.common.files import digest_of, written_whole
from flows.common.periods import Period
from flows.common.settings import Settings
from flows.publishing.definitions import (
    code_digest,
    edited_files,
    model_files,
    own_files,
    own_headline,
)
from flows.publishing.named_cells import refuse_lost_cells
from flows.warehouse import ledger
from flows.warehouse.connection import open_scratch, reading, writing
from flows.warehouse.findings import overrides as overrides_on_record
from flows.warehouse.home import tidy
from flows.warehouse.in_force import Inputs, inputs_as_of
from flows.warehouse.kept_files import keep

PACKAGES = (
    "dbt-core",
    "dbt-duckdb",
    "duckdb",
    "great-expectations",
    "highspy",
    "jinja2",
    "openpyxl",
    "prefect",
    "pyarrow",
    "typst",
)


def release(
    settings: Settings,
    publication: str,
    period: Period,
    as_of: datetime,
    overrides: Sequence[Override] = (),
    run_id: str = "",
    inputs: Inputs | None = None,
    models: Path | None = None,
) -> Release:
    """Publish what the analysts' file holds for `period`, and record it in the ledger.

    `models`: the folder of the modelled tables, where they are not the analysts' own; `inputs`:
    what the warehouse knew when that file's build began (default: what it knows now).
    Returns the release, or the one in place if nothing has changed. Raises ReleaseBlocked,
    NothingToPublish, DeclarationError and what else `exports.release.publish` raises.
    """
    tidy(settings)
    with reading(settings) as connection:
        inputs = inputs or inputs_as_of(connection, as_of)
        on_record = [Override(*one) for one in overrides_on_record(connection)]
    places = places_in_use(settings)
    refuse_lost_cells(places)
    definitions = edited_files(places) | own_headline(places, publication, period)
    now = {one.what for one in overrides}
    facts = ReleaseFacts(
        publication=publication,
        period=period,
        as_of=as_of,
        ledger_head=inputs.ledger_head,
        definitions_digest=digest_of(definitions | model_files(places)),
        inputs=inputs.inputs,
        definitions=definitions,
        overrides=(*overrides, *(one for one in on_record if one.what not in now)),
        receipt=receipt_of(run_id),
    )
    analysts = (models or settings.analysts.parent) / settings.analysts.name
    done = publish(facts, analysts=analysts, published=settings.published, places=places)
    _keep_disclosure(settings, done)
    _record(settings, done, places)
    return done


def receipt_of(run_id: str) -> dict[str, str]:
    """What may differ between two makings of a release: run, clock, host, code and packages."""
    return {
        "run_id": run_id,
        "made_at": clock.now().isoformat(),
        "host": socket.gethostname(),
        "code": code_digest(),
        "clock": "set" if clock.is_set() else "the machine's",
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in PACKAGES},
    }


def _keep_disclosure(settings: Settings, done: Release) -> None:
    """Which cells are hidden, and why: for audit, since it would help to work them out."""
    place = settings.audit / "disclosure" / f"{done.name}.csv"
    if done.disclosure and not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with written_whole(place, 0o400) as partial:
            partial.write_text(done.disclosure, encoding="utf-8")


def _record(settings: Settings, done: Release, places: Places) -> None:
    """Record the release once, with the authority's own models, which are kept; one whose maker was
    killed before this is recorded by the next, whose definitions are the same.
    """
    digests = {
        name: hashlib.sha256((done.path / f"{name}.json").read_bytes()).hexdigest()
        for name in ("manifest", "receipt")
    }
    with reading(settings) as connection:
        if _is_recorded(connection, done.name):
            return
    with open_scratch(settings) as connection, writing(settings, connection):
        if not _is_recorded(connection, done.name):
            index = hashlib.sha256((settings.published / INDEX).read_bytes()).hexdigest()
            models = {path: keep(settings, text) for path, text in own_files(places).items()}
            detail = {**digests, "index": index, "revision": done.revision, "models": models}
            ledger.append(connection, "published", done.name, detail, clock.now())


def _is_recorded(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    return (
        connection.execute(
            "select 1 from warehouse.ledger.events where kind = 'published' and subject = ?", [name]
        ).fetchone()
        is not None
    )
