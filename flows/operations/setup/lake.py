"""The doctor's look at a lake: packages, server, and how soon a dead machine's lock is free."""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import duckdb

from flows.common.errors import SocialValueError
from flows.common.settings import Settings
from flows.operations.setup.found import Found
from flows.warehouse.store.lake.address import KEEPALIVES, Address, address_of
from flows.warehouse.store.lake.extensions import missing, needed
from flows.warehouse.store.lake.session import ask, session

OLDEST = 140_000  # of PostgreSQL, as it numbers itself


def lake(settings: Settings) -> Iterator[Found]:
    """Whether the lake of the settings can be worked with; nothing where there is none."""
    if not settings.warehouse_at:
        return
    try:
        address = address_of(settings)
        yield from _packages(address)
        if not missing(address):
            with session(address) as connection:
                yield from _server(connection)
    except SocialValueError as error:
        yield Found("wrong", str(error), "Read docs/lake.md.")
        return
    if settings.node_folder is None:
        mend = "Set SOCIAL_VALUE_SCRATCH to a folder on a disk of this machine's own."
        yield Found("note", "temporary files lie in the home that machines share", mend)


def _packages(address: Address) -> Iterator[Found]:
    if absent := missing(address):
        mend = "Run pip install 'social-value-warehouse[lake]'."
        yield Found("wrong", f"{', '.join(absent)} cannot be found", mend)
        return
    other = [
        f"{name} {there}"
        for name in needed(address)
        if (there := version(f"duckdb_extension_{name}")) != duckdb.__version__
    ]
    if other:
        mend = f"Install those of DuckDB {duckdb.__version__}."
        yield Found("wrong", f"extensions of another DuckDB: {', '.join(other)}", mend)


def _server(connection: Any) -> Iterator[Found]:
    ((number,),) = ask(connection, "select current_setting('server_version_num')::int")
    ((local,),) = ask(connection, "select inet_client_addr() is null")
    wanted = {name: str(value) for name, value in KEEPALIVES.items()}
    there = {name: str(ask(connection, f"show {name}")[0][0]) for name in wanted}
    if number < OLDEST:
        mend = f"Use PostgreSQL {OLDEST // 10_000} or later."
        yield Found("wrong", f"the catalogue's server is PostgreSQL {number // 10_000}", mend)
    elif not local and there != wanted:
        told = ", ".join(f"{name} {value}" for name, value in there.items())
        mend = "Let nothing stand between that takes options away, such as a pool of sessions."
        yield Found("wrong", f"a dead machine's lock is not free soon: {told}", mend)
    else:
        yield Found("fine", f"PostgreSQL {number // 10_000}, short keepalives")
