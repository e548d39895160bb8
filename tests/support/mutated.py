"""Good files for every reader, and ways to damage them: bytes, cells, structure, names."""

import csv
import io
import json
import os
import random
import re
import warnings
import zipfile
from pathlib import Path

from openpyxl import Workbook

from tests.support.open_contracting import award, party, release
from tests.support.other_formats import as_ods, as_xls

HEADER = [
    "Body name",
    "Directorate",
    "Date paid",
    "Transaction number",
    "Net amount",
    "Supplier name",
]
NASTY = [
    "",
    " ",
    "=31484/40",
    "#REF!",
    "TBC",
    "(1,234.56)",
    "1234.50-",
    "12 CR",
    "£",
    "-",
    "1e308",
    "NaN",
    "9" * 400,
    "31/02/2022",
    "20019-11-27",
    "00/00/0000",
    "45000",
    "0",
    "\u00a0",
    "\x00",
    '"',
    '""',
    "a\nb",
    "Total",
    "Date paid",
    "Net amount",
    "Supplier name",
    "'; drop table x; --",
    "\ud7ff",
    "İ",
    "\u202e",
    "=cmd|' /C calc'!A0",
    "{batch}",
    "%s",
    "\\",
    ",",
    ";",
    "\t",
    "REDACTED PERSONAL DATA",
]


def table(rng: random.Random) -> list[list[str]]:
    """A header and up to sixty payments of April 2022."""
    payments = [
        [
            "A Council",
            f"Directorate {number % 4}",
            f"{rng.randint(1, 30):02d}/04/2022",
            f"T{number}",
            f"{rng.randint(-50_000, 900_000) / 100:.2f}",
            f"Supplier {number % 7}",
        ]
        for number in range(rng.randint(1, 60))
    ]
    return [list(HEADER), *payments]


def with_bad_cells(rows: list[list[str]], rng: random.Random) -> None:
    """Put nasty text into some cells, the header's too."""
    for _ in range(rng.randint(1, 12)):
        row = rng.choice(rows)
        if row:
            row[rng.randrange(len(row))] = rng.choice(NASTY)


def with_bad_structure(rows: list[list[str]], rng: random.Random) -> None:
    """Lose, double, move and lengthen rows and columns."""
    for _ in range(rng.randint(1, 6)):
        what = rng.randrange(6)
        place = rng.randrange(len(rows))
        if what == 0 and len(rows) > 1:
            del rows[place]
        elif what == 1:
            rows.insert(place, list(rng.choice(rows)))
        elif what == 2:
            rows.insert(place, [])
        elif what == 3:
            rows[place] += [rng.choice(NASTY)] * rng.randint(1, 90)
        elif what == 4:
            rows[place] = rows[place][: rng.randint(0, len(rows[place]))]
        else:
            column = rng.randrange(8)
            for row in rows:
                del row[column : column + 1]


def with_bad_bytes(data: bytes, rng: random.Random) -> bytes:
    """Flip, cut, double and insert bytes."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 20)):
        place = rng.randrange(max(len(changed), 1))
        what = rng.randrange(4)
        if what == 0 and changed:
            changed[place] = rng.randrange(256)
        elif what == 1:
            changed[place:place] = bytes(rng.randrange(256) for _ in range(rng.randint(1, 40)))
        elif what == 2:
            del changed[place : place + rng.randint(1, 200)]
        else:
            changed[place:place] = changed[place : place + 300]
    return bytes(changed[: rng.randint(0, len(changed))] if rng.random() < 0.2 else changed)


def as_csv(rows: list[list[str]], rng: random.Random) -> bytes:
    """The rows as CSV of some dialect and encoding."""
    text = io.StringIO()
    ends = rng.choice(["\n", "\r\n", "\r"])
    csv.writer(text, delimiter=rng.choice(",;\t|"), lineterminator=ends).writerows(rows)
    return text.getvalue().encode(rng.choice(["utf-8", "utf-8-sig", "cp1252", "utf-16"]), "replace")


def as_workbook(rows: list[list[str]], rng: random.Random) -> bytes:
    """The rows as a workbook, some of its numbers as numbers."""
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append([_cell(text, rng) for text in row])
    if rng.random() < 0.3:
        book.create_sheet("Notes").append(["nothing", "to", "see"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _cell(text: str, rng: random.Random) -> object:
    clean = "".join(c for c in text if c >= " " or c in "\n\t")[:32_000]
    try:
        return float(clean) if rng.random() < 0.5 else clean
    except ValueError:
        return clean


def with_bad_members(data: bytes, rng: random.Random) -> bytes:
    """Damage one part inside the archive, and zip it up again: otherwise packed, or twice."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    place = rng.randrange(len(parts))
    name, content = parts[place]
    what = rng.randrange(6)
    if what == 0:
        del parts[place]
    elif what == 1:
        parts.append((name, with_bad_bytes(content, rng)))
    elif what == 2:
        parts[place] = (rng.choice(["../../x", "xl/\udce9.xml", name.upper()]), content)
    else:
        parts[place] = (name, with_bad_bytes(content, rng))
    stream = io.BytesIO()
    packing = rng.choice([zipfile.ZIP_DEFLATED] * 4 + [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 0])
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w", packing) as archive:
        warnings.simplefilter("ignore")  # of two members of one name
        for part, inside in parts:
            archive.writestr(part.encode("utf-8", "replace").decode(), inside)
    return stream.getvalue()


def with_bad_directory(data: bytes, rng: random.Random) -> bytes:
    """Let the archive lie about a member: how it is packed, its size, its flags, its checksum."""
    changed = bytearray(data)
    heads = [found.start() for found in re.finditer(b"PK\x01\x02|PK\x03\x04", data)]
    for head in rng.sample(heads, min(len(heads), rng.randint(1, 4))):
        is_central = data[head + 2] == 1
        field = rng.choice([6, 8, 14, 18, 22, 26, 28]) + (2 if is_central else 0)
        changed[head + field] = rng.choice([0, 1, 8, 12, 14, 93, 99, 255])
    return bytes(changed)


def as_json(rng: random.Random) -> bytes:
    """A package of releases, some of its nodes of another kind."""
    found = [
        release(
            award(party(f"Supplier {number}"), amount=rng.randint(1, 900_000) / 100, number=number),
            ocid=f"ocds-{number}",
        )
        for number in range(rng.randint(1, 8))
    ]
    document: object = {"releases": found}
    for _ in range(rng.randint(0, 12)):
        document = _with_bad_node(document, rng)
    text = json.dumps(document, ensure_ascii=rng.random() < 0.5)
    return text.encode(rng.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16"]), "surrogatepass")


def _with_bad_node(node: object, rng: random.Random, depth: int = 0) -> object:
    """The document with something else at a place that chance finds."""
    if isinstance(node, dict) and node and rng.random() > 0.05 * depth:
        name = rng.choice(sorted(node))
        return {**node, name: _with_bad_node(node[name], rng, depth + 1)}
    if isinstance(node, list) and node and rng.random() > 0.05 * depth:
        place = rng.randrange(len(node))
        return [*node[:place], _with_bad_node(node[place], rng, depth + 1), *node[place + 1 :]]
    return rng.choice(
        [None, [], {}, "", "\ud800", "\x00", 10**400, 1e308, -0.0, True, [[[node]]], node]
    )


ENDINGS = {as_csv: ".csv", as_workbook: ".xlsx", as_ods: ".ods", as_xls: ".xls"}
ODD_NAMES = [
    *(b"corporat\xe9", b"new\nline", b"'quoted'\"", b"[a-z]*", b"x" * 200, b"=cmd|' C'!A0"),
    *("\u202egnp".encode(), b"-rf ", b"..", b"\xff\xfe", "\ufeff".encode(), b"; drop", b"$(id)"),
    *(b"%s{batch}", b"~", b"\t"),
]


def _name(seed: int, ending: str, rng: random.Random) -> bytes:
    """A name that says its sender and period; one in five is odd, or belies what the file is."""
    if rng.random() < 0.1:
        ending = rng.choice([".csv", ".xlsx", ".xls", ".ods", ".json", ""])
    name = f"sender-{seed}_2022-04{ending}".encode()
    if rng.random() < 0.1:
        odd = rng.choice(ODD_NAMES)
        name = rng.choice([odd + name, name.replace(b"_", b"_" + odd, 1), b"%s_%s" % (name, odd)])
    return name[:255].lstrip(b".")  # a file whose name begins with a dot is left alone


def mutated(seed: int) -> tuple[str, bytes, bytes]:
    """A damaged file, the same for the same seed: which return it is for, its name, its bytes."""
    rng = random.Random(seed)
    if rng.random() < 0.15:
        data = as_json(rng)
        if rng.random() < 0.3:
            data = with_bad_bytes(data, rng)
        return "procurement_contracts", _name(seed, ".json", rng), data
    rows = table(rng)
    for damage in rng.sample([with_bad_cells, with_bad_structure], rng.randint(0, 2)):
        damage(rows, rng)
    write = rng.choice([as_csv, as_csv, as_workbook, as_workbook, as_ods, as_xls])
    data = write(rows) if write in (as_ods, as_xls) else write(rows, rng)
    is_archive = write in (as_workbook, as_ods)
    if is_archive and rng.random() < 0.6:
        data = rng.choice([with_bad_members, with_bad_directory])(data, rng)
    if rng.random() < (0.3 if is_archive else 0.5):
        data = with_bad_bytes(data, rng)
    return "finance_payments", _name(seed, ENDINGS[write], rng), data


def drop_mutated(seed: int, inbox: Path) -> bytes:
    """Put the damaged file of that seed in the inbox; its name."""
    return_name, name, data = mutated(seed)
    path = os.path.join(os.fsencode(inbox / return_name), name)
    with open(path, "wb") as stream:
        stream.write(data)
    return name
