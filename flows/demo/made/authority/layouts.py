"""The headers of the files that are sent, as `layouts.csv` lists them, and what stands under each.

A layout is data: senders name the same columns differently and put them in another order.
"""

import csv
from functools import cache
from pathlib import Path


@cache
def headers(name: str) -> tuple[str, ...]:
    """The headers of a layout, in order."""
    return tuple(header for header, _ in _layout(name))


def columns(name: str) -> dict[str, str]:
    """The headers of a layout in order, each with the column that stands under it."""
    return dict(_layout(name))


def _layout(name: str) -> list[tuple[str, str]]:
    path = Path(__file__).with_suffix(".csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["layout"] == name]
    if not rows:
        raise LookupError(f"layouts.csv has no layout {name}")
    return [(row["header"], row["column"]) for row in rows]
