"""The answer to a file: a letter, the list of what is wrong, and the marked copy.

What may hold people lies in the sender's own folder and nowhere else, and no mail has it. A marked
copy is the sender's own workbook, in which anything may stand: it is never mailed at all.
"""

from flows.authority.declaration import read_authority
from flows.authority.places import places_in_use
from flows.common.settings import Settings
from flows.intake.answers.answer import answer_paths, opened
from flows.intake.answers.letter import LETTER, letter
from flows.intake.rules import read_rules
from flows.post.answers.due import Came
from flows.post.answers.parcel import Parcel, where_it_lies
from flows.post.sources import Sender, Sources
from flows.warehouse.connection import reading

HAPPENED = {
    "loaded": "all of it is taken",
    "partly quarantined": "rows of it are not in the figures until they are mended",
    "held": "it waits, and nothing of it counts yet",
    "rejected": "it could not be taken, so none of it counts",
}


def answer_to(came: Came, sender: Sender, sources: Sources, settings: Settings) -> Parcel:
    """What a sender is sent about a file. Raises DeclarationError."""
    contract = read_rules(settings).contracts.get(came.return_name)
    may_hold_people = contract is None or contract.has_personal
    title = contract.title if contract else came.return_name.replace("_", " ")
    periods = [one for one in came.periods if one]
    period = f", {', '.join(dict.fromkeys((periods[0], periods[-1])))}" if periods else ""
    folder = f"{came.received_at:%Y-%m-%d}_{came.return_name}_{_number(came)}"
    stem = came.file_name.rpartition(".")[0] or came.file_name
    paths = answer_paths(settings, came.return_name, came.filing_id, came.attempt)
    files = dict(opened(path, stem, settings) for path in paths)
    # Its name is the sender's own, and may be a person's: a mail calls it by what it is.
    mailed = "_".join([came.return_name, came.sender, *(p.lower() for p in periods[:1])])
    lists = {name.replace(stem, mailed, 1): c for name, c in files.items() if name.endswith(".csv")}
    with reading(settings) as connection:
        told = letter(connection, settings, came.filing_id, came.attempt, list(files))
        said = letter(
            connection, settings, came.filing_id, came.attempt, list(lists), f"from {came.sender}"
        )
    files[f"{stem}{LETTER}"] = told.encode()
    lies = _where(sender, sources, f"answers/{came.sender}/{folder}")
    contact = read_authority(places_in_use(settings).authority).contact
    instead = (
        f"{title}{period}, which came on {came.received_at:%d %B %Y}: {HAPPENED[came.outcome]}.\n\n"
        f"The answer may hold data about people, so it is not sent here. {lies or 'Ask for it.'}"
        f"\n\nWhom to ask\n{contact.name}: {contact.email}\n"
    )
    if lies and any(name.endswith(".xlsx") for name in files):
        said += f"\nYour own workbook, with the cells marked, is not mailed. {lies}\n"
    return Parcel(
        came.sender,
        came.about,
        f"{title}{period}: {came.outcome}",
        instead if may_hold_people else said,
        {f"{folder}/{name}": content for name, content in files.items()},
        {} if may_hold_people else lists,
        may_hold_people,
        instead,
    )


def _number(came: Came) -> str:
    attempt = "" if came.attempt == 1 else f"-{came.attempt}"
    return f"{came.filing_id.rpartition('-')[2][:8]}{attempt}"


def _where(sender: Sender, sources: Sources, folder: str) -> str:
    """Where the answer lies, and to whom that is open; '' where it lies nowhere."""
    if sender.answers is None or not sender.answers.place:
        return ""
    place = sources.called(sender.answers.place)
    if place is None:
        return ""
    return f"It lies in {where_it_lies(place, folder)}, which is open to {sender.answers.open_to}."
