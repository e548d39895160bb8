"""How a parcel goes to its sender: recorded first, then left in his folder, or mailed.

Whoever is killed in between leaves files that are left once more in the same place, and a mail of
which nobody knows whether it went: that is not sent again, and people are told.
"""

import hashlib
from collections.abc import Iterator
from typing import cast

from flows.common import clock
from flows.common.settings import Settings
from flows.common.smtp import NotSent, send_mail
from flows.post.answers.on_record import ANSWERED, UNANSWERED
from flows.post.answers.parcel import Parcel
from flows.post.credentials import NoCredential
from flows.post.record import ANSWERING, put_on_record
from flows.post.road import FileRoad, NotReached, opened
from flows.post.sources import Sender, Source, Sources


def carry(
    parcel: Parcel, sender: Sender, source: Source, sources: Sources, settings: Settings
) -> str:
    """Send it by that source; why it could not be, or ''."""
    is_mail = source.kind == "imap"
    left = list(_left(parcel, sender, source, sources))
    content = [*(c for _, files in left for c in files.values()), *_enclosed(parcel, is_mail)]
    name = hashlib.sha256(f"{parcel.sender}\0{parcel.about}\0{clock.now()}".encode()).hexdigest()
    detail: dict[str, object] = {
        "answer": name[:16],
        "sender": parcel.sender,
        "about": parcel.about,
        "mailed": is_mail,
        "sha256": sorted({hashlib.sha256(one).hexdigest() for one in content}),
    }
    put_on_record(settings, ANSWERING, [(source.id, detail)])
    fault = ""
    try:
        for place, files in left:
            leave(place, files, settings)
        if is_mail:
            mail(parcel, sender, name[:16], settings)
    except (NotReached, NoCredential, NotSent) as error:
        fault = str(error)
    ended: dict[str, object] = {"answer": name[:16], **({"why": fault} if fault else {})}
    put_on_record(settings, UNANSWERED if fault else ANSWERED, [(source.id, ended)])
    return fault


def _left(
    parcel: Parcel, sender: Sender, source: Source, sources: Sources
) -> Iterator[tuple[Source, dict[str, bytes]]]:
    """What is left at which source: where he fetches it, and where lies what is never mailed."""
    places = [source] if source.kind != "imap" else []
    own = sources.called(sender.answers.place) if sender.answers else None
    if own is not None and own not in places:
        places.append(own)
    for place in places:
        if parcel.files:
            yield place, parcel.for_source(place)


def _enclosed(parcel: Parcel, is_mail: bool) -> Iterator[bytes]:
    if is_mail:
        yield from parcel.enclosed.values()


def mail(parcel: Parcel, sender: Sender, name: str, settings: Settings) -> None:
    """Send it to the first of the sender's addresses. Raises NotSent."""
    if not settings.email_from:
        raise NotSent("Nobody is named from whom answers come: set SOCIAL_VALUE_EMAIL_FROM.")
    if not sender.addresses:
        raise NotSent(f"{sender.id} has no address in sources.yaml.")
    to = sender.addresses[:1]
    send_mail(settings, to, name, parcel.subject, parcel.text, parcel.enclosed)


def leave(place: Source, files: dict[str, bytes], settings: Settings) -> None:
    """Write files at a source. Raises NotReached, NoCredential."""
    with opened(place, settings) as road:
        for path, content in files.items():
            cast(FileRoad, road).leave(path, content)  # a place is never a mailbox
