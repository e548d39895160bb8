"""Analysts' connections, a few in each process, opened again and again until told to stop."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.common.settings import Settings

READ = """
import hashlib, json, sys, time
from pathlib import Path
import duckdb
analysts, published, stop, ready = map(Path, sys.argv[1:])
WHOLE = '''
    select (select count(*) from marts.fct_payments),
           (select count(distinct _return_id) from marts.fct_payments),
           (select count(*) from marts.built_from),
           (select count(*) > 0 from publication.pub_spend_by_place)
'''
seen, looks, releases = set(), 0, set()
while not stop.exists():
    connections = [duckdb.connect(str(analysts), read_only=True) for _ in range(5)]
    answers = [connection.execute(WHOLE).fetchone() for connection in connections]
    time.sleep(0.2)
    answers += [connection.execute(WHOLE).fetchone() for connection in connections]
    assert len(set(answers)) == 1, "it changed under a reader"
    for connection in connections:
        connection.close()
    seen.add(answers[0])
    for manifest in published.glob("quarterly/*/r*/manifest.json"):
        for name, digest in json.loads(manifest.read_text())["outputs"].items():
            found = hashlib.sha256((manifest.parent / name).read_bytes()).hexdigest()
            assert found == digest, f"{name} is half there"
        releases.add(manifest.parent.name)
    looks += len(answers)
    ready.touch()
    time.sleep(0.8)
print(json.dumps({"seen": sorted(seen), "looks": looks, "releases": sorted(releases)}))
"""


@contextmanager
def readers(settings: Settings, folder: Path) -> Iterator[list[dict[str, object]]]:
    """Let twenty connections of four processes read through the block.

    Afterwards the list holds what each process saw. All have had a look before the block begins.
    """
    stop = folder / "stop"
    signs = [folder / f"ready-{n}" for n in range(4)]
    places = [settings.analysts, settings.published, stop]
    analysts = [
        subprocess.Popen(
            [sys.executable, "-c", READ, *map(str, places), str(sign)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for sign in signs
    ]
    found: list[dict[str, object]] = []
    try:
        until = time.monotonic() + 60
        while not all(sign.exists() for sign in signs) and time.monotonic() < until:
            time.sleep(0.2)
        yield found
    finally:
        stop.touch()
        for analyst in analysts:
            out, said = analyst.communicate(timeout=60)
            found.append({**(json.loads(out) if out else {}), "errors": said})
