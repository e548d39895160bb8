"""The table of targets, met or missed, as it is printed and as RESULTS.md keeps it."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from exports.site.drawing.svg import Point, Series, lines
from tests.benchmarks.contenders import MILLION, SMALL, Race
from tests.benchmarks.measured import Measured

HERE = Path(__file__).parent
Runs = Mapping[tuple[Race, str], Measured]


@dataclass(frozen=True)
class Target:
    """A figure beside what it should be at most (or at least); None where it was not measured."""

    what: str
    unit: str
    measured: float | None
    most: float | None = None
    least: float | None = None

    @property
    def verdict(self) -> str:
        """`met`, `missed` or `not run`."""
        if self.measured is None:
            return "not run"
        over = self.most is not None and self.measured > self.most
        under = self.least is not None and self.measured < self.least
        return "missed" if over or under else "met"

    def row(self) -> str:
        """The target as a row of a Markdown table."""
        said = "" if self.measured is None else f"{self.measured:.2f} {self.unit}"
        aim = f"at most {self.most:g}" if self.most is not None else f"at least {self.least:g}"
        return f"| {self.what} | {aim} {self.unit} | {said} | {self.verdict} |"


def extra(runs: Runs, race: Race, contender: str) -> float | None:
    """Seconds per extra million rows: without what a file of a thousand rows costs already."""
    whole = runs.get((race, contender))
    start = runs.get((Race(SMALL), contender))
    if whole is None or start is None:
        return None
    return (whole.whole - start.whole) / (race.rows - SMALL) * MILLION


def ratio(one: float | None, other: float | None) -> float | None:
    """One divided by the other, where both were measured."""
    return one / other if one is not None and other else None


def race_targets(runs: Runs, memory_limit_mb: float) -> list[Target]:
    """What the payments files show."""
    clean, bad, large = Race(MILLION), Race(MILLION, 20), Race(10 * MILLION)
    ours = extra(runs, clean, "road")
    peak = max((r.peak_mb for (_, name), r in runs.items() if name == "road"), default=None)
    return [
        Target(
            "per extra million payment rows, against the limit",
            "x",
            ratio(ours, extra(runs, clean, "limit")),
            most=2,
        ),
        Target(
            "the usual against this, clean rows",
            "x",
            ratio(extra(runs, clean, "usual"), ours),
            least=1,
        ),
        Target(
            "the usual against this, 5 % bad rows",
            "x",
            ratio(extra(runs, bad, "usual"), extra(runs, bad, "road")),
            least=5,
        ),
        Target(
            "the peer against this, clean rows",
            "x",
            ratio(extra(runs, clean, "peer"), ours),
            least=10,
        ),
        Target(
            "time per row at 10 million against 1 million",
            "x",
            ratio(extra(runs, large, "road"), ours),
            most=1.5,
        ),
        Target("most memory, any size", "MB", peak, most=memory_limit_mb + 400),
    ]


def report(runs: Runs, targets: Sequence[Target], notes: Sequence[str]) -> str:
    """RESULTS.md: the machine, the targets, every run by stage."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    rows = [
        f"| {race} | {name} | "
        + ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in run.seconds.items())
        + f" | {run.whole:.2f} | {run.peak_mb:,.0f} |"
        for (race, name), run in runs.items()
    ]
    return "\n".join(
        [
            "# Benchmark",
            "",
            "Written by `make bench`; every ratio is of runs on this machine, in one go:",
            f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB,",
            f"Python {platform.python_version()}.",
            "",
            "| what | target | measured | |",
            "|---|---|---|---|",
            *(target.row() for target in targets),
            "",
            "*Per extra million* leaves out what a file of a thousand rows costs already (dbt's",
            "start above all). *The limit* is one hand-written DuckDB script, *the usual* is",
            "pandas and Great Expectations on a frame, *the peer* is dlt under a schema contract;",
            "the last two run the same dbt models afterwards.",
            "",
            "| file | way | seconds by stage | all | peak MB |",
            "|---|---|---|---|---|",
            *rows,
            "",
            "![Seconds against rows, of the limit and of this project](cost.svg)",
            "",
            *notes,
            "",
        ]
    )


def chart(runs: Runs) -> str:
    """Seconds against rows, of the limit and of this project, as SVG."""
    series = [
        Series(
            told,
            [
                Point(
                    f"{race.rows:,} rows",
                    Decimal(f"{run.whole:.1f}"),
                    f"{run.whole:.1f} seconds",
                )
                for (race, name), run in sorted(runs.items(), key=lambda one: one[0][0].rows)
                if name == which and not race.bad_every
            ],
        )
        for told, which in (("The limit", "limit"), ("This project", "road"))
    ]
    drawn = lines("cost", "Seconds against rows", series)
    style = "<style>text{font:14px sans-serif}polyline,line{stroke:#333;fill:none}</style>"
    opening = drawn.index(">") + 1
    named = drawn[: opening - 1].replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    return f"{named}>{style}{drawn[opening:]}"


def write(text: str, drawn: str) -> None:
    """Keep both beside this module."""
    (HERE / "RESULTS.md").write_text(text, encoding="utf-8")
    (HERE / "cost.svg").write_text(drawn, encoding="utf-8")
