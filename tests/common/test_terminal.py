"""Names and cells of senders are printed; a terminal that reads them obeys none."""

import pytest

from flows.commands.cli import main
from flows.commands.verb import print_rows
from flows.common.terminal import printable

TITLE = "\x1b]0;owned\x07"  # would rename the window; others write to the clipboard


def test_what_a_terminal_obeys_is_shown_and_the_rest_left() -> None:
    assert printable(f"{TITLE}a.csv") == r"\x1b]0;owned\x07a.csv"
    assert printable("\u202evsc.a \x9b2J \r") == r"\u202evsc.a \x9b2J \r"
    assert printable("£ é 名\tone\ntwo") == "£ é 名\tone\ntwo"


@pytest.mark.parametrize("rows", [1, 2])
def test_rows_are_printed_harmless(rows: int, capsys: pytest.CaptureFixture[str]) -> None:
    print_rows([{"file": f"{TITLE}.csv", "rows": 1}] * rows)
    assert capsys.readouterr().out.count(r"\x1b]0;owned\x07.csv") == rows


def test_a_fault_that_names_a_file_is_printed_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["ingest", f"{TITLE}.csv"])
    said = capsys.readouterr().err
    assert r"\x1b]0;owned\x07.csv is not a file." in said
    assert "\x1b" not in said
