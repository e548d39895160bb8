"""Collect: what lies at the sources is fetched whole, each once, and handed to the inbox.

A source that cannot be reached keeps no other back: people are told once, and it is tried again.
"""

import sys
import time
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from flows.authority.places import places_in_use
from flows.common.errors import InputError, Refused
from flows.common.settings import Settings
from flows.post import record
from flows.post.brought import Brought, NotTaken, brought, is_temporary
from flows.post.credentials import NoCredential
from flows.post.fetched import fetch, hand_on
from flows.post.look import look
from flows.post.road import ASIDE, DONE, MOST_ENTRIES, Item, NotReached, Road, opened
from flows.post.sources import MB, Source, Sources, read_sources
from flows.post.unpack import ENDING
from flows.returns.contract import read_contracts
from flows.warehouse.home import make_folders
from flows.warehouse.store.chosen import store_of


class NoSuchSource(InputError):
    """No source has that name."""


@dataclass
class Collected:
    """What became of a source's files: how many, and which were set aside and why.

    `known`: came again as they were; `waiting`: not whole yet, or over the bounds; `left_alone`:
    mail of strangers; `over`: why files wait that are whole.
    """

    source: str
    collected: int = 0
    known: int = 0
    waiting: int = 0
    left_alone: int = 0
    aside: list[tuple[str, str]] = field(default_factory=list)
    fault: str = ""
    over: list[str] = field(default_factory=list)


def collect(settings: Settings, only: str | None = None, dry_run: bool = False) -> list[Collected]:
    """Fetch from every source, or from one of that id.

    `dry_run`: fetch nothing, and say what would come, a message and a .zip as one file. Raises
    NoSuchSource, DeclarationError.
    """
    declared = read_sources(settings)
    sources = [one for one in declared.sources if only in (None, one.id)]
    if only is not None and not sources:
        named = ", ".join(one.id for one in declared.sources) or "none"
        raise NoSuchSource(f"No source is called {only}; there are {named}.")
    if not sources:
        return []
    returns = read_contracts(places_in_use(settings).contracts).keys()
    make_folders(settings)
    if dry_run:
        known = record.on_record(settings)
        return [_would_bring(one, declared, returns, known, settings) for one in sources]
    with store_of(settings).locked("post", what="the post"):
        known = record.on_record(settings)  # once: it grows with every file that ever came
        hand_on(settings, known)  # what a run that was stopped had fetched
        looks = {one.id: look(one, settings) for one in sources}
        _let_settle(sources, looks, known, settings)
        return [_one(one, declared, returns, looks[one.id], known, settings) for one in sources]


def _would_bring(
    source: Source,
    declared: Sources,
    returns: Collection[str],
    known: record.OnRecord,
    settings: Settings,
) -> Collected:
    done, seen = Collected(source.id), look(source, settings)
    if isinstance(seen, Exception):
        done.fault = str(seen)
        return done
    for item in (one for one in seen if not known.has(one.word(source))):
        try:
            check_item(declared, source, item, returns)
            done.collected += 1
        except NotTaken as why:
            done.aside.append((item.path, str(why)))
    return done


def check_item(declared: Sources, source: Source, item: Item, returns: Collection[str]) -> None:
    """See what can be seen before anything is fetched. Raises NotTaken."""
    if item.size > source.bounds.file_mb * MB:
        raise NotTaken(f"It is larger than {source.bounds.file_mb} MB.")
    if not item.is_mail and not item.path.lower().endswith(ENDING):
        brought(declared, source, item.path, returns, item.sender)


def _let_settle(
    sources: Sequence[Source],
    looks: dict[str, list[Item] | Exception],
    known: record.OnRecord,
    settings: Settings,
) -> None:
    """Wait between two looks, where anything new may be there half."""
    young = any(
        not item.is_whole and not known.has(item.word(source))
        for source in sources
        if isinstance(found := looks[source.id], list)
        for item in found
    )
    if young and settings.settle_seconds:
        seconds = settings.settle_seconds
        print(f"Looking again in {seconds:g} seconds whether all is there ...", file=sys.stderr)
        time.sleep(seconds)


def _one(
    source: Source,
    declared: Sources,
    returns: Collection[str],
    seen: list[Item] | Exception,
    known: record.OnRecord,
    settings: Settings,
) -> Collected:
    done = Collected(source.id)
    try:
        if isinstance(seen, Exception):
            raise seen
        with opened(source, settings) as road:
            _Round(source, declared, returns, settings, road, done, known).bring(seen)
    except (NotReached, NoCredential) as error:
        done.fault = str(error)
    done.waiting += hand_on(settings, known)
    record.note_state(settings, source.id, done.fault, known)
    if not done.fault:
        why = f"{source.id}: {' '.join(done.over)}" if done.over else ""
        record.note_state(settings, source.id, why, known, record.OVER)
    return done


class _Later(Refused):
    """A sender has brought as much today as one may: the rest waits."""


@dataclass
class _Round:
    """One look at a source, from what lies there to what is put away."""

    source: Source
    declared: Sources
    returns: Collection[str]
    settings: Settings
    road: Road
    done: Collected
    known: record.OnRecord
    fetched: Counter[str] = field(default_factory=Counter)  # by sender, and not on record yet

    def bring(self, before: Sequence[Item]) -> None:
        """Fetch what is as it was before, and put away what the inbox has."""
        there = [one for one in self.road.items() if not is_temporary(one.path)]
        self.done.left_alone = self.road.left_alone
        if self.road.is_cut:
            self._over(f"More than {MOST_ENTRIES:,} files lie there, and no others are looked at.")
        whole = [one for one in there if one.is_whole or one in before]
        self.done.waiting += len(there) - len(whole)
        self.bytes_left = self.source.bounds.run_mb * MB
        new = [one for one in whole if not self.known.has(one.word(self.source))]
        asides = list[tuple[str, dict[str, object]]]()
        for item in sorted(new, key=lambda one: (one.modified, one.path)):
            try:
                self._bring_one(item)
            except NotTaken as why:
                self.done.aside.append((item.path, str(why)))
                asides.append((self.source.id, {"word": item.word(self.source), "why": str(why)}))
        hand_on(self.settings, self.known)
        record.put_on_record(self.settings, record.ASIDE, asides, self.known)
        if self.source.afterwards != "left":
            self._put_away(whole)

    def _bring_one(self, item: Item) -> None:
        bounds = self.source.bounds
        check_item(self.declared, self.source, item, self.returns)
        found = None
        if self.done.collected < bounds.files and item.size <= self.bytes_left:
            coming = Counter[str]()

            def whose(path: str) -> Brought:
                one = self._whose(path, item)
                coming[one.sender] += 1
                today = self.known.today[one.sender] + self.fetched[one.sender]
                if today + coming[one.sender] > bounds.files_a_day:
                    raise _Later(one.sender)
                return one

            try:
                found = fetch(self.road, self.source, item, self.settings, whose, self.known)
            except _Later:
                self._over(f"A sender may bring {bounds.files_a_day} files in a day: others wait.")
        else:
            self._over(f"A run takes {bounds.files} files or {bounds.run_mb} MB: others wait.")
        if found is None:
            self.done.waiting += 1
            return
        self.bytes_left -= item.size
        self.fetched.update(one.sender for one in found.files)
        self.done.known += len(found.known)
        self.done.collected += len(found.files) - len(found.known)

    def _over(self, why: str) -> None:
        if why not in self.done.over:
            self.done.over.append(why)

    def _whose(self, path: str, item: Item) -> Brought:
        return brought(self.declared, self.source, path, self.returns, item.sender)

    def _put_away(self, there: Sequence[Item]) -> None:
        for item in there:
            if item.word(self.source) in self.known.collected:
                self.road.put_away(item, DONE)
            elif item.word(self.source) in self.known.aside:
                self.road.put_away(item, ASIDE)
