"""Where a lake is, as the settings say it: a catalogue in PostgreSQL, a folder or `s3://` of files.

No password passes through here: libpq reads it from the file that PGPASSFILE names, or PGPASSWORD.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import ClassVar

from flows.common.errors import SocialValueError
from flows.common.processes import own_mark
from flows.common.settings import Settings

KIND = "ducklake:postgres:"
# A machine that loses its power would hold a lock for two hours, as PostgreSQL comes.
KEEPALIVES = {
    "tcp_keepalives_idle": 10,
    "tcp_keepalives_interval": 5,
    "tcp_keepalives_count": 3,
}
STALLED = "15min"  # a transaction in which nothing happens for so long is ended
_NAME = re.compile("[a-z][a-z0-9_]{0,40}")
_PASSWORD = re.compile(r"\bpass(word|file)\s*=|://[^/@]*:[^/@]*@", re.IGNORECASE)


class LakeNotSaid(SocialValueError):
    """The settings do not say where the lake is."""

    exit_status: ClassVar[int] = 2
    notice = "the settings do not say where the warehouse is: social-value doctor says what to do."


@dataclass(frozen=True)
class Address:
    """Where a lake is: what libpq is told, the schema of the catalogue, and the place of files."""

    server: str
    schema: str
    data: str

    @property
    def is_s3(self) -> bool:
        """Whether the files lie in an object store."""
        return self.data.startswith("s3://")

    @property
    def conninfo(self) -> str:
        """What libpq is told, with short keepalives on both sides and who is calling."""
        options = " ".join(f"-c {name}={value}" for name, value in KEEPALIVES.items())
        options += f" -c idle_in_transaction_session_timeout={STALLED}"
        return (
            f"{self.server} connect_timeout=10 keepalives=1 keepalives_idle=10 "
            f"keepalives_interval=5 keepalives_count=3 application_name={own_mark()} "
            f"options='{options}'"
        )

    def lock_number(self, name: str) -> int:
        """The number that PostgreSQL knows a lock of this lake by."""
        digest = hashlib.sha256(f"social-value {self.schema} {name}".encode()).digest()
        return int.from_bytes(digest[:8], "big", signed=True)


def address_of(settings: Settings) -> Address:
    """Where the settings say that the lake is. Raises LakeNotSaid."""
    told = settings.warehouse_at
    if not told.startswith(KIND):
        raise LakeNotSaid(
            f"SOCIAL_VALUE_WAREHOUSE is {told!r}: leave it empty for a file in the home, or say "
            f"{KIND}host=... dbname=... user=... for a lake."
        )
    if _PASSWORD.search(told):
        raise LakeNotSaid(
            "SOCIAL_VALUE_WAREHOUSE has a password in it: put that into a file of its own, and let "
            "PGPASSFILE name it."
        )
    if not settings.warehouse_data:
        raise LakeNotSaid(
            "SOCIAL_VALUE_WAREHOUSE_DATA does not say where the lake's files lie: name a folder "
            "that all machines share, or s3://bucket/folder/."
        )
    if not _NAME.fullmatch(settings.warehouse_schema):
        raise LakeNotSaid(
            f"SOCIAL_VALUE_WAREHOUSE_SCHEMA is {settings.warehouse_schema!r}: name a schema in "
            "small letters, digits and _."
        )
    data = settings.warehouse_data.rstrip("/") + "/"
    if not data.startswith(("s3://", "/")):
        raise LakeNotSaid(f"SOCIAL_VALUE_WAREHOUSE_DATA is {data}: name it from / or s3:// on.")
    return Address(told.removeprefix(KIND), settings.warehouse_schema, data)
