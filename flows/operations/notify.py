"""Tell people, once: what is told is on record before it goes out, and then what became of it.

A run that is killed in between leaves a message of which nobody knows whether it came. It is not
sent again; the next message says so, and what it was about can be asked for.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.common import clock
from flows.common.locks import locked
from flows.common.settings import Settings, settings_for
from flows.operations.channels import NotTold, channels
from flows.operations.notices import KINDS, Notice, news, record_failure
from flows.warehouse import ledger
from flows.warehouse.connection import open_scratch, reading, writing
from flows.warehouse.home import make_folders

MOST = 50  # lines of a kind in one message; the rest is counted


@dataclass(frozen=True)
class Message:
    """What a channel was told: its name, the pieces of news, and what went wrong."""

    channel: str
    pieces: list[Notice]
    subject: str
    text: str
    fault: str = ""


def tell(settings: Settings, *, dry_run: bool = False) -> list[Message]:
    """Tell each channel what it was not told yet; `dry_run`: only say what that would be.

    Without a channel in the settings, what is said is what one would be told. A channel that fails
    keeps none of the others from being told: its `fault` says why, and it is told the next time.
    """
    with _alone(settings):
        return [_tell_one(settings, name, dry_run) for name in channels(settings) or ("none set",)]


def _tell_one(settings: Settings, channel: str, dry_run: bool) -> Message:
    known, unsure = _on_record(settings, channel)
    pieces = [one for one in [*news(settings), *unsure] if one.key not in known]
    subject, text = message_of(pieces)
    send = channels(settings).get(channel)
    if dry_run or send is None or not pieces:
        return Message(channel, pieces, subject, text)
    keys = [one.key for one in pieces]
    name = hashlib.sha256("\n".join([channel, clock.now().isoformat(), *keys]).encode()).hexdigest()
    _record(settings, "telling", channel, {"message": name[:16], "about": keys})
    fault = ""
    try:
        send(name[:16], subject, text)
    except NotTold as error:
        fault = str(error)
    _record(settings, "not told" if fault else "told", channel, {"message": name[:16]})
    return Message(channel, pieces, subject, text, fault)


def message_of(pieces: Sequence[Notice]) -> tuple[str, str]:
    """The subject and the text of one message about all of them."""
    counts, lines = [], []
    for kind, heading in KINDS.items():
        mine = [one for one in pieces if one.kind == kind]
        if mine:
            counts.append(f"{len(mine)} {kind}")
            lines += [f"{heading}:", *(f"- {one.text}" for one in mine[:MOST])]
            if len(mine) > MOST:
                lines.append(f"- and {len(mine) - MOST} more: social-value status lists them.")
            lines.append("")
    lines.append("social-value status and social-value findings say more.")
    return f"Social value returns: {', '.join(counts) or 'nothing new'}", "\n".join(lines)


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
    with locked(settings.warehouse.with_name("telling.lock"), what="what is told"):
        yield


if TYPE_CHECKING:
    from prefect import Flow
    from prefect.client.schemas.objects import FlowRun, State


def put_on_record(flow: "Flow[Any, Any]", flow_run: "FlowRun", state: "State[Any]") -> None:
    """Record a failed or stopped run of its own; one inside another run is that one's affair."""
    if flow_run.parent_task_run_id is not None:
        return
    home = flow_run.parameters.get("home")
    error = state.result(raise_on_failure=False) if state.is_failed() else None
    record_failure(
        settings_for(Path(str(home)) if home else None),
        flow_run.name,
        flow.name,
        error if isinstance(error, BaseException) else None,
    )
