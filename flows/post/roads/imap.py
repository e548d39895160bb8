"""A mailbox. Only mail from addresses that the authority declares is opened; all else is counted.

What a message says is read by nobody here: its files are what is sent.
"""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from email.utils import getaddresses
from typing import BinaryIO

from flows.common.settings import Settings
from flows.post.credentials import needed
from flows.post.road import ASIDE, DONE, MOST_ENTRIES, PATIENCE, Item, NotReached
from flows.post.sources import Source, read_sources

PORT = 993
FLAGS = {DONE: "$SocialValueDone", ASIDE: "$SocialValueAside"}
HEADERS = "BODY.PEEK[HEADER.FIELDS (FROM AUTO-SUBMITTED AUTHENTICATION-RESULTS)]"
ABOUT = f"(UID INTERNALDATE RFC822.SIZE FLAGS {HEADERS})"
AT_ONCE = 200  # messages that are asked about in one line
_NUMBER = r"\b%s (\d+)"


@contextmanager
def connected(source: Source, settings: Settings) -> Iterator["ImapRoad"]:
    """The mailbox, signed in to over TLS. Raises NotReached, NoCredential."""
    host, port = source.url.hostname or "", source.url.port or PORT
    password = needed(settings, source, "PASSWORD")
    addresses = read_sources(settings).addresses_of(source)
    try:
        trusted = ssl.create_default_context(cafile=source.ca_file or None)
        with imaplib.IMAP4_SSL(host, port, ssl_context=trusted, timeout=PATIENCE) as client:
            try:
                client.login(source.user, password)
            except imaplib.IMAP4.error:
                raise NotReached(f"{source.id}: the server did not let {source.user} in.") from None
            yield ImapRoad(client, source, addresses)
    except ssl.SSLCertVerificationError:
        raise NotReached(
            f"{source.id}: the certificate of {host} is not trusted, so nobody signed in: ask its"
            " keeper, or name what to trust in ca_file."
        ) from None
    except (OSError, imaplib.IMAP4.error) as error:
        what = type(error).__name__
        raise NotReached(
            f"{source.id}: {host} cannot be reached, or the line broke ({what})."
        ) from None


class ImapRoad:
    """Messages of a folder of the mailbox, from declared addresses."""

    def __init__(
        self, client: imaplib.IMAP4_SSL, source: Source, addresses: dict[str, str]
    ) -> None:
        self.client = client
        self.source = source
        self.addresses = addresses
        self.left_alone = 0
        self.is_cut = False
        folder = source.url.path.strip("/") or "INBOX"
        self._ask("select", _quoted(folder), source.afterwards == "left")
        (self.validity,) = (_text(one) for one in client.response("UIDVALIDITY")[1])

    def items(self) -> list[Item]:
        """The messages that have not been put away; how many others there are is counted."""
        every = self._found("ALL")
        ours = {uid for one in self.addresses for uid in self._found(f"FROM {_quoted(one)}")}
        uids = sorted(ours, key=int)[-MOST_ENTRIES:]
        self.is_cut = len(ours) > MOST_ENTRIES
        seen = [
            one
            for start in range(0, len(uids), AT_ONCE)
            for one in self._look(uids[start : start + AT_ONCE])
        ]
        self.left_alone = len(every) - len(seen)
        return [item for item, is_put_away in seen if not is_put_away]

    def _look(self, uids: list[str]) -> Iterator[tuple[Item, bool]]:
        """The messages of these that come from a declared address, and whether each is put away."""
        for about, headers in self._fetched(",".join(uids), ABOUT):
            sender = self._sender(headers)
            uid, size = (re.search(_NUMBER % name, about) for name in ("UID", "RFC822.SIZE"))
            came = imaplib.Internaldate2tuple(about.encode())
            if not sender or uid is None or size is None or came is None:
                continue
            at = datetime(*came[:6]).astimezone(UTC).replace(tzinfo=None)
            version = f"{self.validity}/{uid[1]}"
            item = Item(uid[1], int(size[1]), at, version, True, sender, is_mail=True)
            yield item, any(flag in about for flag in FLAGS.values())

    def _sender(self, headers: bytes) -> str:
        """Whose mail it is, as its one address says and, where that is asked, its server proved.

        Nobody's where a machine has answered by itself (RFC 3834).
        """
        message = message_from_bytes(headers, policy=default)
        named = [str(one) for one in message.get_all("From", [])]
        addresses = [one.lower() for _, one in getaddresses(named)]
        by_itself = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
        if len(named) != 1 or len(addresses) != 1 or by_itself != "no":
            return ""
        if by := self.source.authenticated_by:
            proofs = [str(one) for one in message.get_all("Authentication-Results", [])]
            first = next((one for one in proofs if one.split(";")[0].strip() == by), "")
            if not re.search(r";\s*dmarc=pass\b", first):
                return ""
        return self.addresses.get(addresses[0], "")

    def fetch(self, item: Item, into: BinaryIO) -> None:
        """The whole message as it came; it stays unread."""
        for _, content in self._fetched(item.path, "(BODY.PEEK[])"):
            into.write(content)

    def put_away(self, item: Item, folder: str) -> None:
        """Flag the message, or move it into a folder of the mailbox."""
        if self.source.afterwards == "flagged":
            self._ask("uid", "STORE", item.path, "+FLAGS", f"({FLAGS[folder]})")
            return
        self.client.create(_quoted(folder))  # it may be there
        self._ask("uid", "MOVE", item.path, _quoted(folder))

    def _found(self, criterion: str) -> list[str]:
        (found,) = self._ask("uid", "SEARCH", criterion)
        return _text(found).split()

    def _fetched(self, uids: str, what: str) -> Iterator[tuple[str, bytes]]:
        """What the server says about each message, and the text that it quotes of it."""
        parts = self._ask("uid", "FETCH", uids, what)
        for part, after in zip(parts, [*parts[1:], b""], strict=True):
            if isinstance(part, tuple):
                rest = after if isinstance(after, bytes) else b""
                yield _text(part[0] + rest), part[1]

    def _ask(self, name: str, *words: object) -> list[bytes | tuple[bytes, bytes]]:
        status, found = getattr(self.client, name)(*words)
        if status != "OK":
            raise NotReached(f"{self.source.id}: the server did not do what was asked ({name}).")
        return [one for one in found if one is not None]


def _quoted(text: str) -> str:
    return '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"'))


def _text(content: bytes | tuple[bytes, bytes]) -> str:
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
