"""How much the benchmark gives each contender: `--small` is to see that every part runs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Rows, files and years.

    `small`: rows of a file whose time is that of starting everything; `years` of the demo's
    returns, of which the first and the last are compared; `rounds`: of what is short, so many
    times, and the best of them is taken.
    """

    small: int = 1_000
    hundred: int = 100_000
    million: int = 1_000_000
    ten_million: int = 10_000_000
    workbook: int = 100_000
    people: int = 100_000
    lines: int = 50_000
    swept: int = 600
    history_files: int = 183
    history_rows: int = 1_500_000
    years: tuple[int, ...] = (2, 4, 6, 8, 10)
    rounds: int = 3


WHOLE = Sizes()
LITTLE = Sizes(
    hundred=3_000,
    million=10_000,
    ten_million=30_000,
    workbook=1_000,
    people=1_000,
    lines=1_000,
    swept=20,
    history_files=9,
    history_rows=20_000,
    years=(2, 4),
    rounds=1,
)
