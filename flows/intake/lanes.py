"""Which files of a sweep go in side by side, which after each other, and which as one batch.

Files that may be for the same slot go in one after the other, in their order of arrival; so do
files of one sender that may be copies: side by side, neither would find the other. Small files of
one return from many senders are taken together, one of each sender at a time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from flows.intake.rules import Rules
from flows.intake.submission import Submission

TOGETHER = 40  # files in a batch: each has a scratch database of its own open meanwhile
SMALL = 1 << 18  # bytes; larger files are no burden alone


@dataclass(frozen=True)
class Lane:
    """Batches that go in one after the other."""

    batches: list[list[Submission]]

    @property
    def files(self) -> list[Submission]:
        """Every file of the lane, in the order they go in."""
        return [submission for one in self.batches for submission in one]


def lanes_of(submissions: Sequence[Submission], rules: Rules) -> list[Lane]:
    """The lanes of a sweep: side by side to each other."""
    by_return: dict[str, list[Submission]] = defaultdict(list)
    for submission in submissions:
        by_return[submission.return_name].append(submission)
    return [lane for name, files in by_return.items() for lane in _lanes(name, files, rules)]


def _lanes(name: str, submissions: Sequence[Submission], rules: Rules) -> Iterator[Lane]:
    suites = [rules.suites[table] for table in rules.contracts[name].tables]
    queues = _queues(submissions, lambda submission: submission.sender)
    large = any(submission.size > SMALL for submission in submissions)
    if len(queues) == 1 or large or not all(suite.can_judge_together for suite in suites):
        for queue in _joined(submissions):
            yield Lane([[submission] for submission in queue])
        return
    for start in range(0, len(queues), TOGETHER):
        some = queues[start : start + TOGETHER]
        batches = [
            [submission for submission in one if submission is not None]
            for one in zip_longest(*some)
        ]
        yield Lane(batches)


def _joined(submissions: Sequence[Submission]) -> list[list[Submission]]:
    """The files by queue; two of one sender are one where a file may be a copy: of equal size."""
    first_of: dict[tuple[str, int], str] = {}
    joined: dict[str, str] = {}
    for submission in submissions:
        own = _root(joined, submission.queue)
        other = _root(
            joined, first_of.setdefault((submission.sender, submission.size), submission.queue)
        )
        joined[max(own, other)] = min(own, other)
    return _queues(submissions, lambda submission: _root(joined, submission.queue))


def _root(joined: dict[str, str], queue: str) -> str:
    while joined.get(queue, queue) != queue:
        queue = joined[queue]
    return queue


def _queues(
    submissions: Sequence[Submission], of: Callable[[Submission], str]
) -> list[list[Submission]]:
    queues: dict[str, list[Submission]] = defaultdict(list)
    for submission in submissions:
        queues[of(submission)].append(submission)
    return list(queues.values())
