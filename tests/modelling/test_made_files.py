"""Files of dbt's project that are made: what is declared wrongly is a sentence."""

import pytest
import yaml

from exports.definitions.table import TableDefinition
from flows.common.declarations import DeclarationError
from flows.modelling.made_files import ROLES, made_files
from flows.modelling.made_tables import publication
from tests.support.fleet import FILES

TABLE = yaml.safe_load(FILES["tables/fleet.yaml"])


def test_a_table_of_people_says_how_they_are_protected() -> None:
    table = TableDefinition.model_validate(TABLE)
    assert sorted(publication(table, {"E01"})) == [
        "made/publication/pub_fleet.sql", "made/publication/pub_fleet.yml",
    ]  # fmt: skip
    with pytest.raises(DeclarationError, match=r"tables/fleet.yaml, .*V01 counts people"):
        publication(table, {"V01"})


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"source": "pub_fleet"}, "a source, or figures that it is of; not both"),
        ({"of": {"indicator": "V01", "figures": {}}}, "at least 1"),
        ({"of": {"indicator": "V01", "figures": {"emitted": "emitted"}}}, "no electric, fuel"),
        ({"period_column": "year", "publications": ["annual"]}, "one of quarters"),
    ],
)
def test_a_table_is_of_figures_that_it_names(change: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        TableDefinition.model_validate(TABLE | change)


def test_a_model_names_the_region_as_the_authority_does() -> None:
    made = made_files({}, [], [], the_region="the King's moors")[ROLES].decode()
    assert made == "{% macro the_region() -%}{{ return(\"the King''s moors\") }}{%- endmacro %}\n"
