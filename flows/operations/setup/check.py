"""An authority's folder, looked over whole: every answer at once, with file, line and column.

The files are laid over what ships as they would be in use. One that cannot be is said so, and what
ships stands in its place for the rest of the look.
"""

import re
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import duckdb
import yaml

from expectations.suite import BUILT_IN, Suite
from exports.definitions.headline import CALLED, OwnHeadline
from exports.definitions.narrative import Narrative
from exports.definitions.papers import AssumptionsLog, QaLog
from exports.definitions.table import TableDefinition
from exports.disclosure.thresholds import Thresholds
from exports.edition.movements import Movements
from exports.edition.not_known import Limits
from flows.authority.dated_rows import dated_faults
from flows.authority.declaration import FILE, read_authority
from flows.authority.indicators import Indicators
from flows.authority.overlay import Rows, read_rows
from flows.authority.places import Places, definitions_of, places_in
from flows.authority.seed_rows import Fault, lines_of, row_faults
from flows.authority.seed_schema import read_schemas
from flows.common import clock
from flows.common.declarations import DeclarationError, Declared, read_declared
from flows.common.due_dates import read_holidays
from flows.common.seeds import load_seeds
from flows.operations.server.own_server import DEPLOYMENTS
from flows.operations.server.schedules import deployments_of
from flows.operations.setup.check_models import model_faults
from flows.operations.setup.check_suites import suite_faults
from flows.post.sources import FILE as SOURCES
from flows.post.sources import Sources
from flows.publishing.named_cells import cell_faults
from flows.returns.contract import Contract, Table

# What each folder's files are.
MODELS: dict[str, type[Declared]] = {
    "contracts": Contract,
    "suites": Suite,
    "tables": TableDefinition,
    "narrative": Narrative,
    "indicators": Indicators,
}
BY_NAME: dict[str, type[Declared]] = {
    "limits/movements.yaml": Movements,
    "limits/not_known.yaml": Limits,
    "disclosure/thresholds.yaml": Thresholds,
    "papers/assumptions.yaml": AssumptionsLog,
    "papers/qa_log.yaml": QaLog,
}


NO_RELEASE = (
    "its name says no release: headline_quarterly_2022-23-Q4.yaml, or headline_annual_2022-23.yaml"
)
SAID = re.compile(r"^(?P<file>.*?)(?:, line (?P<line>\d+))?: (?P<what>.*)$")


def check(folder: Path) -> list[Fault]:
    """Everything that is wrong in the folder, by file and line."""
    try:
        offered = yaml.safe_load(DEPLOYMENTS.read_text(encoding="utf-8"))["deployments"]
        deployments_of(read_authority(folder), offered)
    except DeclarationError as error:
        return _told(error, folder, FILE)
    with tempfile.TemporaryDirectory(prefix="check-") as made:
        place, unread = Path(made), list[str]()
        try:
            files = definitions_of(folder, unread)
        except DeclarationError as error:
            return _told(error, folder, FILE)
        faults = [one for text in unread for one in _told(text, folder)]
        for path, content in files.items():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_bytes(content)
        places = places_in(place)
        for name in Places.__dataclass_fields__:
            getattr(places, name).mkdir(exist_ok=True)
        own = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))
        faults += _sources(folder, places.contracts)
        faults += _seeds(folder, place, own)
        faults += _declared(folder, place, own)
        faults += _names(folder, places, own)
        faults += _run_out(folder, places, own)
        faults += model_faults(folder, places, own, place)
        faults += _suites(folder, places, own)
    return sorted(set(faults))


def _told(error: object, folder: Path, file: str = "") -> list[Fault]:
    """The faults that an error tells, a line each; `file`: of which, where it does not say."""
    faults = []
    for text in str(error).splitlines():
        found = SAID.match(text)
        named = found["file"].removeprefix(f"{folder}/") if found else file
        if found and (folder / named).exists():
            faults.append(Fault(named, int(found["line"] or 1), "", found["what"]))
        else:
            faults.append(Fault(file, 1, "", text))
    return faults


def _sources(folder: Path, contracts: Path) -> Iterator[Fault]:
    """What is wrong with where files are fetched from, and with the returns it names."""
    path = folder / SOURCES
    if not path.is_file():
        return
    try:
        declared = read_declared(path, Sources)
    except DeclarationError as error:
        yield from _told(error, folder, SOURCES)
        return
    named = {one for sender in declared.senders for one in sender.returns}
    named |= {one for source in declared.sources for one in source.returns}
    for name in sorted(named - {contract.stem for contract in contracts.glob("*.yaml")}):
        yield Fault(SOURCES, 1, "returns", f"there is no return called {name}")


def _seeds(folder: Path, place: Path, own: Sequence[str]) -> Iterator[Fault]:
    """What is wrong with the authority's own rows, against the seeds as they are laid out."""
    paths = sorted((place / "seeds").iterdir())
    schemas = read_schemas({p.name: p.read_bytes() for p in paths if p.suffix == ".yml"})
    seeds: dict[str, Rows] = {
        p.stem: read_rows(p.name, p.read_bytes())[1] for p in paths if p.suffix == ".csv"
    }
    returns = {path.stem for path in (place / "contracts").glob("*.yaml")}
    for path in own:
        if not (path.startswith("seeds/") and path.endswith(".csv")):
            continue
        schema = schemas.get(Path(path).stem)
        if schema is None:
            yield Fault(path, 1, "", "no YAML beside it says what its columns are")
            continue
        content = (folder / path).read_bytes()
        try:
            header, rows = read_rows(path, content)
        except DeclarationError:
            continue  # which laying out has told
        if set(header) - set(schema.types):
            continue
        lines = lines_of(content)
        yield from row_faults(path, rows, lines, schema, seeds)
        yield from dated_faults(path, rows, lines, schema, seeds.get("obligations", []))
        for row, line in zip(rows, lines, strict=True):
            named = row.get("return")
            if named and named not in returns:
                yield Fault(path, line, "return", f"no contract is called {named}")


def _declared(folder: Path, place: Path, own: Sequence[str]) -> Iterator[Fault]:
    """What is wrong with the authority's own YAML, as it is laid over what ships."""
    for path in own:
        folder_of, _, name = path.partition("/")
        model = BY_NAME.get(path) or MODELS.get(folder_of)
        if folder_of == "narrative" and name.startswith("headline_"):
            model = OwnHeadline
            if not CALLED.match(name):
                yield Fault(path, 1, "", NO_RELEASE)
        laid_out = place / path
        if model is None or not path.endswith(".yaml") or not laid_out.is_file():
            continue
        if path == f"suites/{BUILT_IN}":
            yield Fault(path, 1, "", "the built-in rules are part of the code")
            continue
        try:
            read = read_declared(laid_out, model)
        except DeclarationError as error:
            text = (folder / path).read_text("utf-8")
            for one in _told(str(error).replace(str(place), str(folder)), folder, path):
                yield _in_own(one, text)
            continue
        named = next((getattr(read, n) for n in NAMED if hasattr(read, n)), None)
        if named is not None and named != Path(path).stem:
            yield Fault(path, 1, "", f"the file is called {Path(path).stem} and speaks of {named}")


NAMED = ("return_name", "suite", "name")


def _in_own(fault: Fault, text: str) -> Fault:
    """The fault by its line in the authority's own text, where that extends another."""
    if not re.search(r"^extends:", text, re.MULTILINE):
        return fault
    words = [word for word in re.split(r"[.: ]", fault.what) if re.fullmatch(r"[a-z_]{3,}", word)]
    for word in reversed(words):
        for number, line in enumerate(text.splitlines(), start=1):
            if re.search(rf"\b{word}:", line):
                return Fault(fault.file, number, fault.column, fault.what)
    return Fault(fault.file, 1, fault.column, fault.what)


def _names(folder: Path, places: Places, own: Sequence[str]) -> Iterator[Fault]:
    """What the authority's words and limits name that no table has; a contract without a suite."""
    yield from cell_faults(folder, places, own)
    suites = {path.stem for path in places.suites.glob("*.yaml")}
    retained = {
        row["return"]
        for row in read_rows("retention", (places.seeds / "retention.csv").read_bytes())[1]
    }
    for path in own:
        name = Path(path).stem
        if path == f"contracts/{name}.yaml":
            if name not in suites:
                yield Fault(path, 1, "", f"no suite judges it: write suites/{name}.yaml")
            if name not in retained:
                yield Fault(path, 1, "", "seeds/retention.csv does not say how long it is kept")


def _run_out(folder: Path, places: Places, own: Sequence[str]) -> Iterator[Fault]:
    """Seeds whose days are over: without bank holidays a due day is worked out wrong, and of the
    authority's own dated rows one at least should hold today.
    """
    today = clock.now().date()
    known = max(read_holidays(places.seeds), default=date.min)
    if known < today:
        what = f"no bank holiday after {known} is known: add those that were announced since"
        yield Fault("seeds/bank_holidays.csv", 1, "day", what)
    for path in own:
        if not (path.startswith("seeds/") and path.endswith(".csv")):
            continue
        try:
            _, rows = read_rows(path, (folder / path).read_bytes())
        except DeclarationError:
            continue  # which laying out has told
        ends = [row.get("valid_to", "") for row in rows]
        if ends and max(ends) < today.isoformat() and all(ends):
            what = f"nothing in it holds after {max(ends)}: add what holds since, or take it out"
            yield Fault(path, 2 + ends.index(max(ends)), "valid_to", what)


def _suites(folder: Path, places: Places, own: Sequence[str]) -> Iterator[Fault]:
    """The authority's own suites, and those of its own contracts, each held to its examples."""
    names = {Path(path).stem for path in own if path.startswith(("suites/", "contracts/"))}
    if not names:
        return
    tables = dict(_readable_tables(places))
    for name in sorted(names):
        path = f"suites/{name}.yaml"
        if not (places.suites / f"{name}.yaml").is_file():
            continue
        try:
            suite = read_declared(places.suites / f"{name}.yaml", Suite)
        except DeclarationError:
            continue  # which reading it has told
        if suite.batch is not None:
            continue  # it judges returns beside each other, and gives no rows
        if suite.suite not in tables:
            if not (places.contracts / f"{suite.suite}.yaml").is_file():
                yield Fault(path, 1, "suite", f"no contract has a table called {suite.suite}")
            continue
        text = (folder / path).read_text("utf-8") if (folder / path).is_file() else ""
        with duckdb.connect() as connection:
            try:
                load_seeds(connection, suite.seeds, places.seeds)
            except DeclarationError as error:
                yield Fault(path, 1, "", str(error).split(", and there")[0])
                continue
            for rule, what in suite_faults(connection, suite, tables[suite.suite].columns):
                yield Fault(path, _line_of_rule(text, rule), rule, what)


def _readable_tables(places: Places) -> Iterator[tuple[str, Table]]:
    """The tables of every contract that can be read; of the others reading them has told."""
    for path in sorted(places.contracts.glob("*.yaml")):
        try:
            yield from read_declared(path, Contract).tables.items()
        except DeclarationError:
            continue


def _line_of_rule(text: str, rule: str) -> int:
    for number, line in enumerate(text.splitlines(), start=1):
        if re.search(rf"\b(id: |)\b{re.escape(rule)}\b", line):
            return number
    return 1
