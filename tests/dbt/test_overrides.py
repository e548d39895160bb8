"""Where the project says another thing than dbt: what it took the place of is still what it was.

Each of these digests is of a text of dbt or dbt-duckdb that a macro of ours overrides or leans on.
When one changes, read the new text beside `dbt/macros`, mend what must be mended, and write the new
digest down.
"""

import hashlib
from typing import Any

import pytest

OVERRIDDEN = {
    # macros/made_in_place.sql makes tables and views in their place
    "dbt_duckdb.materialization_table_duckdb": "c129c8e89bef3284",
    "dbt.materialization_view_default": "e5e020732cff4f18",
    # ...with the statements of these
    "dbt.create_table_as": "ad9a011849894dd8",
    "dbt_duckdb.duckdb__create_table_as": "b4dea2de26f9b048",
    "dbt_duckdb.duckdb__create_view_as": "30447e0971210111",
    # macros/load_seed.sql loads a seed in place of this, called by the seed's materialization
    "dbt_duckdb.duckdb__load_csv_rows": "69c5d20053d316e0",
    "dbt.load_csv_rows": "b4efcc2df6161eea",
    "dbt.materialization_seed_default": "5c874b5be21d5e91",
    # macros/generate_schema_name.sql
    "dbt.generate_schema_name": "979a03c08f2bb346",
}
OWN = (
    "materialization_table_duckdb",
    "materialization_view_duckdb",
    "duckdb__load_csv_rows",
    "postgres__load_csv_rows",
    "generate_schema_name",
)


@pytest.mark.parametrize("name", OVERRIDDEN)
def test_what_is_overridden_is_what_it_was(name: str, manifest: dict[str, Any]) -> None:
    text = manifest["macros"][f"macro.{name}"]["macro_sql"]
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == OVERRIDDEN[name]


@pytest.mark.parametrize("name", OWN)
def test_what_overrides_it_is_there(name: str, manifest: dict[str, Any]) -> None:
    assert f"macro.social_value.{name}" in manifest["macros"]


def test_every_macro_and_argument_is_described(manifest: dict[str, Any]) -> None:
    inner = ("default__", "duckdb__", "postgres__", "spark__", "test_")
    for macro in manifest["macros"].values():
        name = macro["name"]
        if macro["package_name"] != "social_value" or not macro["original_file_path"].startswith(
            "macros/"
        ):
            continue
        if name.startswith(inner) and name not in OWN:
            continue
        assert macro["description"], name
        head = macro["macro_sql"].split("%}")[0]
        given = head.split("(", 1)[1].rsplit(")", 1)[0] if "(" in head else ""
        wanted = [one.split("=")[0].strip() for one in given.split(",") if one.strip()]
        assert [one["name"] for one in macro["arguments"]] == wanted, name
        assert all(one["description"] for one in macro["arguments"]), name
