"""The parts of the benchmark beside the races: each in a folder of its own, gone afterwards."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.benchmarks import digests
from tests.benchmarks.contenders import tell
from tests.benchmarks.homes import command_seconds, small_home
from tests.benchmarks.measured import ROOT, run
from tests.benchmarks.other_files import (
    write_deliveries,
    write_workbook,
    write_workforce,
)
from tests.benchmarks.payments import write_payments
from tests.benchmarks.results import Part, Target
from tests.benchmarks.sizes import Sizes


def by_hand(sizes: Sizes, folder: Path) -> Part:
    """Commands where no server runs, in a home of a thousand rows; and its build beside its SQL."""
    home = small_home(folder, sizes.small)
    took = run("builds", home, sizes.rounds).seconds
    build = command_seconds(sizes.rounds, "build", "--home", str(home))
    status = command_seconds(sizes.rounds, "status", "--home", str(home), "--json")
    (folder / "supplier_returns").mkdir()
    one = []
    for number in range(sizes.rounds):
        file = folder / "supplier_returns" / f"s{700000 + number}_2022-23-q1.csv"
        write_deliveries(file, 28 + number)
        words = ("ingest", str(file), "--home", str(home))
        one.append(command_seconds(1, *words, now="2022-07-10T09:00:00"))
    tell(f"by hand: {took}, build {build:.2f} s, one file {min(one):.2f} s, status {status:.2f} s")
    what = f"a build of {sizes.small:,} rows"
    return Part(
        [
            Target(
                f"{what}, against its SQL alone run by hand",
                "x",
                took["build"] / took["SQL alone"],
                most=2,
            ),
            Target("one small file by hand, no server running", "s", min(one), most=3),
            Target(f"{what} by hand, no server running", "s", build, most=5),
            Target("status --json by hand", "s", status, most=0.7, of_issue=False),
        ],
        [f"{what}: {took['build']:.2f} s in a process that runs, its SQL {took['SQL alone']:.2f}."],
    )


def history(sizes: Sizes, folder: Path) -> Part:
    """A history of one sender, which is the first thing that a new authority sends."""
    moment = "2026-07-10T09:00:00"
    words = (folder / "home", sizes.history_files, sizes.history_rows)
    done = run("history", *words, SOCIAL_VALUE_NOW=moment)
    took = done.seconds
    tell(f"history: {took}, {done.peak_mb:,.0f} MB")
    files = f"{sizes.history_files} files, {done.rows:,} rows of one sender"
    against = "against a bare read_csv loop"
    cpu = took["ours, CPU"] / took["bare, CPU"]
    return Part(
        [
            Target(f"{files}, {against}", "x", took["ours"] / took["bare"], most=6),
            Target(f"the same, CPU seconds, {against}", "x", cpu, of_issue=False),
        ],
        [
            f"{files}: {took['ours']:.1f} s ({took['ours, CPU']:.1f} of CPU), bare "
            f"{took['bare']:.1f} s ({took['bare, CPU']:.1f}); {done.peak_mb:,.0f} MB."
        ],
    )


def sweeps(sizes: Sizes, folder: Path) -> Part:
    """Many small files of many senders in one sweep, under Prefect."""
    took = _json(["-m", "tests.benchmarks.commands", str(folder / "home"), str(sizes.swept)])
    tell(f"sweeps: {took}")
    books, each = f"a sweep of {sizes.swept} supplier workbooks", took["files, CPU"] / sizes.swept
    return Part(
        [
            Target(f"one small file among {sizes.swept} of a sweep, CPU", "s", each, most=0.15),
            Target(books, "s", took["workbooks"], most=60, of_issue=False),
            Target("nothing new in the inbox", "s", took["empty"], most=1, of_issue=False),
            Target("Prefect's own start", "s", took["Prefect's start"], of_issue=False),
        ],
        [
            f"A sweep of {sizes.swept} files of suppliers: {took['files']:.1f} s as CSV "
            f"({took['files, CPU']:.1f} of CPU), {took['workbooks']:.1f} s as workbooks "
            f"({took['workbooks, CPU']:.1f})."
        ],
    )


def workbook(sizes: Sizes, folder: Path) -> Part:
    """A workbook on the road, against a bare reading and the pass for error and formula cells."""
    payments, book = folder / "payments.csv", folder / "lcrca_2022-04.xlsx"
    write_payments(payments, sizes.workbook)
    write_workbook(book, payments)
    took = run("workbook", book, folder / "home").seconds
    tell(f"workbook: {took}")
    beyond = took["ours"] - took["error and formula cells"]
    what = f"a workbook of {sizes.workbook:,} rows, beyond the pass, against calamine"
    return Part([Target(what, "x", beyond / took["bare"], most=2, of_issue=False)])


def digests_of_rows(sizes: Sizes, folder: Path) -> Part:
    """Digests of a million rows, against those of before, which anybody could forge."""
    took = digests.measured(sizes.million)
    tell(f"digests: {took}")
    times = took["sha256_of_sorted_rows"] / took["xor_of_md5"]
    what = f"digests of {sizes.million:,} rows, against the XOR of MD5 of before"
    seconds = f"Digests of {sizes.million:,} rows: {took['sha256_of_sorted_rows']:.2f} s of CPU."
    return Part([Target(what, "x", times, most=digests.MOST, of_issue=False)], [seconds])


def other_returns(sizes: Sizes, folder: Path) -> Part:
    """HR of many people and a supplier's return of many lines, for which there is no target."""
    notes = []
    for return_name, writer, rows, file in (
        ("hr_workforce", write_workforce, sizes.people, "lcrca_2022-23-q1.csv"),
        ("supplier_returns", write_deliveries, sizes.lines, "s400101_2022-23-q1.csv"),
    ):
        writer(folder / file, rows)
        took = run("alone", return_name, folder / file, folder / return_name)
        stages = ", ".join(f"{stage} {s:.2f}" for stage, s in took.seconds.items())
        line = f"- {return_name}, {rows:,} rows: {took.whole:.1f} s ({stages})"
        notes.append(f"{line}, {took.peak_mb:,.0f} MB")
        tell(notes[-1])
    return Part([], ["## Other returns, taken in without a build", "", *notes])


def _json(words: list[str]) -> dict[str, float]:
    environment = {**os.environ, "SOCIAL_VALUE_NOW": "2022-07-10T09:00:00"}
    done = subprocess.run(
        [sys.executable, *words], check=True, capture_output=True, cwd=ROOT, env=environment
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
