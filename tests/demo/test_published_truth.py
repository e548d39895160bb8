"""A release of the demo is held against the truth, with people protected."""

import csv
from pathlib import Path

from exports.table import read_tables
from flows import demo
from flows.published_truth import compare_published

QUARTER = "2022-23 Q4"


def release(folder: Path, **rows: dict[str, str]) -> Path:
    """A release of which each table has the row given for it, or none."""
    (folder / "tables").mkdir(parents=True)
    for table in read_tables("quarterly"):
        with (folder / "tables" / f"{table.name}.csv").open("w", encoding="utf-8") as lines:
            writer = csv.DictWriter(lines, [column.name for column in table.columns], restval="")
            writer.writeheader()
            if table.name in rows:
                writer.writerow(rows[table.name])
    return folder


def test_a_small_count_must_be_hidden_and_any_other_rounded(tmp_path: Path) -> None:
    counts = {
        (key.breakdown, key.breakdown_value): figure.numerator
        for key, figure in demo.truth().figures.items()
        if (key.indicator, key.basis, key.period) == ("E01", "headcount", QUARTER)
        and key.breakdown in ("grade", "ethnicity", "age_band")
    }
    small = next(name for name, count in counts.items() if 0 < count < 5)
    large = next(name for name, count in counts.items() if count > 5 and count % 5)

    def wrong(part: tuple[str, str], people: str, at: str) -> list[str]:
        row = {"employer": "All", "characteristic": part[0], "category": part[1], "people": people}
        made = release(tmp_path / at, workforce=row)
        return [one.true for one in compare_published(made, QUARTER) if not one.same]

    assert wrong(small, str(counts[small]), "told") == ["[c]"]
    assert wrong(small, "[c]", "hidden") == []
    rounded = str(5 * round(counts[large] / 5))
    assert wrong(large, rounded, "rounded") == []
    assert wrong(large, str(counts[large]), "exact") == [rounded]


def test_a_figure_that_is_not_the_true_one_is_told(tmp_path: Path) -> None:
    row = {"indicator_id": "C02", "percent_of_known": "1.0", "percent_of_all": "[c]"}
    (known, everything) = compare_published(release(tmp_path, supplier_kinds=row), QUARTER)
    assert not known.same
    assert not everything.same  # nobody is protected there
