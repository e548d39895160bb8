"""Files as senders really send them: each defect has a file of its own in `payments`."""

import csv
import io
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from flows.common.errors import Rejected
from flows.common.settings import Settings
from flows.intake.submission import Ingested
from flows.returns.file import as_utf8, kind_of, look_at
from flows.returns.header import Header
from flows.returns.readers.csv_files import QUOTE_SPANS, _read_with_duckdb, _records, read_csv
from flows.returns.rows import BATCH, insert_rows, make_raw_rows
from tests.support.sent_files import landed
from tests.support.small_contract import contract

FOLDER = Path(__file__).with_name("payments")
PRINT = ("Mersey Print Ltd", Decimal("1234.50"))
CAFE = ("Café Nerys, Ormskirk", Decimal("-20.25"))
ROOFING = ("Wirral Roofing", Decimal("0.75"))
SHORT_CAFE = ("Café Nerys", Decimal("-20.25"))


@dataclass(frozen=True)
class Case:
    """A file, and what must become of it. `read`: its records less the header, counted by hand."""

    name: str
    read: int = 3
    rows: dict[int, tuple[str, Decimal]] = field(
        default_factory=lambda: {2: PRINT, 3: CAFE, 4: ROOFING}
    )
    dropped: dict[int, str] = field(default_factory=dict)
    quarantined: dict[int, str] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    how: str = "duckdb, utf-8"


TITLED = {4: PRINT, 5: CAFE, 6: ROOFING}
ONE_DOWN = {3: PRINT, 4: CAFE, 5: ROOFING}
CASES = [
    Case("nothing_wrong"),
    Case(
        "title_rows_above_the_header",
        read=6,
        rows={5: PRINT, 6: CAFE, 7: ROOFING},
        dropped={1: "title", 2: "blank", 3: "title"},
    ),
    Case("seventeen_empty_trailing_columns"),
    Case("byte_order_mark"),
    Case("byte_order_mark_encoded_twice"),
    Case("cp1252_pound_sign", how="duckdb, cp1252"),
    Case(
        "utf8_and_cp1252_lines_mixed",
        read=4,
        rows={2: PRINT, 3: CAFE, 4: CAFE, 5: ROOFING},
        how="duckdb, cp1252",
    ),
    Case("utf16_little_endian", how="duckdb, utf-16"),
    Case("utf16_big_endian", how="duckdb, utf-16"),
    Case("cr_only_line_ends"),
    Case("crlf_line_ends"),
    Case("crlf_and_lf_line_ends_mixed", how="python, utf-8"),
    Case("blank_first_row", read=4, rows=ONE_DOWN, dropped={1: "blank"}, how="python, utf-8"),
    Case(
        "blank_rows_in_the_middle",
        read=5,
        rows={2: PRINT, 5: CAFE, 6: ROOFING},
        dropped={3: "blank", 4: "blank"},
        how="python, utf-8",
    ),
    Case(
        "blank_tail",
        read=7,
        dropped={5: "blank", 6: "blank", 7: "blank", 8: "blank"},
        how="python, utf-8",
    ),
    Case("newline_in_a_quoted_cell"),
    Case(
        "newline_in_a_quoted_title",
        read=4,
        rows=ONE_DOWN,
        dropped={1: "title"},
        how="python, utf-8",
    ),
    Case("newline_in_the_header", how="python, utf-8"),
    Case("unbalanced_quote", rows={2: PRINT, 3: SHORT_CAFE, 4: ROOFING}, how="python, utf-8"),
    Case(
        "unbalanced_quote_in_the_title",
        read=4,
        rows=ONE_DOWN,
        dropped={1: "title"},
        how="python, utf-8",
    ),
    Case(
        "inch_marks_in_a_ragged_file",
        rows={
            2: ('Mersey 5" Print Ltd', PRINT[1]),
            3: ('Café 6" Nerys', CAFE[1]),
            4: ROOFING,
        },
        how="python, utf-8",
    ),
    Case("semicolon_delimited"),
    Case("tab_delimited"),
    Case(
        "one_cell_more_than_the_header",
        rows={3: CAFE, 4: ROOFING},
        quarantined={2: "row_fits_its_header"},
        findings=["row_fits_its_header"],
        how="python, utf-8",
    ),
    Case("fewer_cells_than_the_header", how="python, utf-8"),
    Case("total_row_with_a_word", read=4, dropped={5: "totals"}),
    Case("total_row_without_a_word", read=4, dropped={5: "totals"}),
    Case(
        "total_row_that_does_not_add_up",
        read=4,
        dropped={5: "totals"},
        findings=["total_adds_up"],
    ),
    Case(
        "sub_totals_and_a_total",
        read=6,
        rows={2: PRINT, 4: CAFE, 5: ROOFING},
        dropped={3: "totals", 6: "totals", 7: "totals"},
    ),
    Case(
        "sum_that_is_no_total",
        read=4,
        quarantined={5: "payment_has_a_date, payment_has_a_supplier"},
        findings=["payment_has_a_date", "payment_has_a_supplier"],
    ),
    Case("end_mark", read=4, dropped={5: "note"}),
    Case("header_with_trailing_space"),
    Case(
        "header_repeated_on_every_page",
        read=5,
        rows={2: PRINT, 4: CAFE, 6: ROOFING},
        dropped={3: "header", 5: "header"},
        how="python, utf-8",
    ),
    Case(
        "second_header_with_other_columns",
        read=4,
        rows={2: PRINT, 4: CAFE, 5: ROOFING},
        dropped={3: "header"},
        how="python, utf-8",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_record_of_the_file_is_loaded_quarantined_or_dropped_with_its_number(
    case: Case, take: Callable[..., Ingested], settings: Settings
) -> None:
    taken = take((FOLDER / f"{case.name}.csv").read_bytes())
    found = landed(settings)

    assert taken.outcome == "loaded", taken.reason
    assert {row: (supplier, amount) for row, supplier, amount in found.rows} == case.rows
    assert found.dropped == case.dropped
    assert found.quarantined == case.quarantined
    assert found.rules == case.findings
    assert found.how == case.how
    counts = taken.counts
    assert (counts.loaded, counts.quarantined, counts.dropped) == (
        len(case.rows),
        len(case.quarantined),
        len(case.dropped),
    )
    assert counts.read == case.read
    assert counts.amount_total == sum(amount for _, amount in case.rows.values())


@pytest.mark.parametrize(
    "name",
    [
        "byte_order_mark",
        "byte_order_mark_encoded_twice",
        "utf16_big_endian",
        "cr_only_line_ends",
    ],
)
def test_of_marks_and_odd_line_ends_nothing_is_left_in_the_text(name: str, tmp_path: Path) -> None:
    with as_utf8(look_at(FOLDER / f"{name}.csv"), tmp_path) as text:
        plain = text.path.read_bytes()
        assert list(tmp_path.iterdir()) == []  # what was rewritten has no name

    assert plain == (FOLDER / "nothing_wrong.csv").read_bytes()


def test_every_file_of_the_folder_is_read_by_a_test() -> None:
    assert {path.stem for path in FOLDER.glob("*.csv")} == {case.name for case in CASES}


def test_a_total_that_is_wrong_says_what_the_rows_add_up_to(
    take: Callable[..., Ingested], settings: Settings
) -> None:
    take((FOLDER / "total_row_that_does_not_add_up.csv").read_bytes())

    (finding,) = landed(settings).findings
    assert finding[:4] == ("total_adds_up", 5, "amount", "2215.00")
    assert "which is 1215.00; check for lines that are missing" in finding[4]


def test_two_stray_quotes_do_not_swallow_the_rows_between_them(
    take: Callable[..., Ingested], settings: Settings
) -> None:
    """As strict CSV the rows between are one cell, and a parser would take them so in silence."""
    between = "".join(f"05/04/2022,Supplier {n},1.00\n" for n in range(QUOTE_SPANS + 5))
    text = (
        f'Payment date,Supplier name,Net amount\n04/04/2022,"Halton Tiles,2.00\n{between}'
        '06/04/2022,Sefton Glass",4.00\n'
    )

    taken = take(text)

    assert taken.counts.loaded == QUOTE_SPANS + 7
    assert taken.counts.amount_total == Decimal(QUOTE_SPANS + 5 + 6)
    assert landed(settings).rows[-1] == (QUOTE_SPANS + 8, 'Sefton Glass"', Decimal("4.00"))


def test_a_line_of_nothing_but_nul_bytes_is_a_blank_row(
    take: Callable[..., Ingested], settings: Settings
) -> None:
    """Some exports pad their blocks so."""
    lines = [f"05/04/2022,Supplier {n} Ltd of Liverpool,1.00\n" for n in range(200)]
    text = "Payment date,Supplier name,Net amount\n" + "".join([*lines, "\0\0\n", *lines[:5]])

    taken = take(text)

    assert taken.counts.loaded == 205
    assert landed(settings).dropped == {202: "blank"}
    assert landed(settings).rows[-1][0] == 207


def test_nul_bytes_that_pad_a_cell_go_and_one_inside_a_cell_is_seen(
    take: Callable[..., Ingested], settings: Settings
) -> None:
    """A sum is never quietly another one, wherever in the file it stands."""
    text = (
        "Payment date,Supplier name,Net amount\n01/04/2022,Acme\0\0\0,100.00\0\n"
        "02/04/2022,Acme,1\x0000.00\n"
    )

    taken = take(text)

    assert landed(settings).rows == [(2, "Acme", Decimal("100.00"))]
    assert landed(settings).quarantined == {3: "cell_reads"}
    assert taken.counts.quarantined == 1


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_without_its_mark(
    encoding: str, take: Callable[..., Ingested], settings: Settings
) -> None:
    """Some programs' "Unicode text" has none."""
    text = "Payment date\tSupplier name\tNet amount\n01/04/2022\tCafé Zoë\t£100.00\n"

    assert take(text.encode(encoding)).outcome == "loaded"
    assert landed(settings).rows == [(2, "Café Zoë", Decimal("100.00"))]


def test_a_semicolon_file_that_lacks_a_column_is_told_which(take: Callable[..., Ingested]) -> None:
    taken = take("Payment date;Supplier name;Directorate\n01/04/2022;Mersey Print;Transport\n")

    assert taken.outcome == "rejected"
    assert "no column for amount" in str(taken.reason)
    assert "found Payment date, Supplier name, Directorate" in str(taken.reason)


def test_a_file_of_twenty_thousand_columns_is_refused_at_once(
    take: Callable[..., Ingested],
) -> None:
    """Of 330 kB: it held the intake for minutes."""
    head, row = "Payment date,Supplier name,Net amount", "01/04/2022,Mersey Print,10.00"
    began = time.process_time()
    taken = take(f"{head}{',more' * 20_000}\n" + f"{row}{',x' * 20_000}\n" * 10)

    assert taken.outcome == "rejected"
    assert "has 20,003 columns, and 1,000 are read at most" in str(taken.reason)
    assert time.process_time() - began < 30


def test_a_cell_of_seventeen_million_letters_is_refused(take: Callable[..., Ingested]) -> None:
    taken = take(f"Payment date,Supplier name,Net amount\n01/04/2022,{'A' * 17_000_000},10.00\n")

    assert taken.outcome == "rejected"
    assert str(taken.reason).startswith("A cell has more than 16,000,000 letters")


def test_many_commas_in_the_text_of_another_delimiter_are_no_columns(
    take: Callable[..., Ingested],
) -> None:
    words = "," * 1_500
    taken = take(f"Payment date;Supplier name;Net amount\n01/04/2022;{words};10.00\n")

    assert (taken.outcome, taken.counts.loaded) == ("loaded", 1)


NO_TABLES = {
    "a PDF, not a table": b"%PDF-1.7\n%\xb5\xb5\xb5\xb5\n1 0 obj\n" + bytes(64),
    "a picture, not a table": b"\x89PNG\r\n\x1a\n" + bytes(64),
    "a compressed file": b"\x1f\x8b\x08" + bytes(64),
    "a page of HTML": b"\xef\xbb\xbf\n <!DOCTYPE HTML><html></html>",
    "is a damaged workbook": b"PK\x03\x04rest",
    "cannot be read as a workbook": b"\xd0\xcf\x11\xe0rest",
    "binary data": b"\x7fELF\x02\x01\x01" + bytes(9),
    "is empty": b"",
    "holds no rows": b"\n\n",
    "none of its first 1 rows is a header": b"Mersey Print Ltd,1234.50\n",
    "holds a header and no rows": b"Payment date,Supplier name,Net amount\n",
}


@pytest.mark.parametrize("what", NO_TABLES)
def test_what_is_no_table_is_refused_in_a_sentence_that_says_what_it_is(
    what: str, take: Callable[..., Ingested], settings: Settings
) -> None:
    taken = take(NO_TABLES[what])

    assert taken.outcome == "rejected"
    assert what in str(taken.reason)
    assert str(taken.reason).startswith("lcrca_2022-04.csv")
    assert landed(settings).rows == []


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as stream:
        stream.truncate((1 << 20) + 1)

    with pytest.raises(Rejected, match="larger than 1 MB"):
        look_at(path, largest_mb=1)


# Any text a spreadsheet's cell can hold, with what trips CSV readers up more often than by chance.
CELL = st.text(
    st.one_of(
        st.sampled_from("\",;\n\r '\t=£é|"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
    ),
    max_size=8,
)
TABLES = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=9)
)


def written(table: list[list[str]], delimiter: str, end: str) -> str:
    text = io.StringIO(newline="")
    # Before Python 3.13 the writer leaves a CR bare where lines end otherwise.
    bare = end == "\n" and any("\r" in cell for row in table for cell in row)
    how = csv.QUOTE_ALL if bare else csv.QUOTE_MINIMAL
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=how).writerows(table)
    return text.getvalue()


def rows_of(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, list[str]]]:
    """Number and cells of each row; an empty cell may be read as nothing or as empty text."""
    rows = connection.execute(
        "select * exclude (_sheet, _blank, _shifted, _unlike, _words) from raw_rows"
    ).fetchall()
    return [(row[0], [cell or "" for cell in row[1:]]) for row in rows]


@effort(max_examples=120, deadline=None)
@given(table=TABLES, delimiter=st.sampled_from(",;\t|"), end=st.sampled_from(["\n", "\r\n"]))
@example(table=[['5" pipe', "6' pipe"], ['"', '""']], delimiter=",", end="\n")
@example(table=[["\n", "\r\n"], ["", ""], ["\ufeff", "\x1a"]], delimiter=",", end="\r\n")
def test_both_readers_give_what_was_written(
    table: list[list[str]], delimiter: str, end: str
) -> None:
    names = [f"column_{place}" for place in range(len(table[0]))]
    header = Header(1, {name: place for place, name in enumerate(names)}, names, "general")
    of = contract(*({"name": name, "type": "text"} for name in names))
    meant = [(number, cells) for number, cells in enumerate(table, start=2)]
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder) / "table.csv"
        path.write_bytes(written([names, *table], delimiter, end).encode())

        records = list(_records(path, delimiter))
        assert [record.cells for record in records] == [names, *table]
        make_raw_rows(connection, of)
        insert_rows(connection, enumerate((r.cells for r in records[1:]), start=2), header, None)
        assert rows_of(connection) == meant

        make_raw_rows(connection, of)
        assert _read_with_duckdb(connection, path, delimiter, header, records[0].lines, None)
        assert rows_of(connection) == meant


def test_rows_are_numbered_on_from_batch_to_batch() -> None:
    header = Header(1, {"name": 0}, ["name"], "general")
    with duckdb.connect() as connection:
        make_raw_rows(connection, contract({"name": "name", "type": "text"}))
        insert_rows(connection, ((n, [str(n)]) for n in range(2, 2 * BATCH + 5)), header, None)

        assert connection.execute(
            "select count(*), count(*) filter (where name = cast(_row as varchar)) from raw_rows"
        ).fetchone() == (2 * BATCH + 3, 2 * BATCH + 3)


NOTES = contract(
    {"name": "first_note", "type": "text", "required": True},
    {"name": "second_note", "type": "text", "required": True},
)


@effort(max_examples=80, deadline=None)
@given(
    table=st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1, max_size=9),
    ragged=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_a_whole_file_is_read_as_it_was_written(
    table: list[list[str]], ragged: bool, encoding: str
) -> None:
    """From the bytes on, whichever of the readers gets the file."""
    lines = [["first note", "second note"], *table]
    if ragged:
        lines.append(["a", "b", "c"])
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder) / "notes.csv"
        path.write_bytes(written(lines, ",", "\r\n").encode(encoding))
        file = look_at(path)
        kind_of(file)

        with as_utf8(file, Path(folder)) as text:
            read = read_csv(connection, file, text, NOTES, "me", date(2022, 4, 1))

        assert read.how == ("python" if ragged else read.how)
        assert rows_of(connection) == list(islice(enumerate([r[:2] for r in lines], 1), 1, None))
