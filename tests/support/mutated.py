"""Good payments files, and ways to damage them: bytes, cells, structure."""

import csv
import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook

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
    """Damage one part inside the workbook, and zip it up again."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = rng.choice(sorted(parts))
    parts[name] = with_bad_bytes(parts[name], rng)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return stream.getvalue()


def mutated(seed: int) -> tuple[str, bytes]:
    """A damaged file, the same for the same seed: its name and its bytes."""
    rng = random.Random(seed)
    rows = table(rng)
    for damage in rng.sample([with_bad_cells, with_bad_structure], rng.randint(0, 2)):
        damage(rows, rng)
    write: Callable[[list[list[str]], random.Random], bytes] = rng.choice([as_csv, as_workbook])
    data = write(rows, rng)
    if rng.random() < 0.5:
        data = with_bad_bytes(data, rng)
    elif write is as_workbook and rng.random() < 0.7:
        data = with_bad_members(data, rng)
    return f"lcrca_2022-04{rng.choice(['.csv', '.xlsx', '.xls', ''])}", data


def write_mutated(seed: int, folder: Path) -> Path:
    """The damaged file of that seed, in a folder of its own."""
    name, data = mutated(seed)
    place = folder / str(seed)
    place.mkdir(parents=True)
    path = place / name
    path.write_bytes(data)
    return path
