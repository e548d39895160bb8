"""Builds and publications in a process of their own, and all that they leave behind."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb

from exports.release import assemble as assembly
from exports.release import publish as releases
from exports.site import shelf
from flows.common import files
from flows.common.periods import read_period
from flows.common.settings import Settings, settings_for
from flows.modelling import build as modelling
from flows.modelling.build import build
from flows.modelling.dbt_runner import Workplace
from flows.modelling.node import Node
from flows.publishing import release as releasing
from flows.publishing.release import release
from flows.warehouse.connection import reading
from tests.support.audited_home import CORRECTED, QUARTER
from tests.support.deadly import die_at

PUBLICATIONS = (("quarterly", QUARTER), ("annual", "2022-23"))
HEAD_STANDS_IN = (
    "manifest.json",
    "about.html",
    ".xlsx",
    ".zip",
)  # files of a release that print it
# Every step boundary of a build: what is patched, before or after it, at the how-manieth time.
OF_BUILD = [
    (modelling, "prepare", "after", 1),
    (modelling, "_made_from", "after", 1),
    (modelling, "make_models", "after", 1),  # all is modelled, nothing handed over
    (modelling, "_restrict", "before", 1),
    (Path, "chmod", "after", 1),  # in the middle of what is restricted
    (modelling, "_restrict", "after", 1),
    (modelling, "keep_made_from", "after", 1),
    (Path, "replace", "before", 1),  # copied without what people lay in, beside its place
    (modelling, "_make_anew", "after", 1),
    (modelling, "read_under", "after", 2),  # both can be read, neither is handed over
    (Path, "replace", "before", 2),
    (Path, "chmod", "after", 4),  # in the middle of the hand-over
    (Path, "replace", "after", 3),  # handed over
]
# And of a publication; where it must be there already to be reached, the one before put it there.
OF_PUBLISHING = [
    (releases, "read_rows", "after", 1),
    (releases, "protect_tables", "after", 1),
    (assembly, "write_workbook", "before", 1),  # some tables are written
    (assembly, "site_pages", "after", 1),
    (releases, "build_release", "after", 1),
    (files, "to_disk", "after", 40),  # some of its files are on the disk
    (Path, "rename", "before", 1),
    (Path, "rename", "after", 1),  # in its place, and in no list
    (shelf, "_shelves", "after", 1),
    (Path, "replace", "before", 1),
    (releases, "write_index", "after", 1),  # in the list, and not on record
    (Path, "replace", "before", 1),  # what is hidden is not yet in audit's folder
    (releasing, "_keep_disclosure", "after", 1),
    (releasing.ledger, "append", "after", 1),  # all is written, nothing committed
    (releasing, "_record", "after", 1),
]


def set_clock(environment: dict[str, str]) -> None:
    """What the parent's environment says of ours, at the moment of the corrected quarter."""
    os.environ.update(environment, SOCIAL_VALUE_NOW=CORRECTED)


def models_of(made: Path) -> Callable[..., list[Node]]:
    """A making of models that takes a copy of what was really made before: it costs nothing."""

    def copied(settings: Settings, work: Workplace, *_: object) -> list[Node]:
        shutil.copy(made / "model.duckdb", work.model)
        nodes = json.loads((made / "nodes.json").read_text(encoding="utf-8"))
        return [Node(**node) for node in nodes]

    return copied


def build_and_die(home: str, made: str, boundary: int, environment: dict[str, str]) -> None:
    """Build with what was made before, and be killed at the boundary."""
    set_clock(environment)
    modelling.make_models = models_of(Path(made))
    die_at(*OF_BUILD[boundary])
    build(settings_for(Path(home)))


def build_in_steps(home: str, environment: dict[str, str]) -> None:
    """Build, by dbt itself, in a process group of its own."""
    set_clock(environment)
    build(settings_for(Path(home)), with_dbt=True)


def publish_and_die(
    home: str, publication: str, label: str, boundary: int, environment: dict[str, str]
) -> None:
    """Publish, and be killed at the boundary."""
    set_clock(environment)
    die_at(*OF_PUBLISHING[boundary])
    publish(settings_for(Path(home)), publication, label)


def publish_in_steps(home: str, publication: str, label: str, environment: dict[str, str]) -> None:
    """Publish what is modelled."""
    set_clock(environment)
    publish(settings_for(Path(home)), publication, label)


def publish(settings: Settings, publication: str, label: str) -> None:
    """What the publishing flows do, without Prefect, of what is modelled."""
    release(settings, publication, read_period(label), datetime.fromisoformat(CORRECTED))


def tables_of(path: Path) -> dict[str, object]:
    """Every table of a database: how many rows, and one number that all of them make."""
    with duckdb.connect(str(path), read_only=True) as connection:
        names = connection.execute(
            "select schema_name, table_name from duckdb_tables() where not internal order by all"
        ).fetchall()
        return {
            f"{schema}.{name}": connection.execute(
                f'select count(*), sum(hash(t)::hugeint) from "{schema}"."{name}" as t'
            ).fetchone()
            for schema, name in names
        }


def modelled(settings: Settings) -> dict[str, object]:
    """What a build leaves: the files beside the warehouse, and the tables in them."""
    folder = settings.warehouse.parent
    names = [path.name for path in folder.iterdir() if path.name not in ("scratch", "dbt")]
    names += [path.name for path in (folder / "dbt" / "project").glob("model*")]
    return {
        "files": sorted(names),
        "analysts": tables_of(settings.analysts),
        "restricted": tables_of(settings.restricted),
    }


def published(settings: Settings) -> dict[str, object]:
    """What publishing leaves: every file but the receipts, and what is on record."""
    found: dict[str, object] = {}
    for folder in (settings.published, settings.audit):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name != "receipt.json":
                name = str(path.relative_to(settings.home))
                found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
            elif path.is_dir():
                found[str(path.relative_to(settings.home))] = "a folder"
    with reading(settings) as connection:
        found["events"] = connection.execute(
            "select seq, kind, subject, detail, hash from warehouse.ledger.events order by seq"
        ).fetchall()
    return found


def but_receipts(found: dict[str, object]) -> dict[str, object]:
    """The same without what a receipt says of its run: its digest in the events, and the head of
    the chain in the release after it, which stands in its manifest, its workbook and its page.
    """
    events = found["events"]
    assert isinstance(events, list)
    of_the_second = f"published/{PUBLICATIONS[1][0]}/"
    return {
        **{
            name: digest
            for name, digest in found.items()
            if not (name.startswith(of_the_second) and name.endswith(HEAD_STANDS_IN))
        },
        "events": [
            (seq, kind, subject, {**json.loads(detail), "receipt": "", "manifest": ""})
            for seq, kind, subject, detail, _ in events
        ],
    }


def half_there(settings: Settings) -> list[str]:
    """Files of releases that are not as their manifest says, and folders without one."""
    found = []
    for folder in settings.published.glob("*/*/r*"):
        manifest = folder / "manifest.json"
        if not manifest.is_file():
            found.append(str(folder))
            continue
        outputs = json.loads(manifest.read_text(encoding="utf-8"))["outputs"]
        found += [
            str(folder / name)
            for name, digest in outputs.items()
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest
        ]
    return found
