"""Which way models are read, by whom, and what stands beside each: from dbt's own manifest."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.dbt_manifest import ORDER, layer, nodes, published
from tests.support.tiny_warehouse import ROOT

LONGEST = 15
DBT = ROOT / "dbt"
# What adds rows about people up: beside the rows, nothing else is of their group.
ADD_PEOPLE_UP = {
    "fct_contribution_sums",
    "fct_indicator_values",
    "fct_measure_delivery",
    "fct_contract_value",
    "fct_people_by_group",
    "fct_people_rows",
}


@pytest.fixture(scope="module")
def models(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every model by its unique id."""
    return {node["unique_id"]: node for node in nodes(manifest, "model")}


def reads(models: dict[str, dict[str, Any]], node: dict[str, Any]) -> list[dict[str, Any]]:
    return [models[name] for name in node["depends_on"]["nodes"] if name in models]


def test_no_reference_runs_up(models: dict[str, dict[str, Any]]) -> None:
    up = [
        f"{node['name']} reads {below['name']}"
        for node in models.values()
        for below in reads(models, node)
        if ORDER.index(layer(below)) > ORDER.index(layer(node))
    ]
    assert up == []


def test_publications_read_no_steps_and_no_staging(models: dict[str, dict[str, Any]]) -> None:
    steps = [
        f"{node['name']} reads {below['name']}"
        for node in models.values()
        if layer(node) == "publication"
        for below in reads(models, node)
        if below["name"].startswith(("int_", "ppl_", "stg_"))
    ]
    assert steps == []


def test_the_longest_lineage_is_short(models: dict[str, dict[str, Any]]) -> None:
    depth: dict[str, int] = {}

    def of(node: dict[str, Any]) -> int:
        if node["name"] not in depth:
            depth[node["name"]] = 1 + max((of(one) for one in reads(models, node)), default=0)
        return depth[node["name"]]

    long = {node["name"]: of(node) for node in models.values() if of(node) > LONGEST}
    assert long == {}


def test_every_model_says_who_may_read_it(
    manifest: dict[str, Any], models: dict[str, dict[str, Any]]
) -> None:
    for node in models.values():
        name, access = node["name"], node["access"]
        assert f"group.social_value.{node['group']}" in manifest["groups"], name
        if name.startswith(("int_", "ppl_")) or layer(node) == "staging":
            assert access == ("protected" if name.startswith("stg_") else "private"), name
        else:
            assert access == ("public" if published(node) else "protected"), name


def test_of_the_group_of_people_is_only_what_adds_them_up(
    models: dict[str, dict[str, Any]],
) -> None:
    # what they hold, dbt itself lets nobody else read: the rows are private to the group
    group = {node["name"] for node in models.values() if node["group"] == "people"}
    rows = {name for name in group if name.startswith("ppl_")} | {"stg_hr_workforce"}
    assert group - rows == ADD_PEOPLE_UP
    assert {node["name"] for node in models.values() if node["name"].startswith("ppl_")} < group


def test_a_yaml_file_stands_beside_each_model(
    manifest: dict[str, Any], models: dict[str, dict[str, Any]], built: Path
) -> None:
    project = built / "dbt" / "project"  # with the files that are made from declarations
    for node in models.values():
        path = Path(node["original_file_path"])
        if path.parts[0] == "staging":
            beside = path.with_name(f"_{path.parent.name}.yml")
        else:
            beside = path.with_suffix(".yml")
            declared = yaml.safe_load((project / beside).read_text(encoding="utf-8"))
            assert [one["name"] for one in declared["models"]] == [node["name"]]
        assert node["patch_path"] == f"social_value://{beside}", node["name"]
    for test in manifest["unit_tests"].values():
        path = Path(models[f"model.social_value.{test['model']}"]["patch_path"].split("//")[1])
        assert test["original_file_path"] == str(path), test["name"]


def test_a_file_is_known_by_its_name_alone() -> None:
    # so that a definition keeps its digest when its file moves to another folder
    names = Counter(
        path.name
        for folder in (*ORDER, "macros", "seeds", "tests")
        for path in (DBT / folder).rglob("*.*")
    )
    assert [name for name, times in names.items() if times > 1] == []
