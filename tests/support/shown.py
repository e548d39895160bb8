"""Output that the docs show: each block says by a comment where its commands were run."""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

BLOCK = re.compile(r"(?:<!-- run (?P<where>[^\n]*) -->\n)?```\w*\n(?P<text>.*?)^```", re.S | re.M)
GAP = "..."


@dataclass(frozen=True)
class Shown:
    """A command that a page shows, and what it shows of its output: `...` stands for any lines."""

    page: str
    where: str
    words: tuple[str, ...]
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page}: {' '.join(self.words)[:60]}"


def shown_in(page: str, text: str) -> Iterator[Shown]:
    """Every command of a page that is shown with its output, by its prompt `$ `."""
    for block in BLOCK.finditer(text):
        if not re.search(r"^\$ ", block["text"], flags=re.M):
            continue
        for one in re.split(r"^\$ ", block["text"], flags=re.M)[1:]:
            words, rest = _command(one.splitlines())
            while rest and not rest[-1]:
                rest = rest[:-1]
            yield Shown(page, block["where"] or "", words, tuple(rest))


def _command(lines: Sequence[str]) -> tuple[tuple[str, ...], Sequence[str]]:
    """The words of a command, which may run over several lines, and the lines below it."""
    for end in range(1, len(lines) + 1):
        typed = "\n".join(lines[:end])
        if typed.endswith("\\"):
            continue
        try:
            return tuple(shlex.split(typed.replace("\\\n", " "))), lines[end:]
        except ValueError:  # a quote is still open
            continue
    raise ValueError(f"a command without an end: {lines[0]}")


def is_what_came(shown: Sequence[str], output: str) -> bool:
    """Whether what is shown is the output, but for its gaps and blanks at the end of lines."""
    came = [line.rstrip() for line in output.rstrip().splitlines()]
    begin, open_end = 0, False
    for is_gap, run in groupby([line.rstrip() for line in shown], key=lambda line: line == GAP):
        open_end = is_gap
        if is_gap:
            continue
        part = list(run)
        first = shown[0].rstrip() != GAP and begin == 0
        places = [0] if first else range(begin, len(came) - len(part) + 1)
        at = next((n for n in places if came[n : n + len(part)] == part), None)
        if at is None:
            return False
        begin = at + len(part)
    return open_end or begin == len(came)
