"""The procurement files read a second time, in plain Python, apart from the pipeline."""

import csv
import io
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

Node = dict[str, Any]


def records_of(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    """A CSV's records by header, newlines in headers folded; short records lack their last."""
    text = path.read_bytes().decode(encoding)
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    names = [" ".join(name.split()) for name in header]
    return [dict(zip(names, row, strict=False)) for row in rows]


def pounds(text: str) -> Decimal | None:
    """A sum in the file without its marks; None where it is none."""
    bare = re.sub(r"[^0-9.]", "", text)
    return Decimal(bare) if bare else None


def packed_suppliers(cell: str) -> list[list[str]]:
    """The suppliers of a Contracts Finder notice: name, kind of number, number, SME, VCSE."""
    kinds = "COMPANIES_HOUSE|CHARITY_COMMISSION|NONE(?:_[A-Z_]+)?"
    found = re.findall(rf"\[([^|]*)\|.*?\|({kinds})\|([^|]*)\|(Yes|No)\|(Yes|No)\]", cell, re.S)
    return [list(one) for one in found]


def release_of(path: Path) -> Node:
    """The one release that a file holds."""
    return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def awarded(release: Node) -> list[tuple[str, Decimal, list[str]]]:
    """Reference, value and suppliers' names of each award."""
    return [
        (
            release["tender"]["id"],
            Decimal(award["value"]["amount"]),
            [supplier["name"] for supplier in award["suppliers"]],
        )
        for award in release.get("awards", [])
    ]


def parties_awarded(release: Node) -> list[Node]:
    """The party of each supplier of each award, in order."""
    parties = {party["id"]: party for party in release["parties"]}
    return [
        parties.get(supplier["id"], {})
        for award in release.get("awards", [])
        for supplier in award["suppliers"]
    ]
