"""`make bench`: this project beside the limit, the usual way and a peer; targets met or missed.

`python -m tests.benchmarks ROWS...` races only the limit and this project, at those sizes.
`--without-demo` leaves out the two years of the made-up authority; `--demo HOME` takes those of a
home where the demo has ended, and does not tell what it took. `--digests` measures the digests of
rows alone.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from flows.common.settings import Settings
from tests.benchmarks import digests
from tests.benchmarks.contenders import MILLION, SMALL, Race, track
from tests.benchmarks.measured import ROOT, Measured, run
from tests.benchmarks.other_files import write_deliveries, write_workbook, write_workforce
from tests.benchmarks.payments import write_payments
from tests.benchmarks.results import Target, chart, race_targets, report, write

BIN = Path(sys.executable).parent
EVERYONE = ("limit", "road", "usual", "peer")
RACES = {
    Race(SMALL): EVERYONE,
    Race(100_000): ("limit", "road"),
    Race(MILLION): EVERYONE,
    Race(MILLION, 20): ("limit", "road", "usual"),
    Race(10 * MILLION): ("limit", "road"),
}
Runs = dict[tuple[Race, str], Measured]
WORKBOOK_ROWS, PEOPLE, LINES = 100_000, 100_000, 50_000


def race(races: dict[Race, Sequence[str]]) -> Runs:
    """Let each contender run each race; tell as they come in."""
    runs: Runs = {}
    with track(Race(SMALL)) as ground:  # dbt parses the project once, and keeps that for the others
        ground.run("road")
    for one, names in races.items():
        with track(one) as ground:
            for name in names:
                runs[one, name] = done = ground.run(name)
                _tell(f"{one}: {name} {done.whole:.1f} s, {done.peak_mb:,.0f} MB")
    return runs


def workbook_target() -> Target:
    """A workbook on the road, against a bare reading and the pass for error and formula cells."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        payments, book = folder / "payments.csv", folder / "lcrca_2022-04.xlsx"
        write_payments(payments, WORKBOOK_ROWS)
        write_workbook(book, payments)
        took = run("workbook", book, folder / "home").seconds
    _tell(f"workbook: {took}")
    beyond = took["ours"] - took["error and formula cells"]
    what = f"a workbook of {WORKBOOK_ROWS:,} rows, beyond the pass, against calamine"
    return Target(what, "x", beyond / took["bare"], most=2)


def command_targets(demo: Path | None) -> list[Target]:
    """What commands take once Prefect's server is up."""
    with tempfile.TemporaryDirectory() as name:
        words = [str(Path(name) / "home"), *([str(demo)] if demo else [])]
        took = _json(["-m", "tests.benchmarks.commands", *words])
        status = _status_seconds(demo or Path(words[0]))
    _tell(f"commands: {took}, status {status:.2f}")
    return [
        Target("a sweep of 500 supplier workbooks", "s", took["sweep"], most=60),
        Target("nothing new in the inbox", "s", took["empty"], most=1),
        Target("status --json", "s", status, most=0.7),
        Target("a build of the two years", "s", took.get("build"), most=20),
        Target("publish a quarter", "s", took.get("publish"), most=5),
        Target("of it, the proof that nobody is given away", "s", took.get("proof"), most=3),
        Target("Prefect's own start (no target)", "s", took["Prefect's start"], most=60),
    ]


def digest_target() -> Target:
    """Digests of a million rows, against those of before, which anybody could forge."""
    took = digests.measured()
    _tell(f"digests: {took}")
    times = took["sha256_of_sorted_rows"] / took["xor_of_md5"]
    what = f"digests of {digests.ROWS:,} rows, against the XOR of MD5 of before"
    return Target(what, "x", times, most=digests.MOST)


def demo_target(home: Path | None, *, may_run: bool) -> Target:
    """The two years of the made-up authority from an empty home, if they may run."""
    took: float | None = None
    if home is not None and may_run:
        began = time.perf_counter()
        _command("demo", "--home", str(home), "--json")
        took = time.perf_counter() - began
        _tell(f"the two years: {took:.0f} s")
    return Target("the two years of the demo", "s", took, most=90)


def other_notes() -> list[str]:
    """HR of many people and a supplier's return of many lines, for which there is no target."""
    notes = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for return_name, writer, rows, file in (
            ("hr_workforce", write_workforce, PEOPLE, "lcrca_2022-23-q1.csv"),
            ("supplier_returns", write_deliveries, LINES, "s400101_2022-23-q1.csv"),
        ):
            writer(folder / file, rows)
            took = run("alone", return_name, folder / file, folder / return_name)
            stages = ", ".join(f"{stage} {s:.2f}" for stage, s in took.seconds.items())
            line = f"- {return_name}, {rows:,} rows: {took.whole:.1f} s ({stages})"
            notes.append(f"{line}, {took.peak_mb:,.0f} MB")
            _tell(notes[-1])
    return ["Other returns, taken in without a build:", "", *notes]


def main(words: list[str]) -> None:
    """Run what is asked, print the table; without sizes, keep it as RESULTS.md."""
    if "--digests" in words:
        print(digest_target().row())
        return
    sizes = [int(word) for word in words if word.isdigit()]
    if sizes:
        races: dict[Race, Sequence[str]] = {Race(SMALL): ("limit", "road")}
        race({**races, **{Race(size): ("limit", "road") for size in sizes}})
        return
    limit_mb = float(Settings().memory_limit.removesuffix("GB")) * 1000
    with tempfile.TemporaryDirectory() as name:
        given = Path(words[words.index("--demo") + 1]) if "--demo" in words else None
        demo = None if "--without-demo" in words else given or Path(name) / "demo"
        two_years = demo_target(demo, may_run=given is None)
        runs = race(RACES)
        targets = [*race_targets(runs, limit_mb), workbook_target(), digest_target()]
        targets += [*command_targets(demo), two_years]
    notes = other_notes()
    for target in targets:
        print(target.row())
    write(report(runs, targets, notes), chart(runs))


def _status_seconds(home: Path) -> float:
    began = time.perf_counter()
    _command("status", "--home", str(home), "--json")
    return time.perf_counter() - began


def _command(*words: str) -> None:
    subprocess.run([BIN / "social-value", *words], check=True, capture_output=True, cwd=ROOT)


def _json(words: list[str]) -> dict[str, float]:
    environment = {**os.environ, "SOCIAL_VALUE_NOW": "2022-07-10T09:00:00"}
    done = subprocess.run(
        [sys.executable, *words], check=True, capture_output=True, cwd=ROOT, env=environment
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
