"""Rows on a terminal."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

PIPED_WIDTH = 160  # how wide a table is where nobody looks at a terminal


def print_rows(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> None:
    """Print the rows as a table of those columns; one row stands as a list of name and value."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=PIPED_WIDTH)
    if not rows:
        console.print("None.")
        return
    if len(rows) == 1:
        width = max(len(name) for name in columns)
        for name in columns:
            console.print(
                f"{name.replace('_', ' '):<{width}}  {_shown(rows[0].get(name))}",
                markup=False,
                soft_wrap=True,
            )
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in columns:
        numbers = all(isinstance(row.get(name), int | None) for row in rows)
        table.add_column(name.replace("_", " "), justify="right" if numbers else "left")
    for row in rows:
        table.add_row(*(_shown(row.get(name)) for name in columns))
    console.print(table, markup=False)


def _shown(value: object) -> str:
    return "" if value is None else str(value)
