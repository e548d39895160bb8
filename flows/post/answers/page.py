"""A sender's own page: what he owes, what came, what is wrong and how to mend it, and templates.

It changes when something of this does, and is left anew then. It shows no cell, and no day but
those of the returns.
"""

from collections.abc import Collection, Sequence

from exports.files.listing import AuditFolder, AuditList
from exports.site.listing_page import folder_pages
from flows.authority.declaration import read_authority
from flows.authority.places import places_in_use
from flows.common import clock
from flows.common.files import digest_of
from flows.common.settings import Settings
from flows.post.answers.parcel import Parcel
from flows.post.answers.standing import standing_of, what_happens
from flows.post.sources import Sender, Source
from flows.returns.contract import Contract, read_contracts
from flows.returns.templates.workbook import template_bytes
from flows.returns.templates.write import file_name, listings
from flows.warehouse.connection import Row

PAGE = "index.html"
Known = Collection[tuple[str, str]]  # each a sender, and what he was sent
ELSEWHERE = "The answer to the file says so."


def page_of(
    sender: Sender, place: Source, slots: Sequence[Row], settings: Settings, sent: Known
) -> Parcel | None:
    """The page for a place, with a template of each of his returns; None where it lies there.

    `slots`: the rows of `status`. Raises DeclarationError.
    """
    contracts = read_contracts(places_in_use(settings).contracts)
    of_sender = {
        f"templates/{one}.xlsx": contracts[one] for one in sender.returns if one in contracts
    }
    links = [(path, f"Template: {contract.title}") for path, contract in of_sender.items()]
    hidden = () if place.is_only_of(sender.id) else _of_people(contracts)
    pages = sender_page(sender.id, slots, settings, PAGE, links, hidden)
    files = {path: text.encode() for path, text in pages.items()}
    listed = {path: listings(contract, settings) for path, contract in of_sender.items()}
    made_from = {path: f"{of_sender[path].digest} {listed[path]}".encode() for path in of_sender}
    about = f"page/{digest_of({**files, **made_from})[:16]}"
    if (sender.id, about) in sent:
        return None
    for path, contract in of_sender.items():
        called = file_name(contract, sender.id, None)
        files[path] = template_bytes(contract, listed[path], called)
    return Parcel(sender.id, about, "Your page", "", files)


def sender_page(
    sender: str,
    slots: Sequence[Row],
    settings: Settings,
    name: str = PAGE,
    links: Sequence[tuple[str, str]] = (),
    hidden: Collection[str] = (),
) -> dict[str, str]:
    """The page, and what goes on of it, by name.

    `links`: path and name; `hidden`: the returns whose faults are not worded.
    """
    authority = read_authority(places_in_use(settings).authority)
    contact, standing = authority.contact, standing_of(sender, slots, settings)
    lists = [
        AuditList(
            "Owed",
            "What you owe",
            "A row is a return that is owed by now and has not come.",
            ["return", "period", "part", "due"],
            [_slot(row) for row in standing.owed],
        ),
        AuditList(
            "To mend",
            "What is wrong, and how to mend it",
            "A row is a thing that is wrong in a return. Mend it in your own file and send the"
            " whole file again under the name it had: it takes the place of the one before.",
            ["return", "period", "column", "rows", "first_row", "what_happens", "what_to_do"],
            [_wrong(row, hidden) for row in standing.wrong],
        ),
        AuditList(
            "Came",
            "What came",
            "A row is a return that is here, and how it stands.",
            ["return", "period", "part", "due", "came", "how_it_stands", "taken", "not_taken"],
            [_slot(row) for row in reversed(standing.came)],
        ),
    ]
    title = f"Your returns to {authority.name}"
    lines = [f"For {sender}.", f"Whom to ask: {contact.name}, {contact.email}."]
    folder = AuditFolder(
        title, "A sender's page", clock.now(), lines, lists, readers=f"for {sender}"
    )
    return folder_pages(folder, name, links)


def _slot(row: Row) -> Row:
    came = row["received_at"]
    return {
        "return": str(row["return"]).replace("_", " "),
        "period": row["period"],
        "part": row["part"],
        "due": row["due"],
        "came": str(came)[:10] if came else None,
        "how_it_stands": row["outcome"],
        "taken": row["rows_loaded"],
        "not_taken": row["rows_quarantined"],
    }


def _wrong(row: Row, hidden: Collection[str]) -> Row:
    return {
        "return": str(row["return"]).replace("_", " "),
        "period": row["period"],
        "column": str(row["column"] or "").replace("_", " "),
        "rows": row["rows"] or None,
        "first_row": row["first"],
        "what_happens": what_happens(row),
        "what_to_do": ELSEWHERE if row["return"] in hidden else row["message"],
    }


def _of_people(contracts: dict[str, Contract]) -> set[str]:
    return {name for name, contract in contracts.items() if contract.has_personal}
