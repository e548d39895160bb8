"""A dbt project of two models, a seed and two tests, in the clothes of the real one."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from flows.common.settings import DBT_PROJECT, Settings
from flows.demo import AUTHORITY
from flows.modelling import by_plan, dbt_runner
from flows.modelling.build import BuildFailed, build, prepare
from flows.modelling.node import Node
from tests.support.deadly import die_at
from tests.support.definitions import PLACES

AS_OF = datetime.fromisoformat("2022-07-11T09:00:00")
COLUMNS = "{name: word, data_type: varchar}, {name: number, data_type: %s}"
FILES = {
    ("staging", "stg_given.sql"): "select word, number from {{ source('landed', 'given') }}",
    ("staging", "_models.yml"): f"""
version: 2
sources:
  - name: landed
    database: "{{{{ 'kept' if target.type == 'duckdb' else target.database }}}}"
    tables: [{{name: given}}]
models:
  - name: stg_given
    config: {{contract: {{enforced: true}}}}
    columns: [{COLUMNS % "varchar"}]
""",
    ("core", "fct_given.sql"): (
        "select given.word, cast(given.number as integer) as number "
        "from {{ ref('stg_given') }} as given "
        "left join {{ ref('known') }} as known on given.word = known.word"
    ),
    ("core", "fct_after.sql"): "select count(*) as words from {{ ref('fct_given') }}",
    ("core", "_models.yml"): f"""
version: 2
models:
  - name: fct_given
    config: {{materialized: table, contract: {{enforced: true}}}}
    columns: [{COLUMNS % "integer"}]
    data_tests: [{{sound: {{arguments: {{key: [word]}}}}}}]
  - name: fct_after
    config: {{materialized: table}}
""",
    ("seeds", "known.csv"): "word,recorded_on\none,2022-01-01\ntwo,2023-01-01\n",
    ("seeds", "_seeds.yml"): """
version: 2
seeds:
  - name: known
    config: {column_types: {word: varchar, recorded_on: date}}
""",
    ("tests", "no_large_number.sql"): (
        "{{ config(severity='warn') }}\nselect word from {{ ref('fct_given') }} where number > 99"
    ),
}


@dataclass(frozen=True)
class Verdict:
    """What a build came to: what it said where it failed, and each node without its seconds."""

    said: str
    nodes: list[tuple[str, str, str, str]]

    def status(self, name: str) -> str:
        """What became of the node whose name begins so."""
        return next(status for node, _, status, _ in self.nodes if node.startswith(name))


def make_project(folder: Path) -> Path:
    """Write the project."""
    for name in ("macros", "tests/generic"):
        shutil.copytree(DBT_PROJECT / name, folder / name)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(DBT_PROJECT / name, folder)
    for (layer, name), text in FILES.items():
        (folder / layer).mkdir(exist_ok=True)
        (folder / layer / name).write_text(text, encoding="utf-8")
    definitions = folder.parent / "definitions"
    definitions.mkdir()
    (definitions / "seeds").symlink_to(Path("..") / folder.name / "seeds")  # of a copy too
    (definitions / "contracts").symlink_to(PLACES.contracts)
    (definitions / "authority").symlink_to(AUTHORITY)
    (definitions / "indicators").mkdir()
    return folder


def little_settings(folder: Path) -> Settings:
    """A home of the project, where both lie in one folder."""
    return Settings(
        home=folder / "home",
        postcodes=folder / "reference.duckdb",
        definitions=folder / "definitions",
    )


def build_and_die(folder: Path, target: Path, when: str) -> None:
    """Build by the plan, and be killed before or after its second step."""
    dbt_runner.SOURCE = folder / "dbt"
    die_at(by_plan, "node_of", when, 2)
    build(little_settings(folder), AS_OF, target)


def make_home(settings: Settings) -> None:
    """Make the warehouse, with two rows for the models to read."""
    prepare(settings)
    in_warehouse(
        settings,
        "create table landed.given as "
        "select * from (values ('one', '1'), ('two', '2')) as given (word, number)",
    )


def in_warehouse(settings: Settings, statement: str) -> None:
    """Change what the models read."""
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(statement)


def verdict(settings: Settings, target: Path, *, with_dbt: bool = False) -> Verdict:
    """Build, and say what it came to."""
    try:
        return Verdict("", _told(build(settings, AS_OF, target, with_dbt=with_dbt).nodes))
    except BuildFailed as failed:
        return Verdict(str(failed), _told(failed.nodes))


def _told(nodes: list[Node]) -> list[tuple[str, str, str, str]]:
    return sorted((node.name, node.kind, node.status, node.message) for node in nodes)
