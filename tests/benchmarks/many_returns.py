"""What each command costs where the ledger holds 150,000 returns of 2,000 senders, and 2,000.

`python -m tests.benchmarks.many_returns HOME FOLDER`: HOME is one where the demo has ended, FOLDER
an empty one. Its ledger is told again as that of other senders, without the rows of their returns:
what grows with rows `make bench` measures. CPU seconds are told, Python's start and all: a busy
machine changes them little. docs/scale.md says what comes of it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb

from tests.benchmarks.homes import BIN, ended
from tests.benchmarks.measured import ROOT, cpu_seconds
from tests.benchmarks.other_files import write_deliveries

SENDERS = 29  # so many times the demo's 69 are 2,000
FEW, MANY = 3, 238  # tellings: 1,900 and 150,000 returns
LEDGER = ("files", "returns", "standing", "outcomes", "checks", "findings", "quarantined", "events")
ANEW = {
    "sha256": "sha256 || '-' || telling",
    "filing_id": "filing_id || '-' || telling",
    "finding_id": "finding_id || '-' || telling",
    "subject": "subject || '-' || telling",
    "hash": "hash || '-' || telling",
    "seq": "seq - telling * 1000000",  # before all that has happened: what is newest stays so
    "sender": f"sender || '-' || (telling % {SENDERS})",
    "return_id": "split_part(return_id, '/', 1) || '-' || telling "
    "|| '/' || split_part(return_id, '/', 2)",
}
FILE = "s800000_2022-23-q4.csv"
COMMANDS = {
    "ingest a small file": ("ingest", FILE, "--return", "supplier_returns"),
    "status": ("status", "--json"),
    "findings": ("findings", "--json"),
    "findings of one sender": ("findings", "--sender", "lcrca", "--json"),
    "query": ("query", "select count(*) from marts.fct_payments"),
    "trace a figure": ("trace", "value", "C01", "2022-23 Q1", "--json"),
    "audit check": ("audit", "check"),
}


def tell_again(warehouse: Path, tellings: int) -> int:
    """Put the ledger in so many times; gives how many returns it has then."""
    with duckdb.connect(str(warehouse)) as connection:
        for table in LEDGER:
            names = [row[0] for row in connection.execute(f"describe ledger.{table}").fetchall()]
            cells = ", ".join(ANEW.get(name, f'"{name}"') for name in names)
            connection.execute(f"create temp table once as from ledger.{table}")
            connection.execute(
                f"insert into ledger.{table} select {cells} from once, "
                f"range(1, {tellings}) as tellings (telling)"
            )
            connection.execute("drop table once")
        connection.execute("checkpoint")
        (found,) = connection.execute("select count(*) from ledger.returns").fetchall()[0]
    return int(found)


def cost(home: Path, folder: Path, words: tuple[str, ...], now: str) -> float:
    """CPU seconds of a command; it must end well, or say what is open (1)."""
    spent = cpu_seconds()
    done = subprocess.run(
        [BIN / "social-value", *words],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env={
            **os.environ,
            "SOCIAL_VALUE_HOME": str(home),
            "SOCIAL_VALUE_NOW": now,
            "SOCIAL_VALUE_AUTHORITY": str(ROOT / "flows" / "demo" / "authority"),
        },
    )
    if done.returncode not in (0, 1):
        print(f"{' '.join(words)}: {done.stderr.strip()[-300:]}", file=sys.stderr)
    return cpu_seconds() - spent


def main(demo: Path, folder: Path) -> None:
    """Tell what each command costs in each of the two homes."""
    write_deliveries(folder / FILE, 20)
    found: dict[int, dict[str, float]] = {}
    for tellings in (FEW, MANY):
        home = folder / f"home-{tellings}"
        shutil.copytree(demo, home, symlinks=True)
        key = demo.with_suffix(".key")
        if key.exists():
            shutil.copy(key, home.with_suffix(".key"))
        now = ended(home)
        returns = tell_again(home / "warehouse" / "warehouse.duckdb", tellings)
        found[returns] = {}
        for name, words in COMMANDS.items():
            found[returns][name] = cost(home, folder, words, now)
            print(returns, name, round(found[returns][name], 2), file=sys.stderr, flush=True)
        shutil.rmtree(home)
    print("| command | " + " | ".join(f"{returns:,} returns" for returns in found) + " |")
    print("|---|" + "---|" * len(found))
    for name in COMMANDS:
        print(f"| {name} | " + " | ".join(f"{told[name]:.2f}" for told in found.values()) + " |")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
