"""What goes to a sender at once: files for his folder, and what a mail says in their stead."""

from dataclasses import dataclass, field

from flows.post.road import ANSWERS
from flows.post.sources import Source


@dataclass(frozen=True)
class Parcel:
    """Files by their path in the sender's folder, and the same as a message.

    `about`: what the ledger knows it by. `is_for_him_alone`: it may hold people, so that it lies
    only where nobody else can look. `instead`: what lies elsewhere, or is mailed, in its stead.
    """

    sender: str
    about: str
    subject: str
    text: str
    files: dict[str, bytes] = field(default_factory=dict)
    enclosed: dict[str, bytes] = field(default_factory=dict)
    is_for_him_alone: bool = False
    instead: str = ""

    @property
    def folder(self) -> str:
        """The sender's own folder at a source."""
        return f"{ANSWERS}/{self.sender}"

    def for_source(self, source: Source) -> dict[str, bytes]:
        """What may lie at a source, by its path below the address."""
        if not self.is_for_him_alone or source.is_only_of(self.sender):
            return {f"{self.folder}/{path}": content for path, content in self.files.items()}
        above = next(iter(self.files), "").rpartition("/")[0]
        return {f"{self.folder}/{above}/notice.txt": self.instead.encode()}


def where_it_lies(source: Source, parcel_folder: str) -> str:
    """A place as its sender knows it: its server and folder, and nobody who signs in."""
    host = f"{source.url.hostname}, " if source.kind == "sftp" else ""
    base = source.url.path.rstrip("/")
    if source.kind == "s3":
        base = f"s3://{source.url.hostname}{base}"
    return f"{host}{base}/{parcel_folder}"
