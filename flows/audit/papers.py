"""The QA log and the log of assumptions and caveats: what people wrote, and what the seeds say."""

import csv
from pathlib import Path

from exports.definitions.papers import read_assumptions, read_reviews
from exports.files.listing import Listing
from flows.warehouse.slots import Row

SOURCES = 3  # named of a seed


def reviews_list() -> Listing:
    """What people looked at."""
    rows: list[Row] = [dict(one) for one in read_reviews()]
    columns = ["done_on", "what", "how", "found", "by"]
    return Listing("Reviews", "QA log: reviews by people", "One row is a review.", columns, rows)


def assumptions_list() -> Listing:
    """What people take to be so."""
    rows: list[Row] = [
        dict(one) | {"touches": ", ".join(one.touches)} for one in read_assumptions()
    ]
    columns = ["id", "assumption", "because", "touches", "quality", "impact", "owner", "since"]
    title = "Assumptions and caveats"
    return Listing("Assumptions", title, "One row is an assumption or caveat.", columns, rows)


def seeds_list(seeds: Path) -> Listing:
    """What the seeds take to be so: how many rows of each are illustrative, and by whose word."""
    rows: list[Row] = []
    for path in sorted(seeds.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            found = list(csv.DictReader(lines))
        sources = sorted({row.get("source") or "" for row in found} - {""})
        more = f" and {len(sources) - SOURCES} more" if len(sources) > SOURCES else ""
        rows.append(
            {
                "seed": path.stem,
                "rows": len(found),
                "illustrative_rows": sum(row.get("illustrative") == "yes" for row in found),
                "sources": "; ".join(sources[:SOURCES]) + more,
            }
        )
    columns = ["seed", "rows", "illustrative_rows", "sources"]
    about = "One row is a seed: a table of definitions, assumptions or targets that people edit."
    return Listing("Seeds", "Assumptions in the seeds", about, columns, rows)
