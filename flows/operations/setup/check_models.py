"""An authority's own dbt models: where they lie, what tells of them, and whether dbt reads them."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from flows.authority.places import Places
from flows.authority.seed_rows import Fault
from flows.common import clock
from flows.common.declarations import DeclarationError, parse_yaml
from flows.common.settings import MODEL_FOLDERS
from flows.modelling.dbt_runner import Workplace, at_work, run_dbt

LAYERS = tuple(name for name in MODEL_FOLDERS if name != "macros")
NAMED = re.compile(r"authority/(\S+?\.(?:sql|yml))")
LINE = re.compile(r"line (\d+)")


def model_faults(folder: Path, places: Places, own: Sequence[str], made: Path) -> Iterator[Fault]:
    """What is wrong with the models. `made`: a folder that is gone afterwards."""
    models = [path for path in own if path.startswith("models/")]
    told: set[str] = set()
    faults = []
    for path in models:
        if path.split("/")[1] not in LAYERS:
            faults.append(
                Fault(path, 1, "", f"lies in none of {', '.join(LAYERS)}: nobody reads it")
            )
        elif path.endswith(".yml"):
            try:
                found = parse_yaml((folder / path).read_text("utf-8"), path) or {}
            except DeclarationError as error:
                line = LINE.search(str(error))
                faults.append(Fault(path, int(line[1]) if line else 1, "", str(error)))
                continue
            told |= {str(model.get("name")) for model in found.get("models", [])}
    faults += [
        Fault(path, 1, "", f"no YAML beside it tells of the model {Path(path).stem}")
        for path in models
        if path.endswith(".sql") and Path(path).stem not in told
    ]
    yield from faults
    if models and not faults:
        yield from _not_read(places, made)


def _not_read(places: Places, made: Path) -> Iterator[Fault]:
    place = Workplace(
        made / "dbt",
        made / "warehouse.duckdb",
        made / "reference.duckdb",
        places,
    )
    with at_work(place) as held:
        done = run_dbt(place, ["parse"], clock.now(), {}, [held])
    if done.returncode:
        said = " ".join(done.stdout.split())
        named, line = NAMED.search(said), LINE.search(said)
        file = f"models/{named[1]}" if named else "models"
        yield Fault(file, int(line[1]) if line else 1, "", f"dbt: {said[-400:]}")
