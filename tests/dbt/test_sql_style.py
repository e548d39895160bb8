"""The SQL that dbt compiled parses as DuckDB's and keeps to the style in pyproject.toml."""

import json
from pathlib import Path

import pytest
from sqlfluff.core import FluffConfig, Linter

from tests.support.tiny_warehouse import ROOT

LINTER = Linter(config=FluffConfig.from_path(str(ROOT)))


def faults(name: str, sql: str) -> list[str]:
    """What sqlfluff says of the SQL, a parse error being the first of its faults."""
    found = LINTER.lint_string(sql, fname=name).get_violations()
    return [f"{name} line {one.line_no}: {one.rule_code()} {one.desc()}" for one in found]


@pytest.mark.slow
def test_every_model_is_written_in_one_style(built: Path) -> None:
    nodes = json.loads((built / "dbt/target/manifest.json").read_text())["nodes"].values()
    models = [node for node in nodes if node["resource_type"] == "model"]
    assert len(models) > 100
    assert [f for node in models for f in faults(node["name"], node["compiled_code"])] == []


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("select a FROM b\n", "CP01"),
        ("select a from b order by a desc, c\n", "AM03"),
        ("select distinct a from b group by a\n", "AM01"),
        ("select from where\n", "PRS"),
    ],
)
def test_another_style_is_seen(sql: str, code: str) -> None:
    assert code in {fault.split()[3] for fault in faults("odd", sql)}
