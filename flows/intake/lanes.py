"""Which files of a sweep go in side by side, which after each other, and which as one batch.

Files that may be for the same slot go in one after the other, in their order of arrival; so do
files of one sender that may be copies: side by side, neither would find the other. Files of one
return that are not large are taken together, many senders' and one sender's history alike: each is
kept in its turn, so the order holds within a batch too.

The batches of all lanes stand in one order: the first of each lane, then the second of each. They
begin in it, a batch waits for those it must find in the warehouse, and each is kept in its turn.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from flows.intake.rules import Rules
from flows.intake.submission import Submission
from flows.returns.contract import Contract
from flows.warehouse.postcodes import DEPRIVATION

TOGETHER = 40  # files in a batch: each has a scratch database of its own open meanwhile
LARGE = 1 << 22  # bytes of text; where a file has more, each queue is a lane of its own
ROUND = 1 << 24  # bytes of text in a batch, which stand in memory at once
PACKED = 10  # how much more a workbook holds than it has bytes
TEXT = (".csv", ".txt", ".tsv")


@dataclass(frozen=True)
class Queued:
    """A batch in the order of its sweep; `after`: the numbers of those that it waits for."""

    files: list[Submission]
    label: str
    after: tuple[int, ...]


@dataclass(frozen=True)
class Lane:
    """Batches that go in one after the other."""

    batches: list[list[Submission]]

    @property
    def files(self) -> list[Submission]:
        """Every file of the lane, in the order they go in."""
        return [submission for one in self.batches for submission in one]


def queue_of(submissions: Sequence[Submission], rules: Rules) -> list[Queued]:
    """The batches of a sweep in their order.

    First go those of deprivation, and returns which look deciles up wait for them: they would else
    find what was there before, or not, by chance.
    """
    lanes = lanes_of(submissions, rules)
    places = [(step, lane) for lane, one in enumerate(lanes) for step in range(len(one.batches))]
    names = [lane.files[0].return_name for lane in lanes]
    places.sort(key=lambda place: (names[place[1]] != DEPRIVATION, *place))
    numbers = {place: number for number, place in enumerate(places)}
    deprivation = [number for (_, lane), number in numbers.items() if names[lane] == DEPRIVATION]
    queue = []
    for step, lane in places:
        before = [numbers[step - 1, lane]] if step else []
        looked_up = deprivation if _wants_deciles(rules.contracts[names[lane]]) else []
        label = _label(names[lane], lane, len(lanes), step, len(lanes[lane].batches))
        files = lanes[lane].batches[step]
        queue.append(Queued(files, label, tuple(sorted({*before, *looked_up}))))
    return queue


def _label(name: str, lane: int, lanes: int, step: int, steps: int) -> str:
    several = f", batch {step + 1} of {steps}" if steps > 1 else ""
    return f"take in {name}, lane {lane + 1} of {lanes}{several}"


def _wants_deciles(contract: Contract) -> bool:
    columns = (column for table in contract.tables.values() for column in table.columns)
    return any(one.how == "deprivation decile" for c in columns for one in c.becomes.values())


def lanes_of(submissions: Sequence[Submission], rules: Rules) -> list[Lane]:
    """The lanes of a sweep: side by side to each other."""
    by_return: dict[str, list[Submission]] = defaultdict(list)
    for submission in submissions:
        by_return[submission.return_name].append(submission)
    return [lane for name, files in by_return.items() for lane in _lanes(name, files, rules)]


def _lanes(name: str, submissions: Sequence[Submission], rules: Rules) -> Iterator[Lane]:
    suites = [rules.suites[table] for table in rules.contracts[name].tables]
    together = all(suite.can_judge_together for suite in suites)
    if not together or any(_weight(submission) > LARGE for submission in submissions):
        groups = _joined(submissions)
    else:
        senders = _queues(submissions, lambda submission: submission.sender)
        some = [senders[start : start + TOGETHER] for start in range(0, len(senders), TOGETHER)]
        groups = [_in_order(submissions, queues) for queues in some]
    for group in groups:
        yield Lane(_batches(group) if together else [[submission] for submission in group])


def _in_order(
    submissions: Sequence[Submission], queues: Sequence[Sequence[Submission]]
) -> list[Submission]:
    """The files of these queues in the order in which all came."""
    wanted = {id(submission) for queue in queues for submission in queue}
    return [submission for submission in submissions if id(submission) in wanted]


def _weight(submission: Submission) -> int:
    """How much text it holds, about."""
    is_text = submission.file_name.lower().endswith(TEXT)
    return submission.size * (1 if is_text else PACKED)


def _batches(submissions: Sequence[Submission]) -> list[list[Submission]]:
    """The files in their order, as many together as may be; what may be a copy waits for the next.

    So does a file that is in the archive: nobody knows how large it is.
    """
    batches: list[list[Submission]] = []
    seen: set[tuple[str, int]] = set()
    weight = 0
    for submission in submissions:
        copy_of = (submission.sender, submission.size)
        weight += _weight(submission)
        if not batches or copy_of in seen or weight > ROUND or len(batches[-1]) == TOGETHER:
            batches.append([])
            seen, weight = set(), _weight(submission)
        batches[-1].append(submission)
        seen.add(copy_of)
    return batches


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
