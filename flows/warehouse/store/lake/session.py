"""Sessions of PostgreSQL: the locks of a lake, each held by a session of its own.

The server frees a lock when its session ends: with the process that held it, or when the machine
has been silent for half a minute.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import duckdb

from flows.common.errors import SocialValueError
from flows.common.locks import Busy
from flows.common.processes import own_mark
from flows.warehouse.store.lake.address import Address


class NoServer(SocialValueError):
    """The server of the lake's catalogue cannot be reached."""

    notice = "the server of the warehouse's catalogue cannot be reached; it is tried again."


class LockLost(SocialValueError):
    """The lock was taken away while its holder was at work, so nothing of the work is kept."""

    notice = "the lock of the warehouse was lost while something was written; nothing was kept."


HOLDERS = """
    select distinct a.application_name from pg_locks as l join pg_stat_activity as a using (pid)
    where l.locktype = 'advisory' and l.granted
        and l.database = (select oid from pg_database where datname = current_database())
        and (l.classid::bigint << 32) + l.objid::bigint = %s
    order by 1
"""


@contextmanager
def session(address: Address) -> Iterator[Any]:
    """A session of its own, in which each statement stands for itself. Raises NoServer."""
    import psycopg2

    try:
        connection = psycopg2.connect(address.conninfo)
    except psycopg2.Error as error:
        said = " ".join(str(error).split())
        raise NoServer(
            "The server of the warehouse's catalogue cannot be used: see that it is up and lets "
            f"this user in, and run this again ({said})."
        ) from None
    connection.autocommit = True
    try:
        yield connection
    finally:
        with suppress(psycopg2.Error):
            connection.close()


def ask(connection: Any, sql: str, *given: object) -> list[tuple[Any, ...]]:
    """The rows of a query in a session. Raises NoServer where the server has ended it."""
    import psycopg2

    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, given)
            return list(cursor.fetchall())
    except psycopg2.Error:
        if not connection.closed:
            raise
        raise NoServer(
            "The server of the warehouse's catalogue went away while it was needed: see that it "
            "is up, and run this again."
        ) from None


class Lock:
    """A lock that a session holds."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def prove(self) -> None:
        """Raise LockLost where the session, and so the lock, is gone."""
        try:
            ask(self.connection, "select 1")
        except NoServer:
            raise LockLost(
                "The server has ended the session that held the warehouse's lock: nothing was "
                "kept, and it can be run again."
            ) from None


@contextmanager
def locked(
    address: Address, name: str, *, exclusive: bool, wait: float | None, what: str, busy: type[Busy]
) -> Iterator[Lock]:
    """Hold the lock of that name in a session of its own; `busy` says who holds `what`.

    Raises NoServer, also where DuckDB finds in the block that the server has gone.
    """
    import psycopg2

    number = address.lock_number(name)
    shared = "" if exclusive else "_shared"
    with session(address) as connection:
        began, is_named = time.monotonic(), False
        while not ask(connection, f"select pg_try_advisory_lock{shared}(%s)", number)[0][0]:
            waited = time.monotonic() - began
            if wait is not None and waited >= wait:
                raise busy(
                    f"Another run{_named(_holders(connection, number))} has held {what} for more "
                    f"than {wait:g} seconds: wait for it to end, or stop it, and run this again."
                )
            if not is_named and waited >= 0.5:
                is_named, holders = True, _holders(connection, number)
                if own_mark() not in holders:  # else it is another file of the same sweep
                    named = _named(holders)
                    print(
                        f"Waiting for another run{named} to finish with {what} ...", file=sys.stderr
                    )
            time.sleep(0.05)
        try:
            yield Lock(connection)
        except (duckdb.Error, psycopg2.Error):  # many words say that a server has gone
            ask(connection, "select 1")
            raise


def _holders(connection: Any, number: int) -> list[str]:
    """Who holds the lock, by the mark that each session calls itself by."""
    return [str(mark) for (mark,) in ask(connection, HOLDERS, number)]


def _named(holders: list[str]) -> str:
    marks = [mark.split(".") for mark in holders]
    named = [f"process {mark[3]} on {mark[0]}" for mark in marks if len(mark) == 4]
    return f" ({', '.join(named)})" if named else ""
