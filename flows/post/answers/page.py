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
from flows.post.answers.standing import Standing, how_it_stands, what_happens
from flows.post.sources import Sender, Source
from flows.returns.contract import Contract
from flows.returns.templates.workbook import template_bytes
from flows.returns.templates.write import file_name, listings
from flows.warehouse.connection import Row

PAGE = "index.html"
Known = Collection[tuple[str, str]]  # each a sender, and what he was sent
ELSEWHERE = "The answer to the file says so."


def page_of(
    sender: Sender,
    place: Source,
    standing: Standing,
    contracts: dict[str, Contract],
    settings: Settings,
    sent: Known,
) -> Parcel | None:
    """The page for a place, with a template of each of his returns; None where it lies there.

    Raises DeclarationError.
    """
    of_sender = {
        f"templates/{one}.xlsx": contracts[one] for one in sender.returns if one in contracts
    }
    links = [(path, f"Template: {contract.title}") for path, contract in of_sender.items()]
    hidden = () if place.is_only_of(sender.id) else _of_people(contracts)
    pages = sender_page(sender.id, standing, settings, PAGE, links, hidden)
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
    standing: Standing,
    settings: Settings,
    name: str = PAGE,
    links: Sequence[tuple[str, str]] = (),
    hidden: Collection[str] = (),
) -> dict[str, str]:
    """The page, and what goes on of it, by name.

    `links`: path and name; `hidden`: the returns whose faults are not worded.
    """
    authority = read_authority(places_in_use(settings).authority)
    contact = authority.contact
    lists = [
        _listed(
            "Owed",
            "What you owe",
            "A row is a return that is owed by now and has not come.",
            ["return", "period", "part", "due"],
            [_slot(row) for row in standing.owed],
        ),
        _listed(
            "To mend",
            "What is wrong, and how to mend it",
            "A row is a thing that is wrong in a return. Mend it in your own file and send the"
            " whole file again under the name it had: it takes the place of the one before.",
            ["return", "period", "what_to_do", "column", "rows", "first_row", "what_happens"],
            [_wrong(row, hidden) for row in standing.wrong],
        ),
        _listed(
            "Came",
            "What came",
            "A row is a return that is here, and how it stands.",
            ["return", "period", "part", "how_it_stands", "taken", "not_taken", "came", "due"],
            [_slot(row) for row in reversed(standing.came)],
        ),
    ]
    title = f"Your returns to {authority.name}"
    lines = [
        f"For {sender}.",
        _in_short(standing),
        f"Whom to ask: {contact.name}, {contact.email}.",
    ]
    folder = AuditFolder(
        title, "A sender's page", clock.now(), lines, lists, readers=f"for {sender}"
    )
    return folder_pages(folder, name, links)


def _in_short(standing: Standing) -> str:
    owed, wrong = len(standing.owed), len(standing.wrong)
    owes = f"You owe {owed} {'return' if owed == 1 else 'returns'}" if owed else "You owe nothing"
    mends = f"{wrong} {'thing is' if wrong == 1 else 'things are'} to mend" if wrong else ""
    return f"{owes}; {mends or 'nothing is to mend'} in what came."


def _listed(name: str, title: str, about: str, columns: list[str], rows: list[Row]) -> AuditList:
    """A list without the columns in which no row has anything."""
    filled = [one for one in columns if any(row[one] not in (None, "") for row in rows)]
    return AuditList(name, title, about, filled, rows)


def _slot(row: Row) -> Row:
    came = row["received_at"]
    return {
        "return": str(row["return"]).replace("_", " "),
        "period": row["period"],
        "part": row["part"],
        "due": row["due"],
        "came": str(came)[:10] if came else None,
        "how_it_stands": how_it_stands(row),
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
