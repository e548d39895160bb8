"""Where the definitions in use lie: what ships, with the authority's folder over it.

They are laid out once for each state of both, as plain files below the home, so that every reader
finds them in one place and anybody can look at them.
"""

import atexit
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from flows.authority.binding import folder_of
from flows.authority.declaration import FILE, Authority, read_authority
from flows.authority.declared_rows import with_declared_rows
from flows.authority.overlay import merged
from flows.authority.roles import roles_of
from flows.authority.switched import switched
from flows.common.declarations import DeclarationError
from flows.common.files import digest_of
from flows.common.processes import own_mark
from flows.common.settings import CONTRACTS, DBT_PROJECT, INDICATORS, PROJECT, Settings

KEPT_SECONDS = 24 * 3600  # longer than anything takes that reads definitions


@dataclass(frozen=True)
class Places:
    """The folders of what people edit; `models`: dbt's, of the authority alone."""

    seeds: Path
    indicators: Path
    contracts: Path
    layouts: Path
    suites: Path
    tables: Path
    disclosure: Path
    narrative: Path
    limits: Path
    papers: Path
    authority: Path
    models: Path

    @property
    def thresholds(self) -> Path:
        """The file with the numbers of disclosure control."""
        return self.disclosure / "thresholds.yaml"

    @property
    def movements(self) -> Path:
        """The file with the figures that may not move far."""
        return self.limits / "movements.yaml"

    @property
    def not_known(self) -> Path:
        """The file with how much may not be known."""
        return self.limits / "not_known.yaml"


SHIPPED = {
    "seeds": DBT_PROJECT / "seeds",
    "indicators": INDICATORS,
    "contracts": CONTRACTS,
    "layouts": PROJECT / "flows" / "returns" / "layouts",
    "suites": PROJECT / "expectations" / "suites",
    "tables": PROJECT / "exports" / "tables",
    "disclosure": PROJECT / "exports" / "disclosure",
    "narrative": PROJECT / "exports" / "narrative",
    "limits": PROJECT / "exports" / "limits",
    "papers": PROJECT / "exports" / "papers",
}
NAMES = tuple(one.name for one in fields(Places))
_laid_out: dict[str, Places] = {}


def places_in(folder: Path) -> Places:
    """The definitions that a folder holds, by their names."""
    return Places(**{name: folder / name for name in NAMES})


def places_in_use(settings: Settings) -> Places:
    """Where the definitions in use are; laid out first where they are not as they were.

    Raises DeclarationError, which names each file that is wrong.
    """
    if settings.definitions:
        return places_in(settings.definitions)
    folder = folder_of(settings)
    return lay_out(settings.home / "definitions" if settings.home.is_dir() else _aside(), folder)


def with_definitions_of_now(settings: Settings) -> Settings:
    """The settings with the definitions of this moment, which what is edited later does not reach.

    Raises DeclarationError.
    """
    return settings.model_copy(update={"definitions": places_in_use(settings).seeds.parent})


def lay_out(place: Path, folder: Path) -> Places:
    """Lay out what ships with an authority's folder over it, in a folder of `place` by its digest.

    Nothing is read where every file of both is as it was. Raises DeclarationError.
    """
    state = _state(place, folder)
    if state in _laid_out and _laid_out[state].seeds.is_dir():
        return _laid_out[state]
    note = place / f"{state}.laid-out"
    known = place / note.read_text(encoding="utf-8") if note.is_file() else None
    if known is None or not known.is_dir():
        files = definitions_of(folder)
        known = place / digest_of(files)[:16]
        _write(known, files)
        _prune(place, known)
        partial = note.with_name(f".{note.name}.{own_mark()}.partial")
        partial.write_text(known.name, encoding="utf-8")
        partial.replace(note)
    _laid_out[state] = places_in(known)
    return _laid_out[state]


def definitions_of(folder: Path, faults: list[str] | None = None) -> dict[str, bytes]:
    """Every definition, by its path. Raises DeclarationError.

    Where `faults` is given, what is wrong with single files goes there, and what ships stands.
    """
    authority = read_authority(folder)
    core = {path: file.read_bytes() for path, file in _shipped()}
    own = {path: file.read_bytes() for path, file in _own(folder)}
    known = {name for name in os.listdir(folder) if (folder / name).is_dir()}
    if unknown := sorted(one for one in known - {*SHIPPED, "models"} if not one.startswith(".")):
        raise DeclarationError(
            f"{folder}: {', '.join(unknown)}: a folder of definitions is called"
            f" {', '.join(SHIPPED)} or models."
        )
    files = merged(core, own, roles_of(authority, core, own), faults)
    files = with_declared_rows(files, faults)
    if authority.indicators != "all":
        files = switched(files, set(authority.indicators))
    files[f"authority/{FILE}"] = (folder / FILE).read_bytes()
    if authority.logo:
        files[f"authority/{authority.logo}"] = _logo(folder, authority)
    return files


@cache
def _aside() -> Path:
    """A folder for as long as the process lives: to look at a home that is not there makes none."""
    folder = tempfile.mkdtemp(prefix="definitions-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _shipped() -> Iterator[tuple[str, Path]]:
    for name, folder in SHIPPED.items():
        yield from _files(name, folder)


def _own(folder: Path) -> Iterator[tuple[str, Path]]:
    for name in SHIPPED:
        yield from _files(name, folder / name)
    for path in sorted((folder / "models").rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


def _files(name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    kinds = (".csv", ".yml") if name == "seeds" else (".yaml",)
    if folder.is_dir():
        for entry in sorted(os.scandir(folder), key=lambda one: one.name):
            if entry.name.endswith(kinds):
                yield f"{name}/{entry.name}", Path(entry.path)


def _logo(folder: Path, authority: Authority) -> bytes:
    try:
        return (folder / str(authority.logo)).read_bytes()
    except OSError as error:
        raise DeclarationError(f"{folder / FILE}: logo: {error.strerror}.") from None


def _state(place: Path, folder: Path) -> str:
    """What changes whenever a file of either is another: names, sizes and times."""
    whole = hashlib.sha256(f"{place}\0{folder}".encode())
    for _, path in (*_shipped(), *_own(folder), ("", folder / FILE)):
        try:
            found = path.stat()
        except FileNotFoundError:
            continue
        whole.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return whole.hexdigest()[:16]


def _write(place: Path, files: Mapping[str, bytes]) -> None:
    """The folder with these files, there whole or not at all."""
    if place.is_dir():
        return
    partial = place.with_name(f".{place.name}.{own_mark()}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    for name in NAMES:
        (partial / name).mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        target = partial / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    try:
        partial.rename(place)
    except OSError:  # another process was quicker, with the same files
        shutil.rmtree(partial, ignore_errors=True)


def _prune(place: Path, current: Path) -> None:
    """Remove what was laid out so long ago that nobody reads it any more."""
    for path in place.iterdir():
        if path != current and path.stat().st_mtime < time.time() - KEPT_SECONDS:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()
