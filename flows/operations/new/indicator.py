"""An indicator of an authority's own, over a return's columns, with its row of the registry."""

from collections.abc import Mapping
from pathlib import Path

from flows.authority.declaration import FILE, read_authority
from flows.authority.indicators import Indicators
from flows.authority.overlay import read_rows
from flows.authority.places import SHIPPED, definitions_of
from flows.common.declarations import parse_declared, read_declared
from flows.common.errors import InputError
from flows.operations.new.written import Begun, checked, quoted, write_new
from flows.returns.column import Column
from flows.returns.contract import Contract

INDICATOR = """# Figures over the rows of a return (docs/modelling.md, *A new indicator*).
name: {name}
reads: {reads}
breakdowns: [{breakdown}]
indicators:
  # What a row adds, as SQL of its columns; a share has a `denominator` too, and `where` says which
  # rows count.
  {number}:
    - {{basis: {basis}, title: {counted}, definition: {definition}, numerator: {numerator}}}
# What the registry says of it. `role` is commissioner, employer, service provider, investor or
# civic leader; `theme` economic, social or environmental; `better` higher, lower or neither.
registry:
  {number}:
    title: {title}
    role: service provider
    theme: social
    unit: {unit}
    rule: {rule}
    better: higher
    numerator_is: {definition}
    definition: {definition}
{broken_down}    minimum_coverage: 0.5  # of the returns owed, before it is published
    recorded_on: {since}
    source: The authority's own
    illustrative: false
    targets: []
    # - {{basis: {basis}, target: 100, tolerance: 5, scheme_id: three-point, period_kind: year}}
# Rows and what they add: the formulas are held to them whenever the models are tested.
examples:
  - name: what_a_row_adds
    says: A row adds what stands above.
    given:
      - {{{given}_row: 2}}
    expect:
      - {{basis: {basis}, {part}numerator: {adds}, denominator: 0, _row: 2}}
"""
BROKEN_DOWN = "    broken_down_by: {{{column}: {{meaning: {meaning}}}}}\n"


def new_indicator(folder: Path, name: str, reads: str, number: str = "") -> Begun:
    """Write the declaration of an indicator over a return. Raises InputError."""
    files = definitions_of(folder)
    contract = _contract(reads, files)
    number = number or _free_number(folder)
    title = quoted(checked(name).replace("_", " ").capitalize())
    counted = next((c for c in contract.columns if c.type in ("money", "number", "integer")), None)
    parted = next((c for c in contract.columns if _parts(c)), None)
    basis = counted.name.replace("_", "-") if counted else "rows"
    text = INDICATOR.format(
        name=name,
        reads=reads,
        number=number,
        basis=basis,
        title=title,
        counted=quoted(basis.replace("-", " ").capitalize()),
        definition=quoted(f"{counted.meaning}, of all rows" if counted else "Rows of the return"),
        numerator=counted.name if counted else '"1"',
        unit=quoted((counted.unit or counted.name.replace("_", " ")) if counted else "rows"),
        rule="sum" if counted else "count",
        breakdown=parted.name if parted else "",
        broken_down=BROKEN_DOWN.format(
            column=parted.name, meaning=quoted(f"Rows of that {parted.name.replace('_', ' ')} only")
        )
        if parted
        else "",
        since=_since(contract),
        given="".join(
            [f"{counted.name}: 10, " if counted else "", f"{parted.name}: a, " if parted else ""]
        ),
        part=f"{parted.name}: a, " if parted else "",
        adds="10" if counted else "1",
    )
    written = write_new(folder, {f"indicators/{name}.yaml": (text, Indicators)})
    steps = [
        f"In indicators/{name}.yaml say what a row adds (numerator, denominator, where), its title,"
        " unit and definition, and a target where there is one.",
        f"A table of it begins with social-value new table {name} --of {number}.",
    ]
    if read_authority(folder).indicators != "all":
        steps.insert(0, f"Name {number} under indicators: of {FILE}, or it is not published.")
    return Begun(written, steps)


def _contract(name: str, files: Mapping[str, bytes]) -> Contract:
    path = f"contracts/{name}.yaml"
    if path not in files:
        known = ", ".join(Path(one).stem for one in files if one.startswith("contracts/"))
        raise InputError(f"There is no return {name!r}; there are {known}.")
    return parse_declared(files[path].decode("utf-8"), path, Contract)


def _parts(column: Column) -> bool:
    """Whether a column has few texts, by which a figure may be broken down."""
    return column.type == "text" and column.privacy == "public" and not column.free_text


def _since(contract: Contract) -> str:
    days = [one.recorded_on for one in contract.obligations]
    return min(days).isoformat() if days else "2000-04-01"


def _free_number(folder: Path) -> str:
    """V01 or the next that no indicator has."""
    path = SHIPPED["seeds"] / "indicators.csv"
    taken = {row["indicator_id"] for row in read_rows(path.name, path.read_bytes())[1]}
    for one in sorted((folder / "indicators").glob("*.yaml")):
        taken |= read_declared(one, Indicators).indicators.keys()
    return next(f"V{n:02d}" for n in range(1, 1000) if f"V{n:02d}" not in taken)
