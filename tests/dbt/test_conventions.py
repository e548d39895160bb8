"""What every model, seed and test of the dbt project keeps to, read from dbt's own manifest."""

import csv
import re
from typing import Any

import yaml

from exports.definitions.table import read_tables
from tests.support.dbt_manifest import layer, nodes, published
from tests.support.definitions import PLACES
from tests.support.tiny_warehouse import ROOT

MARTS = ("dim_", "fct_", "rpt_")
PREFIXES = {
    "staging": ("stg_",),
    "core": (*MARTS, "int_"),
    "people": ("ppl_",),
    "indicators": (*MARTS, "int_", "ppl_"),
    "publication": ("pub_",),
}
SCHEMAS = {
    "stg_": {"staging"},
    "int_": {"intermediate"},
    "ppl_": {"people"},
    "pub_": {"publication"},
    **{prefix: {"marts", "intermediate"} for prefix in MARTS},
}
DBT = ROOT / "dbt"
DUCKDB_ONLY = ("qualify", "arg_max", "list_", "read_csv", "asof ", "::", "strptime", "split_part")


def first_line(node: dict[str, Any]) -> str:
    return str(node["raw_code"]).splitlines()[0]


def test_models_are_named_by_layer_and_lie_in_the_schema_of_their_kind(
    manifest: dict[str, Any],
) -> None:
    for node in nodes(manifest, "model"):
        assert node["name"].startswith(PREFIXES[layer(node)]), node["name"]
        assert node["schema"] in SCHEMAS[node["name"][:4]], node["name"]


def test_every_model_says_its_grain_first(manifest: dict[str, Any]) -> None:
    silent = [
        n["name"] for n in nodes(manifest, "model") if not first_line(n).startswith("-- grain: ")
    ]
    assert not silent


def test_models_have_one_thought(manifest: dict[str, Any]) -> None:
    lengths = {n["name"]: len(n["raw_code"].splitlines()) for n in nodes(manifest, "model")}
    assert {name: lines for name, lines in lengths.items() if lines > 75} == {}


def test_every_model_and_column_is_described(manifest: dict[str, Any]) -> None:
    bare = [
        f"{node['name']}.{column['name'] if column else ''}"
        for kind in ("model", "seed")
        for node in nodes(manifest, kind)
        for column in [None, *node["columns"].values()]
        if len(((column or node)["description"] or "").strip()) < 3
    ]
    assert not bare


def test_seeds_have_a_type_and_a_description_a_column(manifest: dict[str, Any]) -> None:
    # of models, the enforced contracts say it: of seeds, we do
    for node in nodes(manifest, "seed"):
        with (DBT / node["original_file_path"]).open(encoding="utf-8", newline="") as stream:
            header = next(csv.reader(stream))
        assert list(node["columns"]) == header, node["name"]
        assert list(node["config"]["column_types"]) == header, f"{node['name']}: a type a column"
        assert {"source", "licence", "illustrative"} <= set(header), node["name"]


# By which staging matches the texts of rows (macros/organisations.sql).
NAMES_OF_ORGANISATIONS = {
    "seed.social_value.organisations",
    "seed.social_value.organisation_aliases",
}


def test_only_staging_reads_sources_and_names_of_organisations(manifest: dict[str, Any]) -> None:
    for node in nodes(manifest, "model"):
        read = node["depends_on"]["nodes"]
        kinds = {name.split(".")[0] for name in read if name not in NAMES_OF_ORGANISATIONS}
        if layer(node) == "staging":
            assert kinds == {"source"}, node["name"]
        else:
            assert "source" not in kinds, node["name"]


def test_marts_and_publications_keep_their_promises(manifest: dict[str, Any]) -> None:
    keyed = {
        test["attached_node"]
        for test in nodes(manifest, "test")
        if (test.get("test_metadata") or {}).get("name") == "sound"
        and test["test_metadata"]["kwargs"].get("key")
    }
    for node in nodes(manifest, "model"):
        if published(node):
            # the union of contributions has the breakdown columns of whatever models there are
            enforced = node["name"] != "fct_indicator_contributions"
            assert node["config"]["contract"]["enforced"] == enforced, f"{node['name']}: a contract"
            wide = [c["name"] for c in node["columns"].values() if c["data_type"] == "decimal"]
            assert not wide, f"{node['name']}: decimals without precision"
            if node["name"] == "fct_indicator_contributions":
                continue  # the union of models that each test their key and name other indicators
            assert node["unique_id"] in keyed, f"{node['name']}: no test of its key"


def test_a_test_that_is_left_out_of_builds_follows_from_keys_that_are_tested(
    manifest: dict[str, Any],
) -> None:
    """A view that joins relations by their whole keys has theirs: docs/decisions/0008."""
    sound = [
        test
        for test in nodes(manifest, "test")
        if (test.get("test_metadata") or {}).get("name") == "sound"
    ]
    in_each_build = {
        test["attached_node"]
        for test in sound
        if test["test_metadata"]["kwargs"].get("key") and "follows" not in test["tags"]
    }
    left_out = [test for test in nodes(manifest, "test") if "follows" in test["tags"]]
    assert left_out
    for test in left_out:
        view = manifest["nodes"][test["attached_node"]]
        rests_on = {one for one in view["depends_on"]["nodes"] if one in in_each_build}
        named = {one.rpartition(".")[2] for one in rests_on}
        assert view["config"]["materialized"] == "view", view["name"]
        assert named == set(test["config"]["meta"]["follows_from"]), view["name"]
        assert set(test["test_metadata"]["kwargs"]) == {"key", "model"}, f"{view['name']}: no more"


def test_marts_are_tables_or_views_over_tables_of_their_own_file(manifest: dict[str, Any]) -> None:
    views = {n["name"] for n in nodes(manifest, "model") if n["config"]["materialized"] == "view"}
    for node in nodes(manifest, "model"):
        if layer(node) == "publication":
            assert node["config"]["materialized"] == "table", node["name"]
        if layer(node) == "staging":  # rows of persons and private columns stay where they are
            assert node["name"] in views
        if node["schema"] == "marts" and node["name"] in views:
            for name in node["depends_on"]["nodes"]:
                below = manifest["nodes"][name]
                assert below["schema"] in ("marts", "seeds"), f"{node['name']} reads {name}"
            assert "same_file(" in node["raw_code"], f"{node['name']}: names its database"


def test_no_private_column_comes_to_a_mart(manifest: dict[str, Any]) -> None:
    import yaml

    private = {"supplier_postcode", "postcode"}
    for contract in (ROOT / "flows/returns/contracts").glob("*.yaml"):
        told = yaml.safe_load(contract.read_text(encoding="utf-8"))
        private |= {c["name"] for c in told["columns"] if c.get("privacy", "public") != "public"}
    for node in nodes(manifest, "model"):
        if published(node):
            assert not private & set(node["columns"]), node["name"]


def test_marts_and_publications_are_portable_sql(manifest: dict[str, Any]) -> None:
    for node in nodes(manifest, "model"):
        if published(node):
            text = node["raw_code"].lower()
            assert not [word for word in DUCKDB_ONLY if word in text], node["name"]


def test_each_publication_is_exposed_with_all_it_reads(manifest: dict[str, Any]) -> None:
    models = {n["unique_id"] for n in nodes(manifest, "model") if layer(n) == "publication"}
    read = set()
    for publication, name in (("quarterly", "quarterly_report"), ("annual", "annual_review")):
        sources = {table.source for table in read_tables(publication, PLACES.tables)} | {
            "pub_release_blocks"
        }
        exposure = manifest["exposures"][f"exposure.social_value.{name}"]
        told = set(exposure["depends_on"]["nodes"])
        assert told == {f"model.social_value.{source}" for source in sources}
        read |= told
    assert read == models


def test_every_formula_has_a_unit_test(manifest: dict[str, Any]) -> None:
    tested = {one["model"] for one in manifest["unit_tests"].values()}
    one_text = {"ppl_contributions_deliveries"}  # contributions_of, as fct_contributions_deliveries
    for node in nodes(manifest, "model"):
        if "_contributions_" in node["name"] and node["name"] != "fct_indicator_contributions":
            assert node["name"] in tested | one_text, node["name"]
    ends = {"fct_indicator_values", "fct_indicator_performance", "rpt_coverage", "rpt_working_well"}
    assert ends | {"rpt_framework_coverage", "fct_period_sums", "pub_release_blocks"} <= tested


def test_whether_a_supplier_is_small_is_never_taken_from_a_tender(manifest: dict[str, Any]) -> None:
    # a tender that suits small firms may be won by a supplier of the scale `large`: SME spend rests
    # on the vendor master alone, and of a contract the register says the supplier's own scale
    read: set[str] = set()
    left = ["model.social_value.fct_contributions_c02_c03"]
    while left:
        node = manifest["nodes"].get(left.pop(), {})
        new = set(node.get("depends_on", {}).get("nodes", [])) - read
        read |= new
        left.extend(new)
    sources = {name.rsplit(".", 1)[-1] for name in read if name.startswith("source.")}
    assert {"finance_payments", "finance_vendors"} <= sources
    assert not [name for name in sources if name.startswith("procurement")]
    contracts = manifest["nodes"]["model.social_value.stg_procurement_contracts"]["raw_code"]
    assert "supplier_size" in contracts
    assert "suitab" not in contracts


def test_every_landed_table_says_when_it_is_stale(manifest: dict[str, Any]) -> None:
    stale_after = {}
    for source in manifest["sources"].values():
        if source["source_name"] == "landed":
            assert source["loaded_at_field"] == "_received_at", source["name"]
            limit = (source["freshness"] or {}).get("warn_after") or {}
            stale_after[source["name"]] = (limit.get("count"), limit.get("period"))
    monthly = ("finance_payments", "finance_vendors", "finance_control_totals")
    for name, limit in stale_after.items():
        days = {"reference_deprivation": 400}.get(name, 46 if name in monthly else 122)
        assert limit == (days, "day"), name


def rows_of_seed(name: str) -> list[dict[str, str]]:
    with (PLACES.seeds / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_an_indicator_of_a_measure_of_people_is_protected_as_a_count_of_people() -> None:
    of_people = {row["measure_id"] for row in rows_of_seed("measures") if row["is_people"] == "yes"}
    protected = {
        row["indicator_id"] for row in rows_of_seed("indicators") if row["counts_people"] == "yes"
    }
    rests_on = {
        row["indicator_id"]: row["measure_id"] for row in rows_of_seed("service_indicators")
    }
    assert {one for one, measure in rests_on.items() if measure in of_people} <= protected


# What a plan of a build cannot hold: it is compiled from files alone, once for all homes and days.
LOOKS = (
    *("run_query", "get_column_values", "get_columns_in_relation", "get_filtered_columns"),
    *("load_result", "get_relation", "list_relations", "execute", "graph", "flags"),
    *("env_var", "invocation_id", "run_started_at", "modules", "target.name"),
)


def test_no_model_looks_at_data_the_day_or_the_machine_while_it_is_compiled() -> None:
    found = {
        (path.name, word)
        for path in DBT.rglob("*.sql")
        for code in re.findall(r"\{[{%].*?[%}]\}", path.read_text(encoding="utf-8"), re.DOTALL)
        for word in LOOKS
        if re.search(rf"\b{re.escape(word)}\b", code)
    }
    assert found == set()


def test_dbt_opens_the_database_with_nothing_that_a_plan_is_not_opened_with() -> None:
    # flows/modelling/by_plan.py takes the options from here, and attaches these two itself
    profile = yaml.safe_load((DBT / "profiles.yml").read_text(encoding="utf-8"))
    embedded = profile["social_value"]["outputs"]["embedded"]
    assert set(embedded) == {"type", "path", "schema", "threads", "attach", "config_options"}
    assert [one["alias"] for one in embedded["attach"]] == ["kept", "reference"]
