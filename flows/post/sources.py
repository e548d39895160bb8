"""Where senders put their files: the model behind `sources.yaml` in the authority's folder.

It names no password: `credentials` finds these. It is no part of a release.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Literal
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import Field, field_validator, model_validator

from flows.authority.binding import folder_of
from flows.common.declarations import Declared, read_declared
from flows.common.settings import Settings

FILE = "sources.yaml"
ID = r"^[a-z0-9][a-z0-9-]*$"
KINDS = {"": "folder", "sftp": "sftp", "s3": "s3", "imaps": "imap"}
MB = 1_000_000
Outcome = Literal["loaded", "held", "partly quarantined", "rejected"]


class Answers(Declared):
    """How a sender is answered."""

    when: list[Outcome] = Field(
        default=["held", "partly quarantined", "rejected"],
        description="what became of a file that its sender is told of",
    )
    by: str = Field(
        default="",
        description="the source that answers go to; left out: the one that the file came by. To a"
        " mailbox they go as e-mail to the first of his addresses",
    )
    place: str = Field(
        default="",
        description="a source of this sender alone: where what is never mailed lies for him",
    )
    open_to: str = Field(default="", description="who can open what lies there, as the mail says")
    monthly: bool = Field(
        default=True, description="whether a letter each month says what is owed, came, is wrong"
    )


class Sender(Declared):
    """Who may send, and what."""

    id: str = Field(pattern=ID, description="as file names and obligations write it")
    returns: list[str] = Field(min_length=1, description="the returns that this sender may bring")
    addresses: list[Annotated[str, Field(pattern=r"^[!#-~]+@[!#-~]+$")]] = Field(
        default=[], description="from which mail is taken; no other mail is opened"
    )
    answers: Answers | None = Field(
        default=None, description="how he is answered; left out: by hand"
    )


class Bounds(Declared):
    """How much a source may bring; what is over waits, or is set aside."""

    file_mb: int = Field(default=256, ge=1, description="a larger file is set aside")
    files: int = Field(default=500, ge=1, description="in one run; the rest waits for the next")
    run_mb: int = Field(default=4096, ge=1, description="in one run; the rest waits for the next")
    files_a_day: int = Field(default=500, ge=1, description="of one sender; the rest waits")
    members: int = Field(default=100, ge=1, description="files in a .zip, else it is set aside")


class Source(Declared):
    """A place that files are fetched from."""

    id: str = Field(pattern=ID, description="what the ledger calls it")
    address: str = Field(
        description="/a/folder, sftp://user@host:22/folder, s3://bucket/prefix or"
        " imaps://user@host:993/INBOX; never with a password"
    )
    senders: list[str] = Field(min_length=1, description="whose files it may bring")
    returns: list[str] = Field(default=[], description="which; left out: all that they may bring")
    known_by: Literal["name", "folder", "source", "address"] = Field(
        default="name",
        description="how the sender is known: by the file's name, by a folder called as the sender,"
        " as the only one whose account it is, or by the mail's address",
    )
    afterwards: Literal["left", "moved", "flagged"] = Field(
        default="left", description="what becomes of a file once the inbox has it"
    )
    host_key: str = Field(default="", description="SFTP: the server's public key, as ssh-keyscan")
    authenticated_by: str = Field(
        default="",
        description="mail: the server whose Authentication-Results must say dmarc=pass; else any"
        " message that names a sender's address is taken for his",
    )
    endpoint: str = Field(default="", description="S3: the server, where it is not Amazon's")
    region: str = Field(default="", description="S3: the region")
    ca_file: str = Field(
        default="", description="the certificates to trust, where not the system's"
    )
    bounds: Bounds = Bounds()

    @property
    def url(self) -> SplitResult:
        """The address, in its parts."""
        return urlsplit(self.address)

    @property
    def kind(self) -> str:
        """folder, sftp, s3 or imap."""
        return KINDS.get(self.url.scheme, "")

    @property
    def user(self) -> str:
        """Who signs in."""
        return unquote(self.url.username or "")

    def is_only_of(self, sender: str) -> bool:
        """Whether files can lie there which nobody but the sender may open."""
        return self.senders == [sender] and self.kind != "imap"

    @model_validator(mode="after")
    def _fits(self) -> "Source":
        for fault in self._faults():
            raise ValueError(fault)
        return self

    def _faults(self) -> Iterator[str]:
        url, kind = self.url, self.kind
        if not kind or not (url.path.startswith("/") if kind == "folder" else url.hostname):
            yield "address: write /a/folder, sftp://, s3:// or imaps://"
        if url.password is not None:
            yield f"address: no password stands here: see {FILE} in docs/adopting.md"
        if kind == "sftp" and not re.fullmatch(r"[\w.-]+ [\w+/=]+", self.host_key):
            yield "host_key: give the server's key as ssh-keyscan prints it, without the name"
        if kind in ("sftp", "imap") and not self.user:
            yield "address: say who signs in, as user@host"
        if (kind == "imap") is not (self.known_by == "address"):
            yield "known_by: senders of mail are known by their address, and no others are"
        if self.afterwards == "flagged" and kind != "imap":
            yield "afterwards: only mail can be flagged"
        if self.known_by == "source" and len(self.senders) != 1:
            yield "known_by: a source that is a sender's own names that one sender"


class Sources(Declared):
    """The senders, and the places that their files are fetched from."""

    senders: list[Sender] = Field(default=[], description="who may send, and what")
    sources: list[Source] = Field(default=[], description="where from")

    @field_validator("senders", "sources")
    @classmethod
    def _named_once(cls, entries: list[Sender] | list[Source]) -> list[Sender] | list[Source]:
        ids = [one.id for one in entries]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"{', '.join(twice)} stands here twice")
        return entries

    @model_validator(mode="after")
    def _agrees(self) -> "Sources":
        known = {one.id for one in self.senders}
        for source in self.sources:
            if unknown := sorted(set(source.senders) - known):
                raise ValueError(f"{source.id}: no sender is called {', '.join(unknown)}")
        every = [one.lower() for sender in self.senders for one in sender.addresses]
        if any(every.count(one) > 1 for one in every):
            raise ValueError("an address belongs to one sender")
        for fault in self._faults_of_answers():
            raise ValueError(fault)
        return self

    def _faults_of_answers(self) -> Iterator[str]:
        for sender in self.senders:
            if sender.answers is None:
                continue
            by, place = sender.answers.by, sender.answers.place
            ways = {one.id: one for one in self.sources if sender.id in one.senders}
            if not ways or (by and by not in ways):
                yield f"{sender.id}: answers: by: name a source that brings his files"
            if by and by in ways and ways[by].kind == "imap" and not sender.addresses:
                yield f"{sender.id}: answers: by: {by} is a mailbox, and he has no address"
            if place and (place not in ways or not ways[place].is_only_of(sender.id)):
                yield f"{sender.id}: answers: place: name a folder, sftp or s3 of this sender alone"
            if place and not sender.answers.open_to:
                yield f"{sender.id}: answers: open_to: say who can open what lies at {place}"

    def way_back(self, sender: Sender, came_by: str = "") -> Source | None:
        """The source by which a sender is answered; None where he is not, or it is gone."""
        if sender.answers is None:
            return None
        ways = {one.id: one for one in self.sources if sender.id in one.senders}
        named = sender.answers.by or came_by
        return ways.get(named) if named else next(iter(ways.values()), None)

    def place_of(self, sender: Sender) -> Source | None:
        """Where files are left for a sender; None where all that he is sent is mail."""
        if sender.answers is None:
            return None
        named = sender.answers.place or sender.answers.by
        ways = [one for one in self.sources if sender.id in one.senders and named in ("", one.id)]
        return next((one for one in ways if one.kind != "imap"), None)

    def called(self, source: str) -> Source | None:
        """The source of that id."""
        return next((one for one in self.sources if one.id == source), None)

    def addresses_of(self, source: Source) -> dict[str, str]:
        """The sender of each address whose mail the source may bring, in small letters."""
        senders = (one for one in self.senders if one.id in source.senders)
        return {address.lower(): one.id for one in senders for address in one.addresses}

    def may_bring(self, source: Source, sender: str) -> set[str]:
        """The returns that a sender may bring by a source; none where he may bring nothing."""
        if sender not in source.senders:
            return set()
        (found,) = (set(one.returns) for one in self.senders if one.id == sender)
        return found & set(source.returns) if source.returns else found


def read_sources(settings: Settings) -> Sources:
    """What the authority's folder declares; nothing where it has no such file.

    Raises DeclarationError.
    """
    path = folder_of(settings) / FILE
    return read_declared(path, Sources) if path.is_file() else Sources()
