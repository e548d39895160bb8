"""An authority with sources of its own, and what came of collecting from them."""

import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml

from flows.common.settings import Settings, settings_for
from flows.demo import AUTHORITY as DEMO
from flows.post import collect as collecting
from flows.post import fetched, record
from flows.post.answers import carry
from flows.post.answers.send import send_answers
from flows.post.collect import Collected, collect
from flows.warehouse import ledger
from flows.warehouse.connection import reading
from tests.support.deadly import die_at

AUTHORITY = """
id: postland
name: Postland Council
short_name: the Council
contact: {name: Returns team, email: returns@postland.example}
region: E47000004
"""
AREAS = DEMO / "seeds" / "geographies.csv"
SENDERS = [
    {"id": "acme", "returns": ["finance_payments", "finance_vendors"]},
    {"id": "birch", "returns": ["finance_payments"]},
    {"id": "cedar", "returns": ["hr_workforce"]},
]
# Every step at which a run may be killed: (module, function, before or after it).
BOUNDARIES = [
    (fetched, "_files_of", "after"),
    (fetched, "to_disk", "before"),
    (collecting, "hand_on", "before"),
    (record, "put_on_record", "before"),
    (record, "put_on_record", "after"),
    (fetched, "_move", "before"),
    (fetched, "_move", "after"),
    (fetched, "folder_of_sender", "after"),
]
# The same, of a run that sends answers.
REPLIES = [
    (carry, "put_on_record", "before"),
    (carry, "put_on_record", "after"),
    (carry, "leave", "after"),
    (carry, "mail", "after"),
]


@dataclass(frozen=True)
class Posted:
    """The authority's folder, and a home that belongs to it."""

    folder: Path
    settings: Settings

    def declare(self, *sources: dict[str, object], **senders: object) -> None:
        """Write its sources."""
        content = {"senders": senders.get("senders", SENDERS), "sources": list(sources)}
        (self.folder / "sources.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")

    def collect(self) -> Collected:
        """What came of its only source."""
        (done,) = collect(self.settings)
        return done

    def inbox(self) -> list[str]:
        """The files that wait, by their path in the inbox."""
        base = self.settings.inbox
        return sorted(p.relative_to(base).as_posix() for p in base.rglob("*") if p.is_file())

    def events(self, *kinds: str) -> list[ledger.Event]:
        with reading(self.settings) as connection:
            return ledger.events_of(connection, kinds)


def posted_in(folder: Path, settings: Settings) -> Posted:
    """A new authority in `folder`."""
    (folder / "seeds").mkdir(parents=True)
    shutil.copy(AREAS, folder / "seeds")
    (folder / "authority.yaml").write_text(AUTHORITY, encoding="utf-8")
    own = settings.model_copy(update={"authority": folder, "definitions": None})
    return Posted(folder, own)


def collect_and_die(home: str, boundary: int, visit: int, environment: dict[str, str]) -> None:
    """Collect, and kill this process at the `visit`-th time the boundary is reached."""
    _run_and_die(collect, home, BOUNDARIES[boundary], visit, environment)


def reply_and_die(home: str, boundary: int, visit: int, environment: dict[str, str]) -> None:
    """Send the answers, and kill this process at the `visit`-th time the boundary is reached."""
    _run_and_die(send_answers, home, REPLIES[boundary], visit, environment)


def _run_and_die(
    run: Callable[[Settings], object],
    home: str,
    boundary: tuple[object, str, str],
    visit: int,
    environment: dict[str, str],
) -> None:
    os.environ.update(environment)
    os.environ.pop("SOCIAL_VALUE_DEFINITIONS", None)
    die_at(*boundary, visit)
    run(settings_for(Path(home)))


KILLED = -signal.SIGKILL
