"""Send what senders are to be told, each thing once: answers, the month's letter, his page."""

from collections.abc import Iterator
from dataclasses import dataclass

from flows.authority.places import places_in_use
from flows.common.settings import Settings
from flows.post.answers.carry import carry
from flows.post.answers.due import came_by_post
from flows.post.answers.monthly import letter_due, monthly_letter
from flows.post.answers.of_a_file import answer_to
from flows.post.answers.on_record import known
from flows.post.answers.page import page_of
from flows.post.answers.parcel import Parcel
from flows.post.answers.standing import standings
from flows.post.sources import Sender, Source, Sources, read_sources
from flows.returns.contract import read_contracts
from flows.warehouse.home import make_folders
from flows.warehouse.slots import status
from flows.warehouse.store.chosen import store_of


@dataclass(frozen=True)
class Sent:
    """What a sender was told, or would be, by which source; `fault`: why it did not go."""

    sender: str
    source: str
    about: str
    subject: str
    fault: str = ""


def send_answers(settings: Settings, only: str | None = None, dry_run: bool = False) -> list[Sent]:
    """Tell each sender, or the one named, what he was not told yet.

    `dry_run`: only say what that would be. What cannot be sent is tried again the next time.
    Raises DeclarationError.
    """
    sources = read_sources(settings)
    senders = [one for one in sources.senders if one.answers and only in (None, one.id)]
    if not senders:
        return []
    make_folders(settings)
    with store_of(settings).locked("answers", what="the answers"):
        sent, failing = known(settings).sent, dict[str, str]()
        done = []
        for sender, source, parcel in _parcels(senders, sources, settings, sent):
            fault = failing.get(source.id, "")
            if not (dry_run or fault):
                fault = carry(parcel, sender, source, sources, settings)
            if fault:
                failing[source.id] = fault  # what else goes there waits for the next run
            done.append(Sent(parcel.sender, source.id, parcel.about, parcel.subject, fault))
        return done


def _parcels(
    senders: list[Sender], sources: Sources, settings: Settings, sent: set[tuple[str, str]]
) -> Iterator[tuple[Sender, Source, Parcel]]:
    """What is to be sent, made when its turn has come."""
    came, standing = came_by_post(settings), standings(status(settings), settings)
    contracts = read_contracts(places_in_use(settings).contracts)
    for sender in senders:
        when = sender.answers.when if sender.answers else []
        for one in came:
            if one.sender != sender.id or one.outcome not in when:
                continue
            way = sources.way_back(sender, one.source)
            if way is not None and (sender.id, one.about) not in sent:
                yield sender, way, answer_to(one, sender, sources, settings)
        way = sources.way_back(sender)
        due = letter_due(sender)
        if way and due and (sender.id, due) not in sent:
            letter = monthly_letter(sender, standing[sender.id], settings)
            if letter:
                yield sender, way, letter
        place, stands = sources.place_of(sender), standing[sender.id]
        if place and (page := page_of(sender, place, stands, contracts, settings, sent)):
            yield sender, place, page
