"""The quarter whose report gave a hidden count away, because people are whole numbers.

In the report of 2021-22 Q3, as it was before proofs were made with whole numbers, 85 of 220 was
37.8 %: only 84 of 222 is. The headcount of 226 followed from the percentages of both employers. So
the `[c]` of those whose decile is not known was 226 - 222 = 4. With fractions of people it could
have been 2.0 to 7.7. `gave_away/` holds the true counts beside what was published.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from exports.disclosure.apply import protect_tables
from exports.disclosure.thresholds import read_thresholds
from exports.figures.selection import Selection
from tests.support.definitions import PLACES
from tests.support.staff_made import shares_table, workforce_table, write_tables
from tests.support.whole_adversary import Count, WholeAdversary

HERE = Path(__file__).parent / "gave_away"
QUARTER = "2021-22 Q3"
DECILE_NOT_KNOWN: Count = (QUARTER, "E03 not known", "Authority", "")


def rows_of(table: str) -> list[dict[str, str]]:
    with (HERE / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def small_counts() -> Iterator[Count]:
    for row in rows_of("workforce"):
        if 1 <= int(row["true_people"]) <= 4:
            yield (
                QUARTER,
                "headcount",
                row["employer"],
                f"{row['characteristic']}={row['category']}",
            )
    for row in rows_of("workforce_shares"):
        if 1 <= int(row["true_people"]) <= 4:
            yield QUARTER, f"{row['indicator_id']} {row['basis']}", row["employer"], ""


@pytest.fixture
def as_it_was(tmp_path: Path) -> WholeAdversary:
    """The attacker who has the report as it was published."""
    (tmp_path / "tables").mkdir()
    for table in ("workforce", "workforce_shares"):
        rows = [{"quarter": QUARTER, **row} for row in rows_of(table)]
        with (tmp_path / "tables" / f"{table}.csv").open("w", encoding="utf-8") as lines:
            writer = csv.DictWriter(lines, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    adversary = WholeAdversary()
    adversary.read(tmp_path)
    adversary.link()
    return adversary


def test_the_report_as_it_was_gave_the_count_away(as_it_was: WholeAdversary) -> None:
    assert as_it_was.possible(DECILE_NOT_KNOWN, range(10)) == {4}


@pytest.fixture
def true_counts() -> list[Selection]:
    """The tables of that quarter as they are before anything is protected."""
    cut = (
        (row["employer"], row["characteristic"], row["category"], int(row["true_people"]))
        for row in rows_of("workforce")
    )
    shares = (
        (
            row["indicator_id"],
            row["basis"],
            row["employer"],
            int(row["true_people"]),
            int(row["true_out_of"]),
        )
        for row in rows_of("workforce_shares")
    )
    return [workforce_table(cut, QUARTER), shares_table(shares, QUARTER)]


def test_the_same_counts_published_today_leave_each_small_number_possible(
    true_counts: list[Selection], tmp_path: Path
) -> None:
    shown, _ = protect_tables(true_counts, read_thresholds(PLACES.thresholds))
    write_tables(tmp_path, shown)
    adversary = WholeAdversary()
    adversary.read(tmp_path)
    adversary.link()
    assert DECILE_NOT_KNOWN in adversary.hidden
    left = {count: adversary.possible(count, range(1, 5)) for count in small_counts()}
    assert len(left) > 10
    assert {count: numbers for count, numbers in left.items() if numbers != {1, 2, 3, 4}} == {}


def test_where_the_limit_comes_before_a_proof_more_is_hidden(true_counts: list[Selection]) -> None:
    proven, _ = protect_tables(true_counts, read_thresholds(PLACES.thresholds))
    at_once = read_thresholds(PLACES.thresholds).model_copy(update={"proof_nodes": 0})
    unproven, _ = protect_tables(true_counts, at_once)
    assert hidden_cells(proven) < hidden_cells(unproven)


def hidden_cells(shown: Sequence[Selection]) -> set[tuple[str, int, int]]:
    return {
        (one.table.name, row, column)
        for one in shown
        for row, cells in enumerate(one.texts)
        for column, text in enumerate(cells)
        if text == "[c]"
    }
