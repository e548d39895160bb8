"""PostgreSQL for a test: a cluster of its own, and what it holds beside what DuckDB holds."""

import os
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tests.support.services import PATIENCE, cannot_start, free_port

LOCALE = ("--lc-collate=C", "--lc-ctype=C.UTF-8")
PASSWORD = "open sesame"
NOBODY = 65534  # a server of PostgreSQL does not start as root
COMPARED = ("marts", "publication", "seeds")


@dataclass(frozen=True)
class Cluster:
    """A running server that asks for a password, and the file that holds it."""

    port: int
    password_file: Path

    def database(
        self, name: str, encoding: str = "UTF8", locale: str = "C.UTF-8"
    ) -> dict[str, str]:
        """Make an empty database; gives the variables by which libpq finds it."""
        with self.connection("postgres") as connection, connection.cursor() as cursor:
            connection.autocommit = True
            cursor.execute(
                f"create database {name} template template0 encoding '{encoding}' "
                f"lc_collate 'C' lc_ctype '{locale}'"
            )
        return self.variables(name)

    def variables(self, name: str) -> dict[str, str]:
        return {
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.port),
            "PGUSER": "owner",
            "PGDATABASE": name,
            "PGPASSFILE": str(self.password_file),
        }

    @contextmanager
    def connection(self, name: str) -> Iterator["psycopg2.extensions.connection"]:  # noqa: F821
        import psycopg2

        connection = psycopg2.connect(
            host="127.0.0.1", port=self.port, user="owner", dbname=name, password=PASSWORD
        )
        try:
            yield connection
        finally:
            connection.close()

    def start(self) -> None:
        """Start it, in the folder that was made for it."""
        folder = self.password_file.parent
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c fsync=off"
        options += f" -c unix_socket_directories={folder}"
        self._control("-l", str(folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        """Let it go away at once, as where its machine loses power."""
        self._control("-m", "immediate", "stop")

    def _control(self, *words: str) -> None:
        folder = self.password_file.parent
        control = [server_program("pg_ctl"), "-D", str(folder / "data"), "-w", "-t", str(PATIENCE)]
        _run([*control, *words], folder)


def server_program(name: str) -> str:
    """Where a program of the newest server lies: Debian keeps a folder a version."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda at: int(at.parent.name))
    path = ":".join([*map(str, reversed(folders)), os.environ.get("PATH", "")])
    found = shutil.which(name, path=path)
    if found is None:
        cannot_start(f"{name} of PostgreSQL is not installed")
    return found


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A server on loopback in a folder of its own, by nobody where root runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    data, port, password = folder / "data", free_port(), folder / "password"
    password.write_text(PASSWORD)
    passfile = folder / "pgpass"
    passfile.write_text(f"127.0.0.1:{port}:*:owner:{PASSWORD}\n")
    passfile.chmod(0o600)
    words = ["-D", str(data), "-U", "owner", "-A", "scram-sha-256", f"--pwfile={password}"]
    made = [server_program("initdb"), *words, "--encoding=UTF8", "--no-sync", *LOCALE]
    running = Cluster(port, passfile)
    try:
        _run(made, folder)
        running.start()
        yield running
    finally:
        if (data / "postmaster.pid").exists():
            running.stop()
        shutil.rmtree(folder)


def _run(words: list[str], folder: Path) -> None:
    by = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    done = subprocess.run(  # the server keeps what it is given open: it must be no pipe
        words,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=(folder / "said").open("ab"),
        stderr=subprocess.STDOUT,
        check=False,
        **by,  # type: ignore[call-overload]
    )
    if done.returncode:
        logs = [path.read_text(errors="replace") for path in folder.glob("*") if path.is_file()]
        raise RuntimeError("\n".join(logs))


Rows = Counter[tuple[str, ...]]
Table = tuple[tuple[str, ...], Rows]


def tables_in_duckdb(path: Path) -> dict[str, Table]:
    """Every relation of the schemas that are compared: its columns, and its rows as text."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return tables_of(connection)


def tables_of(connection: duckdb.DuckDBPyConnection) -> dict[str, Table]:
    """The same of what is open already."""
    names = connection.execute(
        "select table_schema, table_name from information_schema.tables "
        "where list_contains(?, table_schema) order by all",
        [list(COMPARED)],
    ).fetchall()
    found = {}
    for schema, name in names:
        told = connection.execute(f'describe "{schema}"."{name}"').fetchall()
        columns = tuple(row[0] for row in told)
        texts = ", ".join(f'cast("{column}" as varchar)' for column in columns)
        rows = connection.execute(f'select {texts} from "{schema}"."{name}"').fetchall()
        numbers = [str(row[1]).startswith(("DECIMAL", "DOUBLE")) for row in told]
        found[f"{schema}.{name}"] = columns, _plain(rows, numbers)
    return found


def tables_in_postgres(at: Cluster, database: str) -> dict[str, Table]:
    """The same of a database in PostgreSQL."""
    found = {}
    with at.connection(database) as connection, connection.cursor() as cursor:
        cursor.execute(
            "select table_schema, table_name from information_schema.tables "
            "where table_schema = any(%s) order by 1, 2",
            [list(COMPARED)],
        )
        for schema, name in cursor.fetchall():
            cursor.execute(
                "select column_name, data_type from information_schema.columns "
                "where table_schema = %s and table_name = %s order by ordinal_position",
                [schema, name],
            )
            told = cursor.fetchall()
            columns = tuple(row[0] for row in told)
            texts = ", ".join(f'cast("{column}" as text)' for column in columns)
            cursor.execute(f'select {texts} from "{schema}"."{name}"')
            numbers = [row[1] in ("numeric", "double precision") for row in told]
            found[f"{schema}.{name}"] = columns, _plain(cursor.fetchall(), numbers)
    return found


def _without_noughts(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def _plain(rows: list[tuple[str | None, ...]], numbers: list[bool]) -> Rows:
    """Rows as they compare: a decimal without the noughts at its end, every digit else."""
    return Counter(
        tuple(
            "null" if value is None else _without_noughts(value) if number else f"'{value}'"
            for value, number in zip(row, numbers, strict=True)
        )
        for row in rows
    )
