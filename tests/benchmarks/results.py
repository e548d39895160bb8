"""The table of targets, met or missed, as it is printed and as RESULTS.md keeps it."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Target:
    """A figure beside what it should be at most (or at least); None where it was not measured.

    `of_issue`: it is one of the lines that decide whether all is fast enough; the others are told.
    """

    what: str
    unit: str
    measured: float | None
    most: float | None = None
    least: float | None = None
    of_issue: bool = True

    @property
    def verdict(self) -> str:
        """`met`, `missed` or `not run`; `-` where nothing is asked."""
        if self.measured is None:
            return "not run"
        if self.most is None and self.least is None:
            return "-"
        over = self.most is not None and self.measured > self.most
        under = self.least is not None and self.measured < self.least
        return "missed" if over or under else "met"

    def row(self) -> str:
        """The target as a row of a Markdown table."""
        said = "" if self.measured is None else f"{self.measured:.2f} {self.unit}"
        aim = "-"
        if self.most is not None:
            aim = f"at most {self.most:g} {self.unit}"
        elif self.least is not None:
            aim = f"at least {self.least:g} {self.unit}"
        return f"| {self.what} | {aim} | {said} | {self.verdict} |"


@dataclass(frozen=True)
class Part:
    """What a part of the benchmark found: its lines of the table, what is told below, pictures."""

    targets: Sequence[Target]
    lines: Sequence[str] = ()
    pictures: dict[str, str] = field(default_factory=dict)


def table(rows: Sequence[str]) -> list[str]:
    """The targets' table."""
    return ["| what | target | measured | |", "|---|---|---|---|", *rows]


def report(parts: Sequence[Part], minutes: float) -> str:
    """RESULTS.md: the machine, the targets, what every part tells."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    targets = [target for part in parts for target in part.targets]
    return "\n".join(
        [
            "# Benchmark",
            "",
            f"Written by `make bench` in {minutes:.0f} minutes; every ratio is of runs on this",
            f"machine, in one go: {platform.system()} {platform.machine()},",
            f"{os.cpu_count()} cores, {memory:.0f} GB, Python {platform.python_version()}.",
            "What was tried for a line that is missed, and what its floor is, is told in",
            "[docs/benchmarks.md](../../docs/benchmarks.md).",
            "",
            *table([target.row() for target in targets if target.of_issue]),
            "",
            "Beside them:",
            "",
            *table([target.row() for target in targets if not target.of_issue]),
            *(line for part in parts if part.lines for line in ("", *part.lines)),
            "",
        ]
    )


def write(text: str, pictures: dict[str, str]) -> None:
    """Keep both beside this module."""
    (HERE / "RESULTS.md").write_text(text, encoding="utf-8")
    for name, drawn in pictures.items():
        (HERE / name).write_text(drawn, encoding="utf-8")
