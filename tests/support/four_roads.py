"""The demo's files, put where four kinds of source are: a folder, SFTP, a bucket, a mailbox."""

import os
import random
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

import yaml
from pydantic import SecretStr

from flows.common.settings import Settings, settings_for
from flows.demo import AUTHORITY
from flows.demo.made.authority.delivery import Delivery
from flows.post.collect import collect
from flows.returns.identity import sender_and_part
from tests.support.places import InBucket, bucket_of, sftp_source
from tests.support.services import Dovecot, dovecot, s3, sshd

ROADS = ("shared", "drop", "bucket", "mailbox")
BOUNDS = {"files_a_day": 10_000, "files": 10_000}
EVERY = ["loaded", "held", "partly quarantined", "rejected"]
SMTP_PASSWORD = "the-mail-server-s-password-5c21"

ABOUT_A_FILE = ("_letter.txt", "/notice.txt")


@dataclass
class FourRoads:
    """Four sources of the demo's authority, and what may bring which sender's files."""

    folder: Path
    settings: Settings
    bucket: InBucket
    mail: Dovecot
    user: str
    environment: dict[str, str]
    secrets: list[str]

    def put(self, one: Delivery, road: str) -> None:
        """Let a file lie where its sender puts it."""
        if road == "mailbox":
            self.mail.deliver(self.user, _message(one).as_bytes())
        elif road == "bucket":
            self.bucket.put(f"{one.return_name}/{one.file_name}", one.content)
        else:
            path = self.folder / road / one.return_name / one.file_name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(one.content)
            at = one.at.replace(tzinfo=UTC).timestamp()
            os.utime(path, (at, at))

    def answers(self) -> list[str]:
        """What lies at the sources about files: letters, or of returns about people notices."""
        lying = [path.as_posix() for path in self.folder.rglob("answers/*/*/*.txt")]
        return [one for one in [*lying, *self.bucket.names()] if one.endswith(ABOUT_A_FILE)]


def sender_of(one: Delivery) -> str:
    """Whose a file is, by its name."""
    return sender_and_part(one.file_name)[0]


def mixed(files: Sequence[Delivery], seed: int) -> list[tuple[Delivery, str]]:
    """Each file with a road that it comes by."""
    dice = random.Random(seed)
    return [(one, ROADS[dice.randrange(len(ROADS))]) for one in files]


@contextmanager
def four_roads(folder: Path, files: Sequence[Delivery], postcodes: Path) -> Iterator[FourRoads]:
    """The servers, and a new home of the demo's authority that knows them."""
    with ExitStack() as running:
        servers = folder / "servers"
        servers.mkdir()
        ssh = running.enter_context(sshd(servers))
        mail = running.enter_context(dovecot(servers))
        address = running.enter_context(s3())
        bucket, user = bucket_of(address), f"u{uuid4().hex[:8]}"
        for name in ("shared", "drop"):
            (folder / name).mkdir()
        own = folder / "authority"
        shutil.copytree(AUTHORITY, own)
        returns: dict[str, list[str]] = {}
        for one in files:
            returns.setdefault(sender_of(one), []).append(one.return_name)
        everybody: dict[str, object] = {"senders": sorted(returns), "bounds": BOUNDS}
        sources = [
            {"id": "shared", "address": str(folder / "shared"), **everybody},
            {"id": "drop", **sftp_source(ssh, folder / "drop"), **everybody},
            {"id": "bucket", **bucket.source, **everybody},
            {"id": "mailbox", **mail.source(user), **everybody},
        ]
        senders = [
            {"id": one, "returns": sorted(set(names)), "addresses": [f"returns@{one}.example"]}
            | {"answers": {"when": EVERY, "monthly": False}}
            for one, names in sorted(returns.items())
        ]
        declared = yaml.safe_dump({"senders": senders, "sources": sources})
        (own / "sources.yaml").write_text(declared, encoding="utf-8")
        environment = {
            "SOCIAL_VALUE_AUTHORITY": str(own),
            "SOCIAL_VALUE_POSTCODES": str(postcodes),
            "SOCIAL_VALUE_SOURCE_DROP_KEY_FILE": str(ssh.key_file),
            "SOCIAL_VALUE_SOURCE_BUCKET_ACCESS_KEY": "an-access-key-7d10",
            "SOCIAL_VALUE_SOURCE_BUCKET_SECRET_KEY": "a-secret-key-e93f",
            "SOCIAL_VALUE_SOURCE_MAILBOX_PASSWORD": mail.password,
        }
        found: dict[str, object] = {
            "authority": own,
            "definitions": None,
            "postcodes": postcodes,
            "smtp_security": "none",
            "smtp_password": SecretStr(SMTP_PASSWORD),
            "email_from": "returns@northmoor.example",
        }
        settings = settings_for(folder / "home").model_copy(update=found)
        inside = ssh.key_file.read_text(encoding="ascii").splitlines()[1:-1]
        secrets = [*inside, "a-secret-key-e93f", "an-access-key-7d10", mail.password, SMTP_PASSWORD]
        yield FourRoads(folder, settings, bucket, mail, user, environment, secrets)


def _message(one: Delivery) -> EmailMessage:
    message = EmailMessage()
    message["From"] = f"returns@{sender_of(one)}.example"
    message["To"] = "returns@northmoor.example"
    message["Subject"] = "As asked"
    message.set_content("Please find our return attached.")
    name = f"{one.return_name}_{one.file_name}"
    message.add_attachment(one.content, maintype="application", subtype="x", filename=name)
    return message


def collect_for(home: str, environment: dict[str, str], begun: str) -> None:
    """Collect, in a process that is killed; `begun`: a file that is made when it sets to work."""
    os.environ.update(environment)
    os.environ.pop("SOCIAL_VALUE_DEFINITIONS", None)
    settings = settings_for(Path(home))
    Path(begun).touch()
    collect(settings)


def wait_until_there(path: Path, patience: float = 60) -> None:
    """Until another process has made the file."""
    until = time.monotonic() + patience
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.01)
