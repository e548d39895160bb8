"""Where a run says what becomes of it: in the home's log, and on a page of its own under Prefect.

What a record is told never quotes a cell, nor names a file, a sender or a part as a file's name has
it: senders may name files after people. A file is its id, which is a hash.
"""

import csv
import logging
import logging.handlers
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from exports.edition.clearance import ReleaseBlocked
from exports.release.publish import Release
from flows.common.settings import Settings
from flows.intake.submission import Ingested
from flows.modelling.build import Build
from flows.modelling.node import Node
from flows.operations.server.prefect_settings import JsonLine, make_log_folder
from flows.warehouse.findings import failed_rules

One = TypeVar("One")
Result = TypeVar("Result")
Rows = Sequence[Mapping[str, object]]
Calls = Sequence[tuple[str, tuple[object, ...]]]  # each a name, and what is given
SENTENCES = 5  # of a release, on the page of its run


class Pool(Protocol):
    """Workers that take runs over, wherever they are."""

    def begin(self, deployment: str, called: str, parameters: dict[str, object]) -> str:
        """Have a run of the deployment begin, and do not wait for it; its id."""

    def has_ended(self, run: str) -> bool:
        """Whether the run is over, however it ended."""


class Record(Protocol):
    """What a run tells, and how it takes its steps."""

    @property
    def pool(self) -> Pool | None:
        """Who may take a part of the run over; None where nobody may."""

    @property
    def run_id(self) -> str:
        """The run's own id; empty where nobody gave it one."""

    def say(self, event: str, words: str, **about: object) -> None:
        """A line in the log: what happened, and to which return or release."""

    def call(self, words: str) -> None:
        """Call the run by what it came to; also in the log."""

    def show(self, key: str, content: Rows | str, description: str) -> None:
        """A table, or a text in Markdown, on the run's page."""

    def progress(self, key: str, steps: Iterable[One], of: int, description: str) -> Iterator[One]:
        """The steps as they are taken, with how many of them are done shown as they go."""

    def step(self, name: str, function: Callable[..., Result], *given: object) -> Result:
        """Call the function as a step of the run."""

    def side_by_side(
        self,
        function: Callable[..., Result],
        given: Calls,
        at_once: int,
        ended: Callable[[int], None],
    ) -> Iterator[Result]:
        """Call the function with each of `given` (a name, and what it is given), some at once.

        They begin in the order of `given`, and the results come in it. `ended` is told the number
        of each, from 0, however it ended, and where it never began.
        """


class LogRecord:
    """The home's log alone: of a command that somebody runs and waits for, without a server."""

    run_id = ""
    pool = None

    def __init__(self, settings: Settings, name: str) -> None:
        """`name`: what the lines say is running."""
        self._name = name
        self._logger = logging.Logger(f"social-value {name}")  # one for each home
        self._logger.addHandler(_handler(settings))

    def say(self, event: str, words: str, **about: object) -> None:
        """A line in the log."""
        self._logger.info(words, extra={"event": event, "flow_name": self._name, **about})

    def call(self, words: str) -> None:
        """A line in the log."""
        self.say("ended", words)

    def show(self, key: str, content: Rows | str, description: str) -> None:
        """Nothing: what a page would show, the command answers."""

    def progress(self, key: str, steps: Iterable[One], of: int, description: str) -> Iterator[One]:
        """The steps, as they are."""
        yield from steps

    def step(self, name: str, function: Callable[..., Result], *given: object) -> Result:
        """The function, called."""
        return function(*given)

    def side_by_side(
        self,
        function: Callable[..., Result],
        given: Calls,
        at_once: int,
        ended: Callable[[int], None],
    ) -> Iterator[Result]:
        """The function in threads."""
        with ThreadPoolExecutor(max_workers=at_once) as threads:
            futures = [threads.submit(function, *words) for _, words in given]
            for number, future in enumerate(futures):
                future.add_done_callback(partial(end, ended, number))
            try:
                for future in futures:
                    yield future.result()
            finally:
                for future in futures:
                    future.cancel()


def end(ended: Callable[[int], None], number: int, future: object) -> None:
    """What a future calls when it is done: tell `ended` its number."""
    ended(number)


def _handler(settings: Settings) -> logging.Handler:
    """Where the lines of the log go, by the settings."""
    if settings.log == "none":
        return logging.NullHandler()
    make_log_folder(settings)
    handler = (
        logging.StreamHandler()
        if settings.log == "stderr"
        else logging.handlers.WatchedFileHandler(settings.log_file, encoding="utf-8", delay=True)
    )
    handler.setFormatter(JsonLine())
    return handler


def came_to(done: Sequence[Ingested], still_waiting: int) -> str:
    """What a run of ingest came to, in a line: how many files by their outcome; none is said."""
    outcomes = Counter(one.outcome for one in done)
    files = f"{len(done)} file{'' if len(done) == 1 else 's'}"
    said = f"{files}: {', '.join(f'{n} {name}' for name, n in outcomes.items())}"
    if still_waiting:
        several = "1 file is" if still_waiting == 1 else f"{still_waiting} files are"
        waits = f"{several} still being written, and waits for the next run"
        return f"{said}; {waits}" if done else f"nothing is taken in: {waits}"
    return said if done else "nothing waits in the inbox"


def show_came_in(record: Record, done: Sequence[Ingested], settings: Settings) -> None:
    """What became of each file, by its return; and which rules failed, in which, how often."""
    record.show(
        "what-came-in",
        [_came_in(one) for one in done],
        "Each file of this run by its id; social-value status and findings say more.",
    )
    returns = [return_id for one in done for return_id in one.returns]
    record.show(
        "what-failed",
        failed_rules(settings, returns),
        "Each rule that failed; social-value answer gives the cells to the sender.",
    )


def _came_in(one: Ingested) -> dict[str, object]:
    counts = one.counts
    return {
        "return": one.return_name,
        "id": one.filing,
        "period": one.period,
        "outcome": one.outcome,
        "read": counts.read,
        "loaded": counts.loaded,
        "quarantined": counts.quarantined,
        "dropped": counts.dropped,
    }


def say_taken_in(record: Record, one: Ingested) -> None:
    """A line about a file that was taken in, or not."""
    record.say(
        "taken in",
        f"{one.outcome}: {one.counts.loaded} of {one.counts.read} rows are loaded.",
        **{"return": one.returns[0] if one.returns else one.return_name},
        period=one.period or None,
        outcome=one.outcome,
        rows=one.counts.loaded,
    )


def show_nodes(record: Record, nodes: Sequence[Node], description: str) -> None:
    """Each model, seed and test of a build, and what it came to: first what failed and was slow."""
    well = ("success", "pass")
    record.show(
        "what-was-modelled",
        [
            {"node": node.name, "kind": node.kind, "status": node.status, "seconds": node.seconds}
            for node in sorted(nodes, key=lambda node: (node.status in well, -node.seconds))
        ],
        description,
    )


def show_build(record: Record, built: Build) -> None:
    """The nodes of a build that is handed over."""
    count = len(built.nodes)
    came_to = f"as of {built.as_of:%Y-%m-%d %H:%M} UTC: {count} models, seeds and tests are well"
    show_nodes(record, built.nodes, f"The build {came_to}, the slowest first.")
    record.say("built", f"{count} models, seeds and tests are well.", rows=count)
    record.call(came_to)


def show_release(record: Record, done: Release, description: str) -> None:
    """The release: where its pages lie, what it says first, and how many files of which kind."""
    state = "published" if done.changed else "unchanged since it was published"
    record.show("release", _release_text(done, state), description)
    record.say("published", f"{done.name} is {state}.", release=done.name)
    record.call(f"{done.name} is {state}")


def _release_text(done: Release, state: str) -> str:
    """A release in Markdown. A browser opens no file from Prefect's page: its place is a text."""
    kinds = Counter(Path(name).suffix.removeprefix(".") for name in done.files)
    with (done.path / "words.csv").open(encoding="utf-8", newline="") as lines:
        first = [row["sentence"] for row in csv.DictReader(lines)][:SENTENCES]
    files = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    return "\n".join(
        [
            f"**{done.name}** is {state}.",
            "",
            *(f"- {sentence}" for sentence in first),
            "",
            f"Its pages: `{done.path / 'site' / 'index.html'}`",
            "",
            f"Its {len(done.files)} files: {files}.",
            *(f"\nPlease note: {warning}" for warning in done.warnings),
            "",
        ]
    )


def show_blocked(record: Record, error: ReleaseBlocked, description: str) -> None:
    """What stands in a release's way."""
    rows = [{"kind": one.kind, "what": one.what, "detail": one.detail} for one in error.reasons]
    record.show("what-blocks", rows, description)
    reasons = "1 reason" if len(rows) == 1 else f"{len(rows)} reasons"
    record.call(f"{description.removesuffix('.')} is blocked, for {reasons}")
