"""Made-up people, planted in every return; and a look for them in every byte that is kept."""

import io
import json
import sqlite3
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
from openpyxl import Workbook

from expectations.suite import Row, Suite
from flows.intake.rules import Rules
from flows.returns.column import Column
from flows.returns.contract import Contract, Table

NAME = "Zebediah Quackenbush"
MAIL = "zq.canary@quackenbush.example"
PHONE = "07700 900417"
BORN = date(1971, 4, 13)
NUMBER = "EMP-776655"
HOME = "ZZ98 7QX"
KEY = "a key that must be found nowhere, as it opens all of them"
# What is looked for, without regard to case.
TRACES = [
    "Quackenbush",
    "Zebediah",
    "zq.canary",
    PHONE,
    "07700900417",
    "7700 900417",
    "1971-04-13",
    "13/04/1971",
    "19710413",
    NUMBER,
    "776655",
    HOME,
    "ZZ987QX",
    KEY,
]
UNKNOWN = {  # columns that no contract speaks of
    "Their line manager": NAME,
    "Their e-mail": MAIL,
    "Their mobile": PHONE,
    "Their birthday": f"{BORN:%d/%m/%Y}",
    "Their payroll": NUMBER,
    "Where they live": HOME,
}
FINDABLE = "Findable Marker Limited"  # that the search finds what there is
PERIODS = {"month": "2022-04", "quarter": "2022-23-q1", "year": "2022-23"}
SENDERS = {"supplier_returns": "s400101", "commitment_progress": "head-of-people"}


def table_of(table: Table, suite: Suite) -> list[list[str]]:
    """A header and a good row with people wherever people can be."""
    row = {column.name: _cell(column, suite.good_row) for column in table.columns}
    if "supplier_name" in row:
        row["supplier_name"] = FINDABLE
    header = [column.aliases[0] for column in table.columns]
    return [[*header, *UNKNOWN], [*row.values(), *UNKNOWN.values()]]


def _cell(column: Column, good: Row) -> str:
    if column.privacy == "personal":
        return _of_a_person(column)
    if column.free_text:
        return f"{good.get(column.name) or 'Some words'}; ask {MAIL} or {PHONE}"
    value = good.get(column.name)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if column.type == "date" and value:
        return f"{date.fromisoformat(str(value)):%d/%m/%Y}"
    return str(Decimal(str(value)) if isinstance(value, float) else "" if value is None else value)


def _of_a_person(column: Column) -> str:
    if column.type == "date":
        return f"{BORN:%d/%m/%Y}"
    if column.type == "postcode":
        return HOME
    if column.type == "code":
        return NUMBER
    return MAIL if "mail" in column.name else PHONE if "phone" in column.name else NAME


def as_csv(rows: list[list[str]], encoding: str = "utf-8") -> bytes:
    """The rows as CSV."""
    lines = [",".join(f'"{cell}"' for cell in row) for row in rows]
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def as_workbook(sheets: dict[str, list[list[str]]]) -> bytes:
    """The rows as a workbook, a sheet each."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def good_files(rules: Rules) -> Iterator[tuple[str, str, bytes]]:
    """A file of every return that is taken, in every encoding and kind: return, name, bytes.

    Those with people in their rows come first.
    """
    encodings = ["utf-8", "utf-16", "utf-8-sig"]
    first = ["supplier_returns", "hr_workforce"]
    names = [*first, *sorted(rules.contracts.keys() - set(first))]
    for place, name in enumerate(names):
        contract = rules.contracts[name]
        stem = f"{SENDERS.get(name, 'lcrca')}_{PERIODS[contract.period.every]}"
        rows = table_of(contract, rules.suites[name])
        if contract.also:
            sheets = {contract.title[:20]: rows, **_further(contract, rules)}
            yield name, f"{stem}.xlsx", as_workbook(sheets)
        else:
            yield name, f"{stem}.csv", as_csv(rows, encodings[place % 3])
    yield "procurement_contracts", "lcrca_2021-22-q4.json", open_contracting_of_people()


def _further(contract: Contract, rules: Rules) -> dict[str, list[list[str]]]:
    return {
        table.sheets[0]: table_of(table, rules.suites[name])
        for name, table in contract.further.items()
    }


def open_contracting_of_people() -> bytes:
    """A package as a portal gives it out, with the officers whom such packages name."""
    officer = {"name": NAME, "email": MAIL, "telephone": PHONE}
    address = {"streetAddress": "1 Made Up Street", "postalCode": "L1 0AA"}
    winner = {"id": "GB-CFS-9", "name": FINDABLE}
    release = {
        "ocid": "ocds-b5fd17-9",
        "id": "notice-9",
        "date": "2022-02-25T12:00:00Z",
        "tag": ["award"],
        "buyer": {"id": "GB-CFS-1", "name": "LCRCA"},
        "parties": [
            {"id": "GB-CFS-1", "name": "LCRCA", "roles": ["buyer"], "contactPoint": officer},
            {**winner, "roles": ["supplier"], "contactPoint": officer, "address": address},
        ],
        "tender": {"title": "Cleaning", "description": f"Ask {MAIL} or {PHONE}"},
        "awards": [
            {
                "id": "award-1",
                "status": "active",
                "date": "2022-02-20T00:00:00Z",
                "value": {"amount": 1000, "currency": "GBP"},
                "suppliers": [winner],
                "description": f"Signed by {MAIL}",
            }
        ],
    }
    return json.dumps({"uri": "https://example.org", "releases": [release]}).encode()


def bad_files(rules: Rules) -> Iterator[tuple[str, str, bytes]]:
    """Files that are refused, each for another reason, or taken in part."""
    header, person = table_of(rules.contracts["hr_workforce"], rules.suites["hr_workforce"])
    other = [cell.replace("13/04/1971", "04/13/1971") for cell in person]
    shifted = as_csv([header, person])
    torn = shifted.replace(f'"{NAME}"'.encode(), b"Quackenbush, Zebediah", 1)
    book = as_workbook({"Workforce": [header, person]})
    hr = "hr_workforce"
    yield hr, "lcrca_2022-23-q2.csv", as_csv([person, person])  # no header
    yield hr, "lcrca_2022-23-q3.csv", as_csv([header[1:], person[1:]])  # a column is missing
    yield hr, "lcrca_2022-23-q4.csv", as_csv([header, person, other])  # month and day are mixed
    yield hr, "people.csv", as_csv([header, person])  # nobody's
    yield hr, "lcrca_2021-22-q4.xlsx", book[: len(book) // 2]  # damaged
    yield hr, "merseytravel_2022-23-q1.csv", as_csv([header, person]) + torn.splitlines()[1]
    yield hr, "others_2022-23-q1.csv", as_csv([header, person], "cp1252") + b"\xa3\xe9,\r\n"
    yield "finance_payments", "lcrca_2022-05.csv", as_csv([header, person])  # the wrong folder
    for name in ("supplier_returns", "case_studies"):
        rows = table_of(rules.contracts[name], rules.suites[name])
        yield name, "s400102_2022-23-q1.csv", as_csv(rows[1:])


def traces_in(folder: Path, traces: list[str] = TRACES) -> list[str]:
    """Where any of the traces stands under the folder: in bytes, packed or not, and in tables."""
    found = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        found += [f"{path.relative_to(folder)}: {hit}" for hit in _in_bytes(path, traces)]
        if path.suffix == ".duckdb" and not path.name.startswith("."):
            found += [f"{path.relative_to(folder)}: {hit}" for hit in _in_tables(path, traces)]
    return found


def _in_bytes(path: Path, traces: list[str]) -> list[str]:
    data = path.read_bytes()
    contents = [data]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            contents += [archive.read(name) for name in archive.namelist()]
    if data.startswith(b"SQLite format 3"):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
            contents += [line.encode() for line in database.iterdump()]
    everything = b"\n".join(contents).lower()
    return [
        trace
        for trace in traces
        if any(
            trace.lower().encode(encoding) in everything
            for encoding in ("utf-8", "utf-16-le", "utf-16-be")
        )
    ]


def _in_tables(path: Path, traces: list[str]) -> list[str]:
    found = []
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where not internal"
        ).fetchall()
        for schema, table in tables:
            rows = connection.execute(f'select * from "{schema}"."{table}"').fetchall()
            text = str([[str(value) for value in row] for row in rows]).lower()
            found += [f"{table}: {trace}" for trace in traces if trace.lower() in text]
    return found


def main(home: Path) -> int:
    """Look for the demo's people in a home that it made, and print where they stand."""
    from flows.demo.made.authority.canaries import DOMAIN, family_names

    traces = [DOMAIN, *family_names()]
    found = traces_in(home, traces)
    print("\n".join(found) or f"None of {len(traces)} traces of people stands under {home}.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
