"""Open contracting data (OCDS) as Contracts Finder and Find a Tender publish it.

A file holds releases, a package of them, records (of which the compiled release counts), or a list
of any of these. Each supplier of an award or contract is a row: `_sheet` is the award's path in the
file (`releases[3].awards[0]`), `_row` a number that runs through the file. Releases without an
award, and one that is repeated, are rows set aside.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import takewhile
from pathlib import Path

import duckdb
import pyarrow as pa

from flows.common.errors import Rejected
from flows.returns.contract import Table
from flows.returns.file import CHUNK, File, Text
from flows.returns.header import Header
from flows.returns.readers.open_contracting_merge import merged
from flows.returns.readers.open_contracting_rows import (
    FIELDS,
    Json,
    Node,
    awards_by_id,
    nodes_at,
    rows_of,
    text_at,
    unpaired_awards,
    with_paths,
)
from flows.returns.rows import Aside, RawRows, make_raw_rows

LARGEST_MB = 64
MOST_VALUES = 4_000_000  # of about 100 bytes each in memory
MOST_DIGITS = 20
DEEPEST = 4  # a list of packages' records' releases


@dataclass(frozen=True)
class OcdsRelease:
    """A release, and where it stands in the file."""

    path: str
    node: Node

    @property
    def name(self) -> tuple[str, str]:
        """What no other release of its process is called."""
        return text_at(self.node, "ocid"), text_at(self.node, "id")


def read_ocds(
    connection: duckdb.DuckDBPyConnection, file: File, text: Text, table: Table
) -> RawRows:
    """The file's awards as table `raw_rows`.

    Raises Rejected where the file is no JSON, no open contracting data, or holds no award.
    """
    releases = list(_releases(_document(file, text.path), ""))
    if not releases:
        raise Rejected(
            "read",
            f"{file.name} is JSON and holds no open contracting release or record: send the "
            "package as Contracts Finder or Find a Tender gives it, or the register as CSV.",
        )
    elsewhere = awards_by_id([release.node for release in releases])
    by_date = sorted(releases, key=lambda release: text_at(release.node, "date"))
    seen: set[tuple[str, str]] = set()
    rows: list[tuple[str, dict[str, str]]] = []
    aside: list[Aside] = []
    unpaired: list[str] = []
    for release in releases:
        repeated = all(release.name) and release.name in seen
        seen.add(release.name)
        process = None if repeated else _process(release, by_date)
        found = rows_of(process, elsewhere) if process else []
        unpaired += unpaired_awards(process) if process else []
        if not found:
            number = len(rows) + len(aside) + 1
            aside.append(Aside(release.path, number, "repeated" if repeated else "no award"))
        rows += found
    if not rows:
        raise Rejected(
            "read",
            f"{file.name} holds {len(releases)} open contracting release"
            f"{'s' if len(releases) > 1 else ''} and no award: only what was awarded belongs in "
            "the register.",
        )
    put_in = _put_in(connection, rows, aside, table, text.encoding)
    return replace(put_in, unpaired=list(dict.fromkeys(unpaired)))


def _process(release: OcdsRelease, by_date: Sequence[OcdsRelease]) -> Node | None:
    """The process as it stands with a release that awards; None of another release."""
    if not (nodes_at(release.node, "awards") or nodes_at(release.node, "contracts")):
        return None
    earlier = list(takewhile(lambda one: one is not release, by_date))
    process = [one.node for one in earlier if release.name[0] and one.name[0] == release.name[0]]
    return merged(process, release.node)


def _document(file: File, path: Path) -> Json:
    _refuse_too_much(file, path)
    try:
        document: Json = json.loads(
            path.read_text(encoding="utf-8", errors="replace"),
            parse_float=_plainly,
            parse_int=str,
            parse_constant=str,
        )
    except RecursionError:
        raise Rejected(
            "read", f"{file.name} is JSON nested too deeply to be open contracting data."
        ) from None
    except json.JSONDecodeError as error:
        raise Rejected(
            "read",
            f"{file.name} is not whole JSON (line {error.lineno}, column {error.colno}: "
            f"{error.msg.lower()}): download it again and send it.",
        ) from None
    return document


def _plainly(number: str) -> str:
    """A number as it is written in a table: 1.8E+7 is 18000000."""
    value = Decimal(number)
    return format(value, "f") if abs(value.adjusted()) <= MOST_DIGITS else number


def _refuse_too_much(file: File, path: Path) -> None:
    """Refuse what would not fit in memory once it is taken apart."""
    values = size = 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            values += chunk.count(b",") + chunk.count(b"[") + chunk.count(b"{")
            if size > LARGEST_MB * CHUNK or values > MOST_VALUES:
                raise Rejected(
                    "read",
                    f"{file.name} is more JSON than one file may hold ({LARGEST_MB} MB, or "
                    f"{MOST_VALUES:,} values): send a package for each month.",
                )


def _releases(document: Json, path: str, depth: int = 0) -> Iterator[OcdsRelease]:
    """Every release of the document, in its order."""
    if isinstance(document, list) and depth == 0:
        for place, one in enumerate(document):
            yield from _releases(one, f"[{place}]", 1)
    if not isinstance(document, dict) or depth > DEEPEST:
        return
    inside = f"{path}." if path else ""
    for key in ("results", "releases", "records"):
        listed = document.get(key)
        for place, one in enumerate(listed if isinstance(listed, list) else []):
            where = f"{inside}{key}[{place}]"
            if key == "records" and isinstance(one, dict):
                compiled = one.get("compiledRelease")
                if isinstance(compiled, dict):
                    yield _release(f"{where}.compiledRelease", compiled)
                    continue
            yield from _releases(one, where, depth + 1)
    if "ocid" in document and "records" not in document and "releases" not in document:
        yield _release(path, document)


def _release(path: str, node: Node) -> OcdsRelease:
    return OcdsRelease(path, with_paths(node, path))


def _put_in(
    connection: duckdb.DuckDBPyConnection,
    rows: list[tuple[str, dict[str, str]]],
    aside: list[Aside],
    table: Table,
    encoding: str,
) -> RawRows:
    """Put the rows in `raw_rows`, under the numbers that those set aside leave free."""
    names = [column.name for column in table.columns if column.name in FIELDS]
    taken = {one.row for one in aside}
    free = (n for n in range(1, len(rows) + len(aside) + 1) if n not in taken)
    arrays = {
        "_sheet": pa.array([path for path, _ in rows], pa.string()),
        "_row": pa.array(list(free), pa.int64()),
        **{name: pa.array([cells[name] or None for _, cells in rows]) for name in names},
    }
    make_raw_rows(connection, table)
    connection.register("rows_of_awards", pa.table(arrays))
    connection.execute(
        "insert into raw_rows by name select *, false as _blank, null as _words from rows_of_awards"
    )
    connection.unregister("rows_of_awards")
    places = {name: place for place, name in enumerate(names)}
    header = Header(1, places, [FIELDS[name] for name in names], "OCDS")
    return RawRows([header], aside, encoding, "json")
