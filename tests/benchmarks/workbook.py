"""A workbook on the road up to its text, beside python-calamine reading it and no more."""

import sys
from pathlib import Path

from flows.common.periods import read_period
from flows.common.settings import settings_for
from flows.intake import stages as steps
from flows.intake.rules import read_rules
from flows.returns.file import look_at
from flows.returns.identity import Owner
from flows.returns.readers.sandbox import WorkbookReader
from flows.returns.readers.workbook_xml import check_archive, odd_cells
from flows.warehouse.connection import open_scratch
from tests.benchmarks.measured import Stages


def main(file: Path, home: Path) -> None:
    """Read the file both ways; print what each took."""
    import great_expectations  # noqa: F401  # and pandas with it, before the clock runs
    from python_calamine import CalamineWorkbook

    settings = settings_for(home)
    contract = read_rules(settings).contracts["finance_payments"]
    stages = Stages()
    with stages.timed("bare"):
        rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    with stages.timed("error and formula cells"):
        check_archive(file, file.name)
        odd_cells(file, file.name)
    with (
        open_scratch(settings) as connection,
        WorkbookReader() as reader,
        stages.timed("ours"),
    ):
        sent = look_at(file, file.name, settings.largest_file_mb)
        period = read_period("2022-04")
        owner = Owner("lcrca", "", None, period)
        tables = steps.read(connection, sent, contract, owner, period.first_day, settings, reader)
    stages.tell(len(rows) - 1 if tables else 0)


if __name__ == "__main__":
    main(*(Path(word) for word in sys.argv[1:3]))
