"""A seed reads into rows of a kind; what does not read names file, line and column."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field

from flows.common.declarations import DeclarationError
from flows.common.seeds import read_seed


@dataclass(frozen=True)
class Price:
    """A row of the seed that these tests write."""

    kind: Annotated[str, Field(alias="return")]
    pounds: int
    since: date | None = None
    part: str = ""


def test_a_seed_reads_by_its_fields(tmp_path: Path) -> None:
    (tmp_path / "prices.csv").write_text(
        "return,pounds,since,part,source\nvendors,3,2022-04-01,,a book\npay,4,,west,\n"
    )
    assert read_seed(tmp_path, "prices", Price) == [
        Price("vendors", 3, date(2022, 4, 1)),
        Price("pay", 4, None, "west"),
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("return,pounds\nvendors,3\npay,four\n", r"prices.csv, line 3: pounds: Input should be"),
        ("return,pounds\nvendors,\n", r"prices.csv, line 2: pounds: Field required"),
        (None, r"prices.csv: cannot be read"),
    ],
)
def test_what_does_not_read_is_named(text: str | None, fault: str, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "prices.csv").write_text(text)
    with pytest.raises(DeclarationError, match=fault):
        read_seed(tmp_path, "prices", Price)
