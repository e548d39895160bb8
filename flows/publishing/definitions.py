"""What defines a figure: seeds, contracts, suites, tables, words, models; and digests of them."""

from collections.abc import Iterator

from exports.definitions.headline import CALLED, name_of_headline
from flows.authority.places import SHIPPED, Places
from flows.common.files import digest_of
from flows.common.periods import Period
from flows.common.settings import DBT_PROJECT, MODEL_FOLDERS, PROJECT

CODE = {"exports": ("*.py", "*.html", "*.css"), "flows": ("*.py", "*.sql")}


# What a release keeps: the papers are about the system, and models are digested by themselves.
KEPT = (
    "seeds", "contracts", "suites", "indicators", "tables", "disclosure", "narrative", "limits",
    "authority",
)  # fmt: skip


def edited_files(places: Places) -> dict[str, bytes]:
    """Every file that people edit to define a figure, by the path it has in a release.

    The headlines that the authority wrote define none: each is of one release alone.
    """
    found = {}
    for name in KEPT:
        pattern = {"seeds": "*.csv", "authority": "*"}.get(name, "*.yaml")
        for path in sorted(getattr(places, name).glob(pattern)):
            if not CALLED.match(path.name):
                found[f"{name}/{path.name}"] = path.read_bytes()
    return found


def own_headline(places: Places, publication: str, period: Period) -> dict[str, bytes]:
    """The file with the authority's headline for a release, if it wrote one."""
    path = places.narrative / name_of_headline(publication, period)
    return {f"narrative/{path.name}": path.read_bytes()} if path.is_file() else {}


def model_files(places: Places) -> dict[str, bytes]:
    """Every file of dbt's models and macros, by its name alone: it may move to another folder."""
    folders = [*(DBT_PROJECT / layer for layer in MODEL_FOLDERS), places.models]
    paths = [path for folder in folders for path in folder.rglob("*.*")]
    return {f"models/{path.name}": path.read_bytes() for path in sorted(paths)}


def own_files(places: Places) -> dict[str, bytes]:
    """What a release needs of the authority's folder to be made again, beside what is in it: dbt
    models, and what seeds of its own are, by their paths in the folder.
    """
    paths = {
        f"models/{path.relative_to(places.models).as_posix()}": path
        for path in sorted(places.models.rglob("*"))
        if path.is_file()
    }
    shipped = {path.name for path in SHIPPED["seeds"].glob("*.yml")}
    paths |= {
        f"seeds/{path.name}": path
        for path in sorted(places.seeds.glob("*.yml"))
        if path.name not in shipped
    }
    return {name: path.read_bytes() for name, path in paths.items()}


def code_digest() -> str:
    """A digest of the code that a release's bytes are made by, apart from its definitions."""
    return digest_of(dict(_code()))


def _code() -> Iterator[tuple[str, bytes]]:
    for folder, patterns in CODE.items():
        for pattern in patterns:
            for path in (PROJECT / folder).rglob(pattern):
                if DBT_PROJECT not in path.parents:
                    yield path.relative_to(PROJECT).as_posix(), path.read_bytes()
