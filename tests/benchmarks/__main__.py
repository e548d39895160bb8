"""`make bench`: this project beside the limit, the usual way and a peer; targets met or missed.

All parts are run, and RESULTS.md is written with its pictures: `make bench`, under 40 minutes.
`--only PART,PART` runs some of them and writes nothing; `--small` gives each little, to see that
it runs. `--without-demo` leaves out what needs the two years of the made-up authority; `--demo
HOME` takes those of a home where the demo has ended, and does not tell what they took.
"""

import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import of_the_demo, parts
from tests.benchmarks.contenders import tell
from tests.benchmarks.racing import races
from tests.benchmarks.results import Part, report, table, write
from tests.benchmarks.sizes import LITTLE, WHOLE, Sizes

Run = Callable[[Path], Part]


def runs_of(sizes: Sizes, demo: Path, *, may_run: bool) -> dict[str, Run]:
    """The parts by name, in the order in which RESULTS.md tells of them."""
    return {
        "by-hand": lambda folder: parts.by_hand(sizes, folder),
        "races": lambda folder: races(sizes),
        "history": lambda folder: parts.history(sizes, folder),
        "sweeps": lambda folder: parts.sweeps(sizes, folder),
        "demo": lambda folder: of_the_demo.two_years(demo, may_run=may_run),
        "growth": lambda folder: of_the_demo.growth(demo, sizes, folder),
        "publish": lambda folder: of_the_demo.publishing(demo, folder),
        "digests": lambda folder: parts.digests_of_rows(sizes, folder),
        "workbook": lambda folder: parts.workbook(sizes, folder),
        "others": lambda folder: parts.other_returns(sizes, folder),
    }


OF_THE_DEMO = ("demo", "growth", "publish")


def main(words: list[str]) -> int:
    """Run what is asked, print the table; of a whole run, keep it as RESULTS.md.

    A part that fails says why, and the others go on; nothing is kept then.
    """
    given = _after(words, "--demo")
    only = _after(words, "--only")
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        demo = Path(given) if given else Path(name) / "demo"
        runs = runs_of(LITTLE if "--small" in words else WHOLE, demo, may_run=given is None)
        chosen = only.split(",") if only else list(runs)
        if "--without-demo" in words:
            chosen = [one for one in chosen if one not in OF_THE_DEMO]
        done = {one: _part(one, runs[one], Path(name)) for one in chosen}
    found = [part for part in done.values() if part is not None]
    print("\n".join(table([target.row() for part in found for target in part.targets])))
    minutes = (time.perf_counter() - began) / 60
    tell(f"{minutes:.1f} minutes")
    if failed := [name for name, part in done.items() if part is None]:
        tell(f"not run to their ends: {', '.join(failed)}")
        return 1
    if not only and "--small" not in words:
        pictures = {name: drawn for part in found for name, drawn in part.pictures.items()}
        write(report(found, minutes), pictures)
    return 0


def _part(name: str, run: Run, folder: Path) -> Part | None:
    """What a part found; None where it could not be run to its end."""
    began = time.perf_counter()
    place = folder / f"of {name}"
    place.mkdir()
    try:
        return run(place)
    except Exception:
        traceback.print_exc()
        return None
    finally:
        tell(f"{name}: {(time.perf_counter() - began) / 60:.1f} minutes")


def _after(words: list[str], option: str) -> str | None:
    """The word that follows an option, where it is given."""
    return words[words.index(option) + 1] if option in words else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
