"""No model compares each row with each row: at a million payments that was most of a build.

DuckDB hashes both sides of a left join where its conditions compare them. A condition that names
the left side alone and is no comparison (`left.a is null`, `not left.b`) is not hashed: each row
of the left then meets each of the right. Within `case when ... then left.a end = right.a` it is.
"""

import re
from collections.abc import Iterator

import pytest

from tests.support.tiny_warehouse import ROOT

MODELS = [path for path in (ROOT / "dbt").rglob("*.sql") if "target" not in path.parts]
LEFT_JOIN = re.compile(
    r"\bleft join\s+(?P<table>\{\{.*?\}\}|\w+)(?:\s+as\s+(?P<alias>\w+))?\s+on\b(?P<on>.*?)"
    r"(?=\b(?:left join|inner join|cross join|where|group by|union|order by|qualify)\b|\Z)",
    re.DOTALL,
)


def on_the_left_alone(sql: str) -> Iterator[str]:
    """The conditions of left joins that are no comparison and do not name what is joined."""
    sql = re.sub(r"--[^\n]*|\{[%#].*?[%#]\}", "", sql, flags=re.DOTALL)
    for join in LEFT_JOIN.finditer(sql):
        named = join["alias"] or join["table"]
        for condition in _conjuncts(join["on"]):
            macro = "{{" in condition and named in condition
            if f"{named}." not in condition and not macro and not re.search("[<>=]", condition):
                yield " ".join(condition.split())


def _conjuncts(on: str) -> Iterator[str]:
    depth, begun = 0, 0
    for word in re.finditer(r"[()]|\bcase\b|\bend\b|\band\b|,", on):
        depth += {"(": 1, "case": 1, ")": -1, "end": -1}.get(word[0], 0)
        if depth < 0:
            yield on[begun : word.start()]
            return
        if word[0] == "and" and depth == 0 and "between" not in on[begun : word.start()]:
            yield on[begun : word.start()]
            begun = word.end()
    yield on[begun:]


def test_no_left_join_of_a_model_compares_each_row_with_each() -> None:
    assert len(MODELS) > 150
    found = {p.name: list(on_the_left_alone(p.read_text(encoding="utf-8"))) for p in MODELS}
    assert {name: conditions for name, conditions in found.items() if conditions} == {}


@pytest.mark.parametrize(
    ("condition", "seen"),
    [
        ("a.x is null and a.y = b.y", ["a.x is null"]),
        ("not a.x and a.y = b.y", ["not a.x"]),
        ("a.y = b.y and a.name like 'one%'", ["a.name like 'one%'"]),
        ("a.y = b.y and (a.x is null or a.z is null)", ["(a.x is null or a.z is null)"]),
        ("case when a.x is null and not a.z then a.y end = b.y", []),
        ("a.kind = 'measure' and a.y = b.y and b.x is null", []),
        ("a.y = b.y and a.day between b.first and b.last", []),
    ],
)
def test_a_condition_on_the_left_alone_is_seen(condition: str, seen: list[str]) -> None:
    joined = "{{ ref('a') }} as a left join {{ ref('b') }} as b on"
    sql = f"with j as (select * from {joined} {condition})"
    assert list(on_the_left_alone(sql)) == seen
    assert list(on_the_left_alone(f"{sql} select 1 from c where c.x is null")) == seen
