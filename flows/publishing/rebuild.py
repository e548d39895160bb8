"""A release made again from the ledger and the rows it vouches for, in a home of its own.

The warehouse is rewound to the event that was the ledger's newest when the release was built; the
definitions are those that the release keeps; the code is today's.
"""

import json
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml

from exports.edition.facts import InputReturn, Override, ReleaseFacts
from exports.edition.manifest import Manifest
from exports.release.publish import Release, publish
from flows.authority.overlay import read_rows, with_columns, write_rows
from flows.authority.places import places_in, places_in_use
from flows.authority.seed_schema import read_schemas
from flows.common.declarations import parse_yaml
from flows.common.files import digest_of, scratch_folder
from flows.common.periods import Period, read_period, read_year
from flows.common.settings import Settings
from flows.publishing.definitions import edited_files, model_files, own_headline
from flows.warehouse.copies.rewind import rewind
from flows.warehouse.home import make_folders
from flows.warehouse.in_force import Inputs
from flows.warehouse.kept_files import NotKept, content_of
from flows.warehouse.postcodes import ensure_postcodes
from flows.warehouse.releases import Fault


@dataclass(frozen=True)
class RecordedRelease:
    """A release that the ledger knows: its name, where it lies, its manifest, and the authority's
    own models that it was made by, by their digests.
    """

    name: str
    path: Path
    manifest: Manifest
    models: Mapping[str, str] | None = None  # None: it went out before releases kept them

    @property
    def as_of(self) -> datetime:
        """The moment its figures are for."""
        return datetime.fromisoformat(self.manifest.as_of)

    @property
    def period(self) -> Period:
        """The period it is about."""
        read = read_year if self.manifest.publication == "annual" else read_period
        return read(self.manifest.period)

    @property
    def definitions(self) -> Path:
        """The definitions that it used and keeps."""
        return self.path / "definitions"

    @property
    def made_of(self) -> tuple[str, str, str]:
        """What its models are decided by: releases that agree in it share one build."""
        definitions = digest_of(edited_files(places_in(self.definitions)))
        models = json.dumps(self.models, sort_keys=True)
        return self.manifest.as_of, self.manifest.ledger_head, f"{definitions} {models}"


@dataclass(frozen=True)
class Workshop:
    """A home of its own with a rewound warehouse, and what of its rows nobody vouches for."""

    settings: Settings
    faults: list[Fault]


@contextmanager
def workshop(settings: Settings, release: RecordedRelease) -> Iterator[Workshop]:
    """Rewind what the release was made from; it is gone afterwards. Raises NoSuchEvent, NotKept."""
    home = scratch_folder(settings) / f"verify-{uuid.uuid4().hex[:8]}"
    home.mkdir(mode=0o700)
    try:
        apart = _apart(settings, release, home)
        make_folders(apart)
        ensure_postcodes(settings.reference)
        _place(settings.reference, apart.reference)
        yield Workshop(apart, rewind(settings, release.manifest.ledger_head, apart.warehouse))
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _apart(settings: Settings, release: RecordedRelease, home: Path) -> Settings:
    return settings.model_copy(
        update={
            "home": home,
            "node_folder": None,
            "warehouse_at": "",
            "key_file": settings.key_path,
            "postcodes": None,
            "definitions": laid_over(
                release.definitions, release.models, settings, home / "definitions"
            ),
        }
    )


def _place(path: Path, target: Path) -> None:
    """The same file under another name, or a copy where that cannot be."""
    try:
        os.link(path, target)
    except OSError:
        shutil.copy(path, target)


def laid_over(
    kept: Path, models: Mapping[str, str] | None, settings: Settings, folder: Path
) -> Path:
    """The definitions that the release keeps, over today's, whose models may read what is new.

    A seed and a contract that it keeps get the columns that came later. The authority's own models
    are those of then, by their digests in `models`. Raises NotKept.
    """
    today = places_in_use(settings)
    shutil.copytree(kept, folder)
    if models is None:
        shutil.copytree(today.models, folder / "models", dirs_exist_ok=True)
    else:
        _put_models(settings, models, folder)
    for name in ("seeds", "contracts", "indicators", "authority"):
        if name == "indicators" and (folder / name).is_dir():
            continue  # before indicators were declared, models stood in their place
        (folder / name).mkdir(exist_ok=True)
        for path in getattr(today, name).iterdir():
            if not (folder / name / path.name).exists():
                shutil.copy(path, folder / name)
    for path in (folder / "contracts").glob("*.yaml"):
        if (now := today.contracts / path.name).is_file():
            path.write_text(_with_later_columns(path, now), "utf-8")
    schemas = read_schemas({path.name: path.read_bytes() for path in today.seeds.glob("*.yml")})
    for path in (folder / "seeds").glob("*.csv"):
        header, rows = read_rows(str(path), path.read_bytes())
        schema = schemas.get(path.stem)
        missing = [name for name in (schema.types if schema else ()) if name not in header]
        if missing:
            path.write_bytes(write_rows([*header, *missing], with_columns(header, rows, schema)))
    return folder


def _put_models(settings: Settings, models: Mapping[str, str], folder: Path) -> None:
    """Write what the home keeps of the authority's own. Raises NotKept."""
    (folder / "models").mkdir(exist_ok=True)
    for name, digest in models.items():
        place = folder / name
        if ".." in place.parts or not place.is_relative_to(folder):
            raise NotKept(f"The ledger names the model {name!r}, which is no path of a folder.")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content_of(settings, digest))


def _with_later_columns(kept: Path, today: Path) -> str:
    """A contract's YAML with the columns, and further tables, that today's has besides."""
    told = parse_yaml(kept.read_text("utf-8"), kept)
    now = parse_yaml(today.read_text("utf-8"), today)
    before = {table["name"]: table for table in told.get("also", [])}
    for table in now.get("also", []):
        if table["name"] not in before:
            told.setdefault("also", []).append(table)
    pairs = [(told, now)] + [
        (before[table["name"]], table) for table in now.get("also", []) if table["name"] in before
    ]
    for old, new in pairs:
        names = {column["name"] for column in old["columns"]}
        old["columns"] += [column for column in new["columns"] if column["name"] not in names]
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True)


def make_again(
    shop: Workshop,
    inputs: Inputs,
    release: RecordedRelease,
    earlier: Sequence[RecordedRelease],
    receipt: dict[str, str],
) -> Release:
    """Publish the release again in the workshop, beside the `earlier` ones as they are.

    Raises what `exports.release.publish` raises.
    """
    shelf = shop.settings.published / release.name.replace("/", "-")
    for one in earlier:
        place = shelf / one.name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(one.path)
    shelf.mkdir(parents=True, exist_ok=True)
    places = places_in(release.definitions)
    manifest = release.manifest
    definitions = edited_files(places) | own_headline(places, manifest.publication, release.period)
    facts = ReleaseFacts(
        publication=manifest.publication,
        period=release.period,
        as_of=release.as_of,
        ledger_head=inputs.ledger_head,
        definitions_digest=digest_of(definitions | model_files(places_in_use(shop.settings))),
        inputs=inputs.inputs,
        definitions=definitions,
        overrides=[Override(one.what, one.by, one.because) for one in manifest.overrides],
        receipt=receipt,
    )
    return publish(
        facts,
        analysts=shop.settings.analysts,
        published=shelf,
        places=places,
    )


def inputs_of(manifest: Manifest) -> list[InputReturn]:
    """The returns that the manifest says its figures rest on."""
    return [
        InputReturn(one.return_id, one.return_name, one.sender, one.period, one.part, one.sha256)
        for one in manifest.inputs
    ]
