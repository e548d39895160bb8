"""An authority's files over those that ship: by key, by column, by `extends` and `without`."""

import csv
import io

import pytest
import yaml

from flows.authority.overlay import merged
from flows.common.declarations import DeclarationError

SCHEMA = b"""
seeds:
  - name: wages
    config: {column_types: {area: varchar, rate: decimal, meaning: varchar, holds: varchar}}
    data_tests: [{sound: {arguments: {key: [area]}}}]
    columns:
      - {name: holds, config: {meta: {default: "no"}}}
"""
CORE = {
    "seeds/_wages.yml": SCHEMA,
    "seeds/wages.csv": b"area,rate,meaning,holds\nUK,1,in {the_region},yes\nX,2,,yes\n",
    "suites/pay.yaml": b"suite: pay\nrules: [{id: one, because: B.}, {id: two, because: C.}]\n",
}
ROLES = {"the_region": "Moor, the wide one"}


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_a_row_takes_the_place_of_its_key_and_lacks_no_column() -> None:
    """Saved by Excel, with its mark, before there was a column `holds`."""
    own = {"seeds/wages.csv": "\ufeffarea,rate,meaning\r\nX,3,mine\r\nY,4,\r\n".encode()}
    assert rows(merged(CORE, own, ROLES)["seeds/wages.csv"]) == [
        {"area": "UK", "rate": "1", "meaning": "in Moor, the wide one", "holds": "yes"},
        {"area": "X", "rate": "3", "meaning": "mine", "holds": "no"},
        {"area": "Y", "rate": "4", "meaning": "", "holds": "no"},
    ]


def test_a_suite_is_laid_over_another_by_the_names_of_its_rules() -> None:
    own = b"extends: pay\nwithout: [two]\nrules:\n  - {id: one, because: Ours.}\n  - {id: three}\n"
    found = yaml.safe_load(merged(CORE, {"suites/pay.yaml": own}, ROLES)["suites/pay.yaml"])
    assert found == {"suite": "pay", "rules": [{"id": "one", "because": "Ours."}, {"id": "three"}]}


def test_what_is_not_laid_over_stays_byte_for_byte() -> None:
    found = merged(CORE, {"suites/own.yaml": b"suite: own\n"}, {})
    assert found == {**CORE, "suites/own.yaml": b"suite: own\n"}


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        ("seeds/wages.csv", b"area,rate\nX\n", "seeds/wages.csv, line 2: 1 cells in a row, and 2"),
        ("seeds/wages.csv", b"area,wage\nX,2\n", "line 1: no column is called wage"),
        ("seeds/wages.csv", b"area\n\xff\n", "line 2: not UTF-8"),
        ("suites/pay.yaml", b"extends: pat\n", "extends suites/pat.yaml, and nothing of that name"),
        ("suites/pay.yaml", b"extends: pay\nwithout: [tow]\n", "without tow, and suites/pay.yaml"),
        ("suites/pay.yaml", b"extends: [\n", "suites/pay.yaml, line 2: not YAML"),
    ],
)
def test_a_mistake_is_said_with_its_file_and_line(path: str, content: bytes, said: str) -> None:
    with pytest.raises(DeclarationError, match="^" + path) as error:
        merged(CORE, {path: content}, ROLES)
    assert said in str(error.value)
