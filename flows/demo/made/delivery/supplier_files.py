"""A supplier's return as it fills it in: three templates, with the people sheet or without."""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.demo.made.authority.authority import Supplier
from flows.demo.made.authority.canaries import Identity, identity
from flows.demo.made.authority.layouts import headers
from flows.demo.made.authority.sheets import as_text, csv_file
from flows.demo.made.authority.workbook import Cell, Rows, workbook
from flows.demo.made.contracts.measures import code_for
from flows.demo.made.delivery.claims import Claim, code_cell, quantity_cell
from flows.demo.made.delivery.workers import OTHER_WORDS, Worker

CONTACTS = 8000  # the first of the identities that fill in returns
_FIELDS = (
    "reference code quantity unit reckoning evidence share shared contract_only committed status "
    "extra_cost narrative"
)
_PEOPLE = "contract reference name birth home start end fte local apprentice group"
_INSTRUCTIONS = (("How to fill in this return",), ("One row for each contract and measure.",))


@dataclass(frozen=True)
class Template:
    """A template: its sheets' names, the titles above its header, its headers and its words."""

    sheet: str
    titles: tuple[tuple[str, ...], ...]
    header: tuple[str, ...]
    words: dict[str, str]
    yes_no: tuple[Cell, Cell]
    people_sheet: str
    people_header: tuple[str, ...]
    own_group_words: bool


_STANDARD = Template(
    sheet="Return",
    titles=(
        ("Social value return",),
        ("Please fill in one row for each contract and measure",),
        (),
    ),
    header=headers("supplier return, standard"),
    words={},
    yes_no=("Yes", "No"),
    people_sheet="People",
    people_header=headers("supplier return, standard, people"),
    own_group_words=False,
)
_ESSEX = Template(
    sheet="SV Quarterly Reporting",
    titles=(),
    header=headers("supplier return, essex"),
    words={
        "in period": "this quarter",
        "cumulative": "to date",
        "claimed": "submitted",
        "evidenced": "evidence provided",
        "validated": "verified",
        "rejected": "not accepted",
    },
    yes_no=("Y", "N"),
    people_sheet="Employees",
    people_header=headers("supplier return, essex, people"),
    own_group_words=True,
)
_WORDS = Template(
    sheet="Social value",
    titles=(("Supplier social value tracker",), ()),
    header=headers("supplier return, words"),
    words={
        "cumulative": "Cumulative to date",
        "claimed": "New",
        "evidenced": "Evidence received",
        "validated": "Approved",
        "rejected": "Declined",
    },
    yes_no=(True, False),
    people_sheet="Local employment",
    people_header=headers("supplier return, words, people"),
    own_group_words=True,
)
TEMPLATES = {"standard": _STANDARD, "essex": _ESSEX, "words": _WORDS}


@dataclass(frozen=True)
class Filled:
    """A file's bytes, its sheets' names and the row at which each table begins (from 1)."""

    content: bytes
    sheet: str
    first_row: int
    people_sheet: str
    dropped: int


@dataclass(frozen=True)
class Manner:
    """How a file is made beyond its template: as CSV, oddly named, locked, a header changed."""

    as_csv: bool = False
    sheet: str = ""
    is_protected: bool = False
    quantity_header: str = ""


def fill_in(
    claims: Sequence[Claim],
    workers: Sequence[Worker] | None,
    supplier: Supplier,
    template: str,
    manner: Manner,
) -> Filled:
    """The return as a file."""
    layout, contact = TEMPLATES[template], identity(CONTACTS + int(supplier.supplier_id) % 997)
    header = [
        manner.quantity_header or name if n == 2 else name for n, name in enumerate(layout.header)
    ]
    rows: list[list[Cell]] = [list(title) for title in layout.titles]
    rows += [[*header], *(_claim_row(claim, layout, contact) for claim in claims)]
    first, dropped = len(layout.titles) + 2, len(layout.titles)
    if manner.as_csv:
        content = csv_file([*map(as_text, rows)], "cp1252", "\r\n")
        return Filled(content, "", first, "", dropped)
    sheet = manner.sheet or layout.sheet
    sheets: list[tuple[str, Rows]] = [(sheet, rows)]
    if manner.sheet:
        sheets.insert(0, ("Instructions", _INSTRUCTIONS))
        dropped += len(_INSTRUCTIONS)
    if workers is not None:
        people = [_worker_row(worker, layout) for worker in workers]
        sheets.append((layout.people_sheet, [layout.people_header, *people]))
    content = workbook(sheets, protected=manner.is_protected)
    return Filled(content, sheet, first, layout.people_sheet, dropped)


def _claim_row(claim: Claim, layout: Template, contact: Identity) -> list[Cell]:
    cells: dict[str, Cell] = {
        "reference": claim.reference,
        "code": code_cell(claim),
        "quantity": quantity_cell(claim),
        "unit": code_for(claim.measure_id, claim.template).unit,
        "reckoning": layout.words.get(claim.reckoning, claim.reckoning),
        "evidence": claim.evidence,
        "share": claim.share,
        "shared": claim.shared_outcome,
        "contract_only": _tick(claim.contract_only, layout),
        "committed": _tick(claim.committed, layout),
        "status": layout.words.get(claim.said, claim.said),
        "extra_cost": claim.extra_cost_word or claim.extra_cost,
        "narrative": claim.narrative,
    }
    return [
        *(cells[field] for field in _FIELDS.split()),
        contact.name,
        contact.email,
        contact.phone,
    ]


def _worker_row(worker: Worker, layout: Template) -> list[Cell]:
    group = OTHER_WORDS.get(worker.group, worker.group) if layout.own_group_words else worker.group
    cells: dict[str, Cell] = {
        "contract": worker.contract,
        "reference": worker.reference,
        "name": worker.who.name,
        "birth": worker.who.birth_date,
        "home": worker.home_postcode,
        "start": worker.start,
        "end": worker.end,
        "fte": worker.fte,
        "local": _tick(worker.is_local, layout),
        "apprentice": _tick(worker.is_apprentice, layout),
        "group": group or None,
    }
    return [cells[field] for field in _PEOPLE.split()]


def _tick(ticked: bool | None, template: Template) -> Cell:
    if ticked is None:
        return None
    yes, no = template.yes_no
    return yes if ticked else no
