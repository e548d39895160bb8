"""DuckDB's extensions for a lake, out of packages: nothing is downloaded."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

import duckdb

from flows.common.errors import SocialValueError
from flows.warehouse.store.lake.address import Address
from flows.warehouse.store.scratch import quoted

OF_A_LAKE = ("ducklake", "postgres_scanner")
OF_S3 = "httpfs"


class NoExtension(SocialValueError):
    """A package that a lake needs is not installed."""

    exit_status: ClassVar[int] = 2
    notice = "a package for the warehouse's lake is missing: social-value doctor says which."


def needed(address: Address) -> tuple[str, ...]:
    """The extensions that the lake needs."""
    return (*OF_A_LAKE, OF_S3) if address.is_s3 else OF_A_LAKE


def missing(address: Address) -> list[str]:
    """The packages that the lake needs and that cannot be found."""
    packages = [f"duckdb_extension_{name}" for name in needed(address)] + ["psycopg2"]
    return [name for name in packages if find_spec(name) is None]


def load(connection: duckdb.DuckDBPyConnection, address: Address) -> None:
    """Load what the lake needs into a DuckDB, once. Raises NoExtension."""
    if absent := missing(address):
        raise NoExtension(
            f"{' and '.join(absent)} cannot be found: pip install 'social-value-warehouse[lake]'."
        )
    there = {
        name
        for (name,) in connection.execute(
            "select extension_name from duckdb_extensions() where loaded"
        ).fetchall()
    }
    for name in needed(address):
        if name not in there:
            connection.execute(f"load {quoted(_file_of(name))}")
    if address.is_s3:
        connection.execute(_secret())


def _file_of(name: str) -> Path:
    spec = find_spec(f"duckdb_extension_{name}")
    folder = Path(str(spec.origin)).parent if spec else Path()
    return next(folder.glob("extensions/*/*.duckdb_extension"))


def _secret() -> str:
    """What AWS's own variables say, for this DuckDB alone: it is written to no disk."""
    told = {
        "key_id": os.environ.get("AWS_ACCESS_KEY_ID", ""),
        "secret": os.environ.get("AWS_SECRET_ACCESS_KEY", ""),
        "session_token": os.environ.get("AWS_SESSION_TOKEN", ""),
        "region": os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION", ""),
    }
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL", "")
    if endpoint:
        where = urlsplit(endpoint)
        told |= {"endpoint": where.netloc, "url_style": "path"}
        told["use_ssl"] = "true" if where.scheme == "https" else "false"
    listed = ", ".join(
        f"{name} '{text.replace(chr(39), chr(39) * 2)}'" for name, text in told.items() if text
    )
    return f"create or replace secret of_the_lake (type s3, {listed})"


@contextmanager
def attached_lake(
    connection: duckdb.DuckDBPyConnection,
    address: Address,
    alias: str,
    *,
    snapshot: int | None = None,
) -> Iterator[None]:
    """Have the lake attached; at a snapshot of it, to be read and not written."""
    load(connection, address)
    told = f"ducklake:postgres:{address.conninfo}".replace("'", "''")
    data = address.data.replace("'", "''")
    options = [f"data_path '{data}'", f"metadata_schema '{address.schema}'"]
    if snapshot is not None:
        options += ["read_only", f"snapshot_version {snapshot}"]
    connection.execute(f"attach '{told}' as {alias} ({', '.join(options)})")
    try:
        yield
    finally:
        connection.execute(f"detach {alias}")
