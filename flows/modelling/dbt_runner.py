"""dbt, run on a warehouse: a process of its own, one at a time, parsed only when need be.

dbt reads the whole project anew when a variable or a path of its profile is another than last time.
So every home has the project as a folder of links, from which its databases always have the same
relative names; the moment of a build stands in a table and not in a variable; and what dbt has
parsed once is kept beside the project for every home (dbt itself checks it file by file).
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import duckdb

from exports.definitions.table import every_table
from flows.authority.declaration import read_authority
from flows.authority.indicators import read_indicators
from flows.authority.places import Places
from flows.common.files import digest_of, written_whole
from flows.common.locks import locked
from flows.common.settings import DBT_PROJECT, MODEL_FOLDERS, PROJECT
from flows.modelling.made_files import FOLDER, made_files
from flows.returns.contract import read_contracts

SOURCE = DBT_PROJECT
FILES = ("dbt_project.yml", "profiles.yml")
LAYERS = ("seeds", *MODEL_FOLDERS, "tests")
HANDED_ON = ("HOME", "LANG", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ", "VIRTUAL_ENV")
PARSED = "partial_parse.msgpack"


@dataclass(frozen=True)
class Workplace:
    """Where dbt works for one warehouse: its own folder, and the databases it reads."""

    folder: Path
    kept: Path
    reference: Path
    places: Places

    @property
    def project(self) -> Path:
        """The project as a folder of links: dbt's paths are relative to it."""
        return self.folder / "project"

    @property
    def model(self) -> Path:
        """The new file that dbt builds into."""
        return self.project / "model.duckdb"

    @property
    def target(self) -> Path:
        """What dbt writes besides: its log, and what it has parsed."""
        return self.folder / "target"

    @property
    def plans(self) -> Path:
        """What dbt sent in builds that went well, for the next ones."""
        return self.folder / "plans"

    @property
    def results(self) -> Path:
        """What became of each node."""
        return self.target / "results.json"


@dataclass(frozen=True)
class Target:
    """Where dbt builds, by its name in profiles.yml; what the profile asks for; and the module
    that runs dbt there.
    """

    name: str = "embedded"
    environment: Mapping[str, str] = field(default_factory=dict)
    process: str = "flows.modelling.dbt_process"


EMBEDDED = Target()


@contextmanager
def at_work(place: Workplace) -> Iterator[int]:
    """Hold the workplace alone, with the project laid out and no model from an earlier run.

    Gives its lock, for dbt to hold too.
    """
    place.project.mkdir(parents=True, exist_ok=True)
    place.target.mkdir(exist_ok=True)
    with locked(place.folder / "lock") as handle:
        _lay_out(place)
        clear(place)
        try:
            yield handle
        finally:
            clear(place)


def run_dbt(
    place: Workplace,
    words: Sequence[str],
    as_of: datetime,
    environment: dict[str, str],
    locks: Sequence[int] = (),
    target: Target = EMBEDDED,
) -> subprocess.CompletedProcess[str]:
    """Run `dbt WORDS` as of a moment, inside `at_work`; what it built is in `place.model`.

    What became of each node is in `place.results`, unless dbt did not come so far.

    `locks`: open files whose locks dbt holds as well: where we are killed it goes on for a while,
    and whoever comes next must wait for it. `target`: another one has the moment already.
    """
    if target == EMBEDDED:
        set_moment(place.model, as_of)
    place.results.unlink(missing_ok=True)
    paths = {
        "SOCIAL_VALUE_MODEL_PATH": place.model.name,
        "SOCIAL_VALUE_KEPT_PATH": os.path.relpath(place.kept, place.project),
        "SOCIAL_VALUE_REFERENCE_PATH": os.path.relpath(place.reference, place.project),
    }
    parsed = _parsed_before(paths | ({} if target == EMBEDDED else {"target": target.name}))
    if parsed.exists() and not (place.target / PARSED).exists():
        shutil.copyfile(parsed, place.target / PARSED)
    done = subprocess.run(
        [
            # Not with its own folder on the path: ours has modules that are called as Python's.
            *(sys.executable, "-P", "-m", target.process, str(place.results)),
            "--quiet",
            *words,
            *("--project-dir", str(place.project), "--profiles-dir", str(place.project)),
            *("--target-path", str(place.target), "--log-path", str(place.target)),
            *(() if target == EMBEDDED else ("--target", target.name)),
        ],
        env={
            **handed_on(os.environ),
            **environment,
            **target.environment,
            **paths,
            "DO_NOT_TRACK": "1",
        },
        cwd=place.project,
        pass_fds=tuple(locks),
        capture_output=True,
        text=True,
        check=False,
    )
    _keep_parsed(place.target / PARSED, parsed)
    return done


def handed_on(environment: Mapping[str, str]) -> dict[str, str]:
    """What dbt needs of an environment: none of our secrets, and at each of its ten thousand
    events it looks through all that it was given.
    """
    return {
        name: value
        for name, value in environment.items()
        if name in HANDED_ON or name.startswith(("DBT_", "LC_", "PYTHON"))
    }


def project_files(place: Workplace) -> dict[str, bytes]:
    """Every file of the project that decides what is built, by where it lies in it.

    Raises DeclarationError where one cannot be made, since what is declared is wrong.
    """
    found = {name: (SOURCE / name).read_bytes() for name in FILES}
    for layer, folder in _folders(place).items():
        for path in folder.rglob("*.*"):
            found[f"{layer}/{path.relative_to(folder)}"] = path.read_bytes()
    return found | _made(place.places, tuple(sorted(found.items())), _declared(place.places))


def _declared(places: Places) -> str:
    """The hash of all that files of the project are made from and that does not lie in it."""
    folders = (places.contracts, places.tables, places.indicators, places.authority)
    paths = [path for folder in folders for path in folder.glob("*.yaml")]
    return digest_of({str(path): path.read_bytes() for path in paths})


@lru_cache(maxsize=1)
def _made(
    places: Places, written: tuple[tuple[str, bytes], ...], declared: str
) -> dict[str, bytes]:
    """The files that are made of `written` ones and of what is `declared`.

    A build asks three times, and to read all that is declared takes longer than to look whether it
    is what it was.
    """
    contracts = list(read_contracts(places.contracts).values())
    tables = [one for one in every_table(places.tables) if one.of]
    indicators = read_indicators(places.indicators)
    authority = read_authority(places.authority)
    return made_files(dict(written), contracts, indicators, tables, authority.region_called)


def _folders(place: Workplace) -> dict[str, Path]:
    """The project's folders, by their names in it, and where each lies."""
    own = {"seeds": place.places.seeds, "authority": place.places.models}
    return {layer: SOURCE / layer for layer in LAYERS} | own


def _lay_out(place: Workplace) -> None:
    files = {name: SOURCE / name for name in FILES}
    for name, source in {**files, **_folders(place)}.items():
        link = place.project / name
        if not source.exists():
            continue
        if not link.is_symlink() or link.readlink() != source:
            link.unlink(missing_ok=True)
            link.symlink_to(source)
    made = {path: text for path, text in project_files(place).items() if path.startswith(FOLDER)}
    for path in (place.project / FOLDER).rglob("*.*"):
        if str(path.relative_to(place.project)) not in made:
            path.unlink()
    for name, content in made.items():
        path = place.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)


def clear(place: Workplace) -> None:
    """Remove the new file, and what spilled from one that was killed."""
    shutil.rmtree(Path(f"{place.model}.tmp"), ignore_errors=True)
    for left in (place.model, Path(f"{place.model}.wal")):
        left.unlink(missing_ok=True)


def set_moment(model: Path, as_of: datetime) -> None:
    """Put the moment the figures are for where the macro as_of() reads it."""
    if model.exists():
        return
    with duckdb.connect(str(model)) as connection:
        connection.execute("create schema build")
        connection.execute("create table build.moment as select ? as as_of", [as_of])


def kept_for_all_homes() -> Path | None:
    """The folder of what dbt has made for every home: of a checkout that can be written to."""
    installed = SOURCE.is_relative_to(PROJECT / "flows")  # pip's own, and nobody's to write to
    folder = SOURCE / "target"
    writable = os.access(folder if folder.exists() else SOURCE, os.W_OK)
    return folder if writable and not installed else None


def _parsed_before(paths: dict[str, str]) -> Path:
    name = hashlib.sha256(json.dumps(paths, sort_keys=True).encode()).hexdigest()[:12]
    return SOURCE / "target" / f"{name}-{PARSED}"


def _keep_parsed(parsed: Path, kept: Path) -> None:
    """Keep what dbt has parsed for other homes."""
    if not parsed.exists() or kept_for_all_homes() is None:
        return
    if kept.exists() and kept.stat().st_size == parsed.stat().st_size:
        return
    kept.parent.mkdir(exist_ok=True)
    with written_whole(kept, 0o644) as partial:
        shutil.copyfile(parsed, partial)
