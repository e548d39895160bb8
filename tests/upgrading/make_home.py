"""Make a small home with the command of any version, and keep it as that version's own backup.

    python tests/upgrading/make_home.py .venv/bin/social-value tests/upgrading/homes/schema-5

writes `schema-5.tar.xz` and `schema-5-key.txt`. The files are the same for every version.
`homes/README.md` says which version made which.
"""

import lzma
import os
import subprocess
import sys
import tempfile
from pathlib import Path

AUTHORITY = Path(__file__).resolve().parents[2] / "flows" / "demo" / "authority"
PAID = "Payment date,Supplier name,Net amount,Transaction number,Supplier ID,Supplier postcode"
FILES = {  # when it came, its name: what it holds
    ("2022-05-10", "finance_vendors", "2022-04"): (
        "Supplier ID,Supplier name,Postcode,Location basis\n"
        "S1,Acme Ltd,L3 1BP,order site\nS2,Roses & Co,M1 1AE,order site\n"
    ),
    ("2022-05-10", "finance_payments", "2022-04"): (
        f"{PAID}\n2022-04-04,Acme Ltd,1000.00,T1,S1,L3 1BP\n"
        "2022-04-19,Roses & Co,500.25,T2,S2,M1 1AE\n2022-04-29,Acme Ltd,TBC,T3,S1,L3 1BP\n"
    ),
    ("2022-06-10", "finance_payments", "2022-05"): (
        f"{PAID}\n2022-05-05,Acme Ltd,250.00,T4,S1,L3 1BP\n"
        "2022-05-20,Roses & Co,749.75,T5,S2,M1 1AE\n"
    ),
    ("2022-07-08", "finance_payments", "2022-06"): (
        f"{PAID}\n2022-06-06,Acme Ltd,2000.00,T6,S1,L3 1BP\n"
        "2022-06-21,Roses & Co,1500.00,T7,S2,M1 1AE\n"
    ),
}
PUBLISHED = "2022-08-15T09:00:00"


def make(command: Path, place: Path) -> None:
    """Take the files in, build, publish the quarter, and keep a backup at `place`."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        for (day, name, month), content in FILES.items():
            file = Path(scratch) / f"lcrca_{month}.csv"
            file.write_text(content, encoding="utf-8")
            words = ("ingest", str(file), "--return", name, "--sender", "lcrca", "--period", month)
            _run(command, home, f"{day}T09:00:00", *words)
        _run(command, home, PUBLISHED, "publish", "quarterly", "2022-23 Q1")
        _run(command, home, PUBLISHED, "verify", "quarterly/2022-23-Q1/r1")
        backup = Path(scratch) / "home.tar"
        _run(command, home, PUBLISHED, "backup", "--to", str(backup))
        place.with_suffix(".tar.xz").write_bytes(lzma.compress(backup.read_bytes(), preset=9))
        key = place.with_name(f"{place.name}-key.txt")
        key.write_bytes(Path(scratch, "home.key").read_bytes())


def _run(command: Path, home: Path, now: str, *words: str) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "SOCIAL_VALUE_AUTHORITY": str(AUTHORITY),
        "SOCIAL_VALUE_HOME": str(home),
        "SOCIAL_VALUE_NOW": now,
    }
    done = subprocess.run([command.absolute(), *words], env=environment, check=False)
    if done.returncode not in (0, 1):  # 1: a file with a finding is taken in all the same
        sys.exit(f"{' '.join(words)} ended with {done.returncode}.")


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(sys.argv[2]))
