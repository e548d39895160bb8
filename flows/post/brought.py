"""Whose a file is and which return, by its path at the source; and what nobody may bring."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from flows.common.errors import Refused
from flows.post.sources import Source, Sources
from flows.returns.identity import sender_and_part

LONGEST = 200  # bytes of a name
# What editors, browsers and other programs call a file that is not all there, or is none of theirs.
TEMPORARY = re.compile(
    r"^\.(?!\.)|^~|~$|\.(tmp|temp|part|partial|filepart|crdownload|download|swp|lock|!ut)$"
    r"|^(thumbs\.db|desktop\.ini|__macosx)$",
    re.IGNORECASE,
)


class NotTaken(Refused):
    """A file that may not be brought so; the sentence names no file, since a ledger keeps it."""


@dataclass(frozen=True)
class Brought:
    """Who sends which return, and what the file is called without the return's name before it."""

    sender: str
    return_name: str
    name: str


def is_temporary(path: str) -> bool:
    """Whether a program is still at work with the file, or it is none that a sender meant."""
    return any(TEMPORARY.search(part) for part in path.split("/"))


def brought(
    sources: Sources, source: Source, path: str, returns: Collection[str], sender: str = ""
) -> Brought:
    """Whose file that is, and for which of the returns. `sender`: where the road knows it.

    Raises NotTaken where the path does not say, or who sends it may not bring that by this source.
    """
    *folders, given = parts_of(path)
    in_front = [one for one in returns if given.lower().startswith(f"{one}_")]
    prefix = max(in_front, key=len, default="")
    name = given[len(prefix) + 1 :] if prefix else given
    found = sender or _sender(source, folders, name)
    if found not in source.senders:
        raise NotTaken(f"Its {source.known_by} names no sender whose files {source.id} may bring.")
    of_name = sender_and_part(name)[0]
    if of_name != found and of_name in {one.id for one in sources.senders}:
        raise NotTaken(f"It comes from {found}, and its name speaks of {of_name}.")
    return Brought(found, _return(sources, source, found, folders, prefix, returns), name)


def _sender(source: Source, folders: list[str], name: str) -> str:
    if source.known_by == "source":
        return source.senders[0]
    if source.known_by == "folder":
        return next((one.lower() for one in folders if one.lower() in source.senders), "")
    return sender_and_part(name)[0]


def _return(
    sources: Sources,
    source: Source,
    sender: str,
    folders: list[str],
    prefix: str,
    returns: Collection[str],
) -> str:
    may = sources.may_bring(source, sender)
    named = prefix or next((one.lower() for one in folders if one.lower() in returns), "")
    if not named and len(may) == 1:
        return next(iter(may))
    if not named:
        raise NotTaken(
            f"Nothing says which return of {sender} it is: call it RETURN_{sender}_PERIOD, or put"
            " it in a folder called as the return."
        )
    if named not in may:
        raise NotTaken(f"{sender} may not bring {named} by {source.id}.")
    return named


def parts_of(path: str) -> list[str]:
    """The folders and the name of a path. Raises NotTaken where it leads elsewhere."""
    parts = path.split("/")
    if any(one in ("", ".", "..") for one in parts) or re.search(r"[\\\x00-\x1f\x7f]|^\w:", path):
        raise NotTaken("Its name leads out of the folder, or holds signs that no name may hold.")
    if len(parts[-1].encode("utf-8", "surrogateescape")) > LONGEST:
        raise NotTaken(f"Its name is longer than {LONGEST} bytes.")
    return parts
