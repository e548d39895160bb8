"""The races of payments files: what an extra million rows costs, in seconds and in memory."""

from collections.abc import Mapping

from tests.benchmarks.contenders import Race, race
from tests.benchmarks.measured import Measured
from tests.benchmarks.picture import drawn
from tests.benchmarks.results import Part, Target
from tests.benchmarks.sizes import Sizes

EVERYONE = ("limit", "road", "usual", "peer")
NEAREST = ("limit", "road")
Runs = Mapping[tuple[Race, str], Measured]
MILLION = 1_000_000
BAD_EVERY = 20


def races(sizes: Sizes) -> Part:
    """Every race; the targets that rest on them, every run by stage, and their picture."""
    runs = race(
        {
            Race(sizes.small): EVERYONE,
            Race(sizes.hundred): NEAREST,
            Race(sizes.million): EVERYONE,
            Race(sizes.million, BAD_EVERY): ("limit", "road", "usual"),
            Race(sizes.ten_million): NEAREST,
        },
        Race(sizes.small),
    )
    return Part(race_targets(runs, sizes), _lines(runs), {"cost.svg": _picture(runs)})


def race_targets(runs: Runs, sizes: Sizes) -> list[Target]:
    """What the payments files show."""
    clean, bad, large = (
        Race(sizes.million),
        Race(sizes.million, BAD_EVERY),
        Race(sizes.ten_million),
    )
    start = Race(sizes.small)
    ours = extra(runs, clean, start, "road")
    peak = max((r.peak_mb for (_, name), r in runs.items() if name == "road"), default=None)
    judged = ratio(_judging(runs, bad, "usual"), _judging(runs, bad, "road"))
    usual = ratio(extra(runs, clean, start, "usual"), ours)
    peer = ratio(extra(runs, clean, start, "peer"), ours)
    return [
        Target(
            "per extra million payment rows, against the limit",
            "x",
            ratio(ours, extra(runs, clean, start, "limit")),
            most=2.5,
        ),
        Target(
            "time per row at 10 million against 1 million",
            "x",
            ratio(extra(runs, large, start, "road"), ours),
            most=1.3,
        ),
        Target("memory in all, at any size to 10 million rows", "MB", peak, most=1400),
        Target("judging 5 % bad rows, the usual against this", "x", judged, of_issue=False),
        Target("the usual against this, clean rows", "x", usual, least=1, of_issue=False),
        Target("the peer against this, clean rows", "x", peer, least=10, of_issue=False),
    ]


def extra(runs: Runs, one: Race, start: Race, contender: str) -> float | None:
    """Seconds per extra million rows: without what the smallest file costs already."""
    whole, least = runs.get((one, contender)), runs.get((start, contender))
    if whole is None or least is None:
        return None
    return (whole.whole - least.whole) / (one.rows - start.rows) * MILLION


def ratio(one: float | None, other: float | None) -> float | None:
    """One divided by the other, where both were measured."""
    return one / other if one is not None and other else None


def _judging(runs: Runs, one: Race, contender: str) -> float | None:
    found = runs.get((one, contender))
    return found.seconds["judge"] if found else None


def _lines(runs: Runs) -> list[str]:
    rows = [
        f"| {one} | {name} | "
        + ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in run.seconds.items())
        + f" | {run.whole:.2f} | {run.peak_mb:,.0f} |"
        for (one, name), run in runs.items()
    ]
    return [
        "## Payments files",
        "",
        "*Per extra million* leaves out what the smallest file costs already. *The limit* is one",
        "hand-written DuckDB script on as many threads, *the usual* is pandas and Great",
        "Expectations on a frame, *the peer* is dlt under a schema contract; the last two are",
        "modelled as this project is.",
        "",
        "| file | way | seconds by stage | all | peak MB |",
        "|---|---|---|---|---|",
        *rows,
        "",
        "![Seconds against rows, of the limit and of this project](cost.svg)",
    ]


def _picture(runs: Runs) -> str:
    series = {
        told: sorted(
            (float(one.rows), run.whole)
            for (one, name), run in runs.items()
            if name == which and not one.bad_every
        )
        for told, which in (("the limit", "limit"), ("this project", "road"))
    }
    return drawn("Seconds against rows", "rows of the file", series, logs=True)
