"""What the ledger has of answers: what is being sent, before it goes, and then what became of it.

An event's subject is the source by which it goes; it names the sender and the filing by their ids.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import duckdb

from flows.common import clock
from flows.common.settings import Settings
from flows.post.record import ANSWERING
from flows.warehouse import ledger
from flows.warehouse.connection import reading

ANSWERED, UNANSWERED = "answered by post", "not answered"
IN_HAND = timedelta(hours=1)  # a run may still be at it


@dataclass(frozen=True)
class Known:
    """What has been sent before now, as sender and what it is about.

    `unsure`: begun by mail, and nobody knows whether it came: it is not sent again. A file is left
    again in the same place, where that was begun.
    """

    sent: set[tuple[str, str]] = field(default_factory=set)
    unsure: list[ledger.Event] = field(default_factory=list)
    failing: dict[str, ledger.Event] = field(default_factory=dict)


def known(settings: Settings) -> Known:
    """What the ledger has."""
    with reading(settings) as connection:
        return _known(connection)


def _known(connection: duckdb.DuckDBPyConnection) -> Known:
    found, begun = Known(), dict[object, ledger.Event]()
    for one in ledger.events_of(connection, [ANSWERING, ANSWERED, UNANSWERED]):
        if one.kind == ANSWERING:
            begun[one.detail.get("answer")] = one
            continue
        first = begun.pop(one.detail.get("answer"), None)
        if one.kind == UNANSWERED:
            found.failing.setdefault(one.subject, one)
        elif first is not None:
            found.sent.add(_about(first))
            found.failing.pop(one.subject, None)
    found.unsure.extend(one for one in begun.values() if one.detail.get("mailed"))
    found.sent.update(_about(one) for one in found.unsure)
    return found


def _about(event: ledger.Event) -> tuple[str, str]:
    return str(event.detail.get("sender")), str(event.detail.get("about"))


def troubles_of_answers(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, int, str]]:
    """What people are told of answers: the kind of news, the number of its event, and the text."""
    found = _known(connection)
    for one in found.failing.values():
        yield "post", one.seq, f"An answer could not be sent: {one.detail.get('why')}"
    for one in found.unsure:
        if one.at < clock.now() - IN_HAND:
            sender, about = _about(one)
            text = (
                f"The mail to {sender} about {about} was being sent on {one.at:%d %B %Y at %H:%M}"
                " UTC when its run was stopped, and may not have come: it is not sent again."
            )
            yield "unsure", one.seq, text
