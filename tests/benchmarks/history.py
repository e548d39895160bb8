"""A history of one sender's monthly files, as Devon County Council has published since 2011.

The files differ as theirs do: in size, in what columns are called, in how a date is written, and
some begin with a mark of their encoding. They are taken in by one sweep, without a build; the bare
way reads each into a table as text, and no more.
"""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from flows.common.settings import settings_for
from tests.benchmarks.measured import Stages, cpu_seconds

SENDER = "devon"
OLD = 3600  # seconds since the files came: nobody is still writing them
HEADERS = (
    ("Body name", "Service area", "Expenses type", "Payment date", "Transaction number", "Amount"),
    ("Body name", "Service", "Expense type", "Date paid", "Transaction number", "Net amount"),
    ("Body name", "Directorate", "Expense type", "Date", "Transaction number", "Amount"),
)
BEGINS = 2011


def write_history(folder: Path, files: int, rows: int) -> list[Path]:
    """Write the files, oldest first; all of them have `rows` rows together, about."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with duckdb.connect() as connection:
        for number in range(files):
            year, month = BEGINS + number // 12, 1 + number % 12
            path = folder / f"{SENDER}_{year}-{month:02d}.csv"
            share = (0.2, 0.7, 0.9, 1.0, 1.1, 1.3, 1.8)[number % 7]
            _write(connection, path, number, int(rows / files * share))
            written.append(path)
    return written


def _write(connection: duckdb.DuckDBPyConnection, path: Path, number: int, rows: int) -> None:
    era = number * len(HEADERS) // 183 % len(HEADERS)
    body, service, expense, paid, transaction, amount = HEADERS[era]
    day = f"date '{path.stem.split('_')[1]}-01' + cast(i % 28 as integer)"
    written = f"strftime({day}, '%d/%m/%Y')" if era < 2 else f"strftime({day}, '%Y-%m-%d 00:00:00')"
    connection.execute(
        f"""
        copy (
            select 'Devon County Council' as "{body}",
                   'Adult Care and Operations, team ' || (i % 97) as "{service}",
                   'Private contractors and other agencies ' || (i % 53) as "{expense}",
                   {written} as "{paid}",
                   'DCC{number:03d}-' || i as "{transaction}",
                   printf('%.2f', ((i * 7919) % 1000000 - 20000) / 100.0) as "{amount}",
                   'Supplier of care and works ' || (i * 31 % 4001) || ' Limited'
                       as "Supplier name",
                   case when i % 3 then 'Revenue' else 'Capital' end as "Capital or revenue"
            from range({rows}) as t(i)
        ) to '{path}' (format csv, header true)
        """
    )
    if number % 5 == 0:
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


def read_bare(files: list[Path]) -> int:
    """Read each file into a table as text; how many rows there were."""
    found = 0
    with duckdb.connect(config={"threads": 2}) as connection:
        for path in files:
            connection.execute(
                f"create or replace table bare as from read_csv('{path}', all_varchar = true)"
            )
            found += (connection.execute("select count(*) from bare").fetchone() or (0,))[0]
    return found


def _aged(files: list[Path]) -> Iterator[Path]:
    for place, path in enumerate(files):
        moment = time.time() - OLD + place
        os.utime(path, (moment, moment))
        yield path


def main(home: Path, files: int, rows: int) -> None:
    """Write the history into the inbox, read it bare, take it in; print what each took."""
    from expectations import validation  # noqa: F401  # imported before the clock runs
    from flows.operations.ingest import ingest
    from flows.operations.record import LogRecord

    settings = settings_for(home)
    written = write_history(settings.inbox / "finance_payments", files, rows)
    history = list(_aged(written))
    stages = Stages()
    began = cpu_seconds()
    with stages.timed("bare"):
        found = read_bare(history)
    between = cpu_seconds()
    with stages.timed("ours"):
        done = ingest(None, settings, LogRecord(settings, "benchmark"))
    stages.seconds |= {"bare, CPU": between - began, "ours, CPU": cpu_seconds() - between}
    loaded = sum(one.counts.loaded for one in done)
    if loaded != found:
        raise RuntimeError(f"{found} rows were sent, {loaded} loaded: {done[0].reason}")
    stages.tell(loaded)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
