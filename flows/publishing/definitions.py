"""What defines a figure: seeds, contracts, suites, tables, words, models; and digests of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from exports.definitions.narrative import FOLDER as NARRATIVES
from exports.definitions.table import TABLES
from exports.disclosure.thresholds import THRESHOLDS
from exports.edition.movements import MOVEMENTS
from flows.common.files import digest_of
from flows.common.settings import DBT_PROJECT, INDICATORS, MODEL_FOLDERS, PROJECT, Settings

CODE = {"exports": ("*.py", "*.html", "*.css"), "flows": ("*.py", "*.sql")}


@dataclass(frozen=True)
class Places:
    """The folders of what people edit."""

    seeds: Path
    contracts: Path
    suites: Path
    indicators: Path = INDICATORS
    tables: Path = TABLES
    disclosure: Path = THRESHOLDS.parent
    narrative: Path = NARRATIVES
    limits: Path = MOVEMENTS.parent

    @property
    def thresholds(self) -> Path:
        """The file with the numbers of disclosure control."""
        return self.disclosure / THRESHOLDS.name


def places_in_use(settings: Settings) -> Places:
    """Where the definitions in use are."""
    return Places(settings.seeds, settings.contracts, settings.suites, settings.indicators)


def places_kept(definitions: Path) -> Places:
    """Where a release keeps the definitions that it used."""
    return Places(**{name: definitions / name for name in Places.__dataclass_fields__})


def edited_files(places: Places) -> dict[str, bytes]:
    """Every file that people edit to define a figure, by the path it has in a release."""
    found = {}
    for name in Places.__dataclass_fields__:
        pattern = "*.csv" if name == "seeds" else "*.yaml"
        for path in sorted(getattr(places, name).glob(pattern)):
            found[f"{name}/{path.name}"] = path.read_bytes()
    return found


def model_files() -> dict[str, bytes]:
    """Every file of dbt's models and macros, by its name alone: it may move to another folder."""
    paths = [path for layer in MODEL_FOLDERS for path in (DBT_PROJECT / layer).rglob("*.*")]
    return {f"models/{path.name}": path.read_bytes() for path in sorted(paths)}


def code_digest() -> str:
    """A digest of the code that a release's bytes are made by, apart from its definitions."""
    return digest_of(dict(_code()))


def _code() -> Iterator[tuple[str, bytes]]:
    for folder, patterns in CODE.items():
        for pattern in patterns:
            for path in (PROJECT / folder).rglob(pattern):
                if DBT_PROJECT not in path.parents:
                    yield path.relative_to(PROJECT).as_posix(), path.read_bytes()
