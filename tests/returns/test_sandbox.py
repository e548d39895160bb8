"""Each workbook is read in a process of its own: what one does to it is no trouble to the next."""

import os
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from flows.common.errors import Rejected
from flows.returns.file import File, look_at
from flows.returns.readers import sandbox as calamine_reader
from flows.returns.readers.sandbox import WorkbookReader
from flows.returns.readers.workbooks import open_sheets

SHEET = "xl/worksheets/sheet1.xml"
ROWS = b"<row><c><v>1</v></c><c><v>2</v></c></row>" * 300_000


def written(path: Path) -> File:
    book = Workbook()
    book.active.title = "Spend"
    book.active.append(["Acme", 10.5])
    book.save(path)
    return look_at(path, path.name, 10)


def vast(path: Path) -> File:
    """A workbook of 600,000 cells."""
    written(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[SHEET] = parts[SHEET].replace(b"<sheetData>", b"<sheetData>" + ROWS)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return look_at(path, path.name, 100)


def endless(path: Path) -> File:
    """What waits for ever to be read, under a workbook's name."""
    os.mkfifo(path)
    return File(path, path.name, "0" * 64, 0)


def test_one_that_takes_for_ever_is_refused_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calamine_reader, "SECONDS", 1)
    (tmp_path / "output").touch()
    with WorkbookReader() as reader:
        with pytest.raises(Rejected, match=r"endless\.xlsx .* takes more than 1 seconds to open"):
            reader.read(endless(tmp_path / "endless.xlsx"), tmp_path / "output")
        sheets = open_sheets(written(tmp_path / "a.xlsx"), tmp_path, reader)
    assert sheets == {"Spend": [["Acme", "10.5"]]}


def test_one_that_needs_more_memory_than_any_return_is_refused_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = vast(tmp_path / "large.xlsx")
    with WorkbookReader() as reader:
        assert len(open_sheets(large, tmp_path, reader)["Spend"]) == 300_000
    monkeypatch.setattr(calamine_reader, "MEGABYTES", 40)
    with WorkbookReader() as reader:
        with pytest.raises(Rejected, match=r"large\.xlsx cannot be read as a workbook"):
            open_sheets(large, tmp_path, reader)
        sheets = open_sheets(written(tmp_path / "a.xlsx"), tmp_path, reader)
    assert sheets == {"Spend": [["Acme", "10.5"]]}


def test_without_a_workbook_no_process_is_started_and_one_that_is_closed_starts_again(
    tmp_path: Path,
) -> None:
    with WorkbookReader() as reader:
        pass
    file = written(tmp_path / "a.xlsx")
    assert open_sheets(file, tmp_path, reader) == open_sheets(file, tmp_path, reader)
    reader.close()
