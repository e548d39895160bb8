"""Files that the ledger names, each kept once under the SHA-256 of its content, in `audit/rules`.

What returns were judged by, and what an authority's own models were when a release was made.
"""

import hashlib

from flows.common.errors import SocialValueError
from flows.common.files import written_whole
from flows.common.settings import Settings


class NotKept(SocialValueError):
    """A file that the ledger names is not kept, or is not what its name says."""


def keep(settings: Settings, content: bytes) -> str:
    """Keep a file's content, once; returns its SHA-256, by which it is had again."""
    digest = hashlib.sha256(content).hexdigest()
    path = settings.audit / "rules" / digest
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with written_whole(path, 0o400) as partial:
            partial.write_bytes(content)
    return digest


def content_of(settings: Settings, digest: str) -> bytes:
    """The content of that digest. Raises NotKept."""
    try:
        content = (settings.audit / "rules" / digest).read_bytes()
    except OSError:
        raise NotKept(f"The rules {digest[:12]} are not kept.") from None
    if hashlib.sha256(content).hexdigest() != digest:
        raise NotKept(f"The rules {digest[:12]} are not what their name says.")
    return content
