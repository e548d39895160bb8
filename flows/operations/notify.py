"""Tell people, once: what is told is on record before it goes out, and then what became of it.

A run that is killed in between leaves a message of which nobody knows whether it came. It is not
sent again; the next message says so, and what it was about can be asked for.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from flows.common import clock
from flows.common.settings import Settings
from flows.operations.channels import NotTold, channels
from flows.operations.notices import KINDS, Notice, list_notices
from flows.warehouse import ledger
from flows.warehouse.connection import open_scratch, reading, writing
from flows.warehouse.home import make_folders
from flows.warehouse.releases import NoAnchor, anchor_of
from flows.warehouse.store.chosen import store_of

NO_CHANNEL = "none set"
MOST = 50  # lines of a kind in one message; the rest is counted


@dataclass(frozen=True)
class Message:
    """What a channel was told: its name, the notices, and what went wrong."""

    channel: str
    notices: list[Notice]
    subject: str
    text: str
    fault: str = ""


def tell(settings: Settings, *, dry_run: bool = False) -> list[Message]:
    """Tell each channel what it was not told yet; `dry_run`: only say what that would be.

    Without a channel in the settings, what is said is what one would be told. A channel that fails
    keeps none of the others from being told: its `fault` says why, and it is told the next time.
    """
    with _alone(settings):
        return [_tell_one(settings, name, dry_run) for name in channels(settings) or (NO_CHANNEL,)]


def _tell_one(settings: Settings, channel: str, dry_run: bool) -> Message:
    known, unsure = _on_record(settings, channel)
    notices = [one for one in [*list_notices(settings), *unsure] if one.key not in known]
    subject, text = message_of(notices)
    text += _head(settings)
    send = channels(settings).get(channel)
    if dry_run or send is None or not notices:
        return Message(channel, notices, subject, text)
    keys = [one.key for one in notices]
    name = hashlib.sha256("\n".join([channel, clock.now().isoformat(), *keys]).encode()).hexdigest()
    _record(settings, "telling", channel, {"message": name[:16], "about": keys})
    fault = ""
    try:
        send(name[:16], subject, text)
    except NotTold as error:
        fault = str(error)
    _record(settings, "not told" if fault else "told", channel, {"message": name[:16]})
    return Message(channel, notices, subject, text, fault)


def message_of(notices: Sequence[Notice]) -> tuple[str, str]:
    """The subject and the text of one message about all of them."""
    counts, lines = [], []
    for kind, heading in KINDS.items():
        of_kind = [one for one in notices if one.kind == kind]
        if of_kind:
            counts.append(f"{len(of_kind)} {kind}")
            lines += [f"{heading}:", *(f"- {one.text}" for one in of_kind[:MOST])]
            if len(of_kind) > MOST:
                lines.append(f"- and {len(of_kind) - MOST} more: social-value status lists them.")
            lines.append("")
    lines.append("social-value status and social-value findings say more.")
    return f"Social value returns: {', '.join(counts) or 'nothing new'}", "\n".join(lines)


def _head(settings: Settings) -> str:
    """The ledger's head, which is then in other hands too; nothing before the first event."""
    with suppress(NoAnchor):
        return f"\n\nThe ledger's head: {anchor_of(settings)}"
    return ""


def _on_record(settings: Settings, channel: str) -> tuple[set[str], list[Notice]]:
    """What the channel was told, or may have been; and the messages that nobody knows about."""
    with reading(settings) as connection:
        rows = connection.execute(
            "select kind, \"at\", json_extract_string(detail, '$.message'), detail "
            "from warehouse.ledger.events where subject = ? "
            "and kind in ('telling', 'told', 'not told') order by seq",
            [channel],
        ).fetchall()
    ended = {name: kind for kind, _, name, _ in rows if kind != "telling"}
    known: set[str] = set()
    unsure = []
    for kind, at, name, detail in rows:
        about = json.loads(detail).get("about", [])
        if kind != "telling" or ended.get(name) == "not told":
            continue
        known.update(about)
        if name not in ended:
            text = (
                f"The message of {at:%d %B %Y at %H:%M} UTC about {len(about)} things was being "
                "sent when its run was stopped, and may not have come."
            )
            unsure.append(Notice("unsure", f"unsure/{name}", text))
    return known, unsure


def _record(settings: Settings, kind: str, channel: str, detail: dict[str, object]) -> None:
    with open_scratch(settings) as connection, writing(settings, connection):
        ledger.append(connection, kind, channel, detail, clock.now())


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Two runs that tell at once would tell the same things: the second waits for the first."""
    make_folders(settings)
    with store_of(settings).locked("telling", what="what is told"):
        yield
