"""`python -m flows.demo FOLDER [--seed N]`: writes the deliveries as files, and a diary of them."""

import argparse
import csv
import sys
from pathlib import Path

from flows.demo.made.deliveries import DEFAULT_SEED, deliveries


def write(folder: Path, seed: int = DEFAULT_SEED) -> Path:
    """Writes `<return>/<day of arrival>/<file>` and `diary.csv` below `folder`; gives the diary.

    The day is in the path because a corrected file comes under the name of the first one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    diary = folder / "diary.csv"
    with diary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["moment", "file", "story"])
        for delivery in deliveries(seed):
            day = f"{delivery.at:%Y-%m-%d}"
            path = folder / delivery.return_name / day / delivery.file_name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(delivery.content)
            name = path.relative_to(folder).as_posix()
            writer.writerow([delivery.at.isoformat(), name, delivery.story])
    return diary


def main() -> None:
    """Reads the command line and writes the files."""
    parser = argparse.ArgumentParser(prog="python -m flows.demo", description=__doc__)
    parser.add_argument("folder", type=Path, help="where to write the files")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="which made-up ledger")
    words = parser.parse_args()
    sys.stdout.write(f"{write(words.folder, words.seed)}: what arrives, and when.\n")


if __name__ == "__main__":
    main()
