"""What the two years of the demo take, and what a home does in which they have ended."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

from flows.common.settings import settings_for
from tests.benchmarks.contenders import tell
from tests.benchmarks.homes import command_seconds, ended
from tests.benchmarks.measured import ROOT, run
from tests.benchmarks.picture import drawn
from tests.benchmarks.results import Part, Target
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.vintages import tell_again

QUARTER = "2022-23 Q3"


def two_years(home: Path, *, may_run: bool) -> Part:
    """The two years from an empty home, with their comparison with the truth, if they may run."""
    most = Target("the two years of the demo, all told", "s", None, most=180)
    if not may_run:
        return Part([most])
    began = time.perf_counter()
    done = run("two_years", home)
    ran = time.perf_counter() - began
    words = [sys.executable, "-m", "tests.oracle", "--home", str(home)]
    subprocess.run(words, check=True, capture_output=True, cwd=ROOT)
    took = time.perf_counter() - began
    each = done.seconds["arrivals, CPU"] / done.rows
    stages = {name: s for name, s in done.seconds.items() if not name.endswith(", CPU")}
    rest = {"start, imports and end": ran - sum(stages.values()), "compare": took - ran}
    listed = ", ".join(f"{name} {seconds:.1f}" for name, seconds in {**stages, **rest}.items())
    tell(f"the two years: {took:.0f} s ({listed})")
    return Part(
        [
            Target("the two years of the demo, all told", "s", took, most=180),
            Target("of it, a file that arrives, CPU", "s", each, of_issue=False),
        ],
        ["## The two years of the demo", "", f"Seconds by stage: {listed}; {done.rows} files."],
    )


def growth(demo: Path, sizes: Sizes, folder: Path) -> Part:
    """Two years and what stands for ten: a build beside its SQL, one more file, status; a release.

    The demo's home is copied, and left as it is.
    """
    moment = ended(demo)
    found: dict[int, dict[str, float]] = {}
    for years in sizes.years:
        home = folder / f"{years}-years"
        shutil.copytree(demo, home, symlinks=True)
        tell_again(home / "warehouse" / "warehouse.duckdb", years)
        rounds = sizes.rounds if years in (sizes.years[0], sizes.years[-1]) else 1
        took = run("builds", home, rounds, SOCIAL_VALUE_NOW=moment).seconds
        (folder / f"files-{years}").mkdir()
        words = (home, folder / f"files-{years}", sizes.rounds + 1)
        key = str(settings_for(demo).key_path)
        one = run("one_file", *words, SOCIAL_VALUE_NOW=moment, SOCIAL_VALUE_KEY_FILE=key).seconds
        words_of_status = ("status", "--home", str(home), "--json")
        status = command_seconds(sizes.rounds, *words_of_status, now=moment)
        found[years] = {**took, "one more file": one["CPU"], "status": status}
        tell(f"{years} years: {found[years]}")
        shutil.rmtree(home)
    return Part(_growth_targets(found), _growth_lines(found), {"years.svg": _picture(found)})


def _growth_targets(found: dict[int, dict[str, float]]) -> list[Target]:
    first, last = min(found), max(found)
    two, ten = found[first], found[last]
    against = f"{last} years of the demo's returns against {first}"
    return [
        Target(
            f"a build of the {first} demo years, against its SQL alone run by hand",
            "x",
            two["build"] / two["SQL alone"],
            most=2,
        ),
        Target("the same build", "s", two["build"], most=8),
        Target(
            "one small file among the demo's 600 and more, CPU", "s", two["one more file"], 0.15
        ),
        Target(f"{against}: a build", "x", ten["build"] / two["build"], most=3),
        Target(
            f"{against}: one more file", "x", ten["one more file"] / two["one more file"], most=1.1
        ),
        Target(f"{against}: status", "x", ten["status"] / two["status"], most=1.1),
    ]


def _growth_lines(found: dict[int, dict[str, float]]) -> list[str]:
    names = list(next(iter(found.values())))
    return [
        "## Growth with the years",
        "",
        "The demo's two years told again for the years before; seconds, of a file CPU seconds.",
        "",
        f"| years | {' | '.join(names)} |",
        f"|---|{'---|' * len(names)}",
        *(
            f"| {years} | {' | '.join(f'{took[name]:.2f}' for name in names)} |"
            for years, took in found.items()
        ),
        "",
        "![Seconds against years of returns](years.svg)",
    ]


def _picture(found: dict[int, dict[str, float]]) -> str:
    series = {
        name: [(float(years), took[name]) for years, took in found.items()]
        for name in next(iter(found.values()))
    }
    return drawn("Seconds against years of returns", "years of the demo's returns", series)


def publishing(demo: Path, folder: Path) -> Part:
    """A quarter's report with its build in place, from a copy of the demo's home."""
    shutil.copytree(demo, folder / "home", symlinks=True)
    done = run("publishing", folder / "home", QUARTER, SOCIAL_VALUE_NOW=ended(demo))
    parts = ", ".join(f"{name} {seconds:.2f}" for name, seconds in done.seconds.items())
    tell(f"publish {QUARTER}: {done.whole:.2f} s ({parts})")
    proof = done.seconds["disclosure proof"]
    return Part(
        [
            Target("publish a quarter, its build in place", "s", done.whole, most=8),
            Target(
                "of it, the proof that nobody is given away", "s", proof, most=3, of_issue=False
            ),
        ],
        ["## A quarter's report", "", f"{QUARTER}, {done.rows} files, seconds: {parts}."],
    )
