"""A message that was sent: the files attached to it. Nothing else of it is read."""

from email import message_from_binary_file
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

from flows.post.brought import NotTaken, is_temporary
from flows.post.sources import Bounds


def attachments(message: Path, into: Path, bounds: Bounds) -> list[tuple[str, Path]]:
    """The files attached to a message, written into a folder under numbers; each with its name.

    Pictures within the text are none. Raises NotTaken.
    """
    try:
        with message.open("rb") as stream:
            parts = list(message_from_binary_file(stream, policy=default).walk())
        named = [(part, part.get_filename()) for part in parts if not part.is_multipart()]
        files = [(part, name) for part, name in named if name and not _is_picture(part, name)]
        if len(files) > bounds.members:
            raise NotTaken(f"It holds more than {bounds.members} files.")
        found = [(name, _write(part, into / f"{n}")) for n, (part, name) in enumerate(files)]
    except (RecursionError, LookupError, ValueError, TypeError, AttributeError):
        # what the library says of a message that is no message
        raise NotTaken("It cannot be read as a message: send it anew.") from None
    if not found:
        raise NotTaken("No file is attached to it.")
    return found


def _is_picture(part: object, name: str) -> bool:
    kind = cast(EmailMessage, part)
    is_inline = kind.get_content_disposition() != "attachment"
    return is_temporary(name) or (is_inline and kind.get_content_maintype() == "image")


def _write(part: object, target: Path) -> Path:
    content = cast(EmailMessage, part).get_payload(decode=True)
    target.write_bytes(content if isinstance(content, bytes) else b"")
    return target
