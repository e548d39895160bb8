"""A build by its plan comes to what dbt comes to; where there is no whole plan, dbt makes one."""

import multiprocessing
import re
import shutil
import signal
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.authority.places import places_in_use
from flows.common.settings import Settings
from flows.modelling import build as modelling
from flows.modelling import dbt_runner
from flows.modelling.build import BuildFailed, build, workplace
from flows.modelling.plan import Plan, Step, keep_plan, read_plan
from tests.support.first_quarter import AS_OF
from tests.support.little_project import (
    build_and_die,
    in_warehouse,
    little_settings,
    make_home,
    make_project,
    verdict,
)
from tests.support.modelled import tables_of
from tests.support.tiny_warehouse import make_reference

PEOPLE = "select 'C01' as indicator_id, 1 as _person, 2 as _preference, 3 as _amount"
AT = datetime.fromisoformat(AS_OF)
Change = Callable[[Settings], None]


@pytest.fixture
def dbt_runs(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Each run of dbt, as it begins."""
    runs: list[object] = []
    run = dbt_runner.run_dbt

    def counted(*given: Any) -> subprocess.CompletedProcess[str]:
        runs.append(given)
        return run(*given)

    monkeypatch.setattr(modelling, "run_dbt", counted)
    return runs


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the little project and a home of it that has been built, and so has a plan."""
    folder = tmp_path_factory.mktemp("little")
    make_reference(folder / "reference.duckdb")
    make_project(folder / "dbt")
    settings = little_settings(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dbt_runner, "SOURCE", folder / "dbt")
        make_home(settings)
        assert verdict(settings, folder / "models.duckdb").said == ""
    assert len(list(workplace(settings).plans.glob("*.json"))) == 1
    return folder


@pytest.fixture
def little(built_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy of both."""
    folder = tmp_path / "copy"
    shutil.copytree(built_once, folder, symlinks=True)
    monkeypatch.setattr(dbt_runner, "SOURCE", folder / "dbt")
    return little_settings(folder)


def plans(settings: Settings) -> list[Path]:
    """The plans that are kept, in the home and in the checkout."""
    return [
        *workplace(settings).plans.glob("*.json"),
        *dbt_runner.SOURCE.glob("target/plans/*.json"),
    ]


def everything(path: Path) -> dict[str, object]:
    """The rows of every table, and the text of every view."""
    with duckdb.connect(str(path), read_only=True) as connection:
        views = connection.execute(
            "select schema_name, view_name, sql from duckdb_views() where not internal order by all"
        ).fetchall()
    tables = tables_of(path)
    assert tables.pop("marts.built_from")
    return {"tables": tables, "views": views}


def test_every_table_of_the_project_has_the_same_rows_by_either_road(
    built: Path,
    settings: Settings,
    tmp_path: Path,
    dbt_runs: list[object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The private schemas stay in, so that they are compared too.
    monkeypatch.setattr(modelling, "PRIVATE_SCHEMAS", ())
    monkeypatch.setattr(modelling, "read_under", lambda path, name: None)  # nobody can read those
    settings = settings.model_copy(update={"postcodes": built / "reference.duckdb"})
    settings.warehouse.parent.mkdir(parents=True)
    shutil.copy(built / "warehouse.duckdb", settings.warehouse)
    build(settings, AT, tmp_path / "any.duckdb")  # which leaves a plan if there was none
    dbt_runs.clear()
    found, nodes = {}, {}
    for road, with_dbt in (("dbt", True), ("plan", False)):
        models, restricted = tmp_path / f"{road}.duckdb", tmp_path / f"{road}-people.duckdb"
        made = build(settings, AT, models, restricted, with_dbt=with_dbt)
        found[road] = everything(models), tables_of(restricted)
        nodes[road] = sorted((n.kind, n.name, n.status, n.message) for n in made.nodes)
        assert len(dbt_runs) == 1
    assert len(found["dbt"][0]["tables"]) > 100  # type: ignore[arg-type]
    assert found["plan"] == found["dbt"]
    # A key that follows from keys that are tested is proven by dbt's own build alone.
    followed = set(nodes["dbt"]) - set(nodes["plan"])
    assert [one for one in nodes["dbt"] if one not in followed] == nodes["plan"]
    assert {name.partition("_indicator_id_")[0] for _, name, *_ in followed} == {
        f"sound_fct_contributions_{indicators}" for indicators in ("c01", "c02_c03", "c05")
    }
    assert {(kind, status) for kind, _, status, _ in followed} == {("test", "pass")}


def duplicate(settings: Settings) -> None:
    in_warehouse(settings, "insert into landed.given values ('one', '3')")


def no_number(settings: Settings) -> None:
    in_warehouse(settings, "insert into landed.given values ('three', 'three')")


def other_type(settings: Settings) -> None:
    in_warehouse(settings, "alter table landed.given alter number type integer")


def bad_seed(settings: Settings) -> None:
    with (places_in_use(settings).seeds / "known.csv").open("a") as stream:
        stream.write("three,in spring\n")


@pytest.mark.parametrize(
    ("change", "statuses"),
    [
        (duplicate, {"sound_fct_given": "fail", "fct_given": "success", "fct_after": "skipped"}),
        (no_number, {"fct_given": "error", "fct_after": "skipped", "sound_fct": "skipped"}),
        (other_type, {"stg_given": "error", "fct_given": "skipped", "known": "success"}),
        (bad_seed, {"known": "error", "fct_given": "skipped", "stg_given": "success"}),
    ],
)
def test_what_fails_has_the_same_verdict_by_either_road(
    little: Settings, tmp_path: Path, change: Change, statuses: dict[str, str]
) -> None:
    target = tmp_path / "models.duckdb"
    target.write_bytes(b"an earlier build")
    change(little)
    by_plan = verdict(little, target)
    assert {name: by_plan.status(name) for name in statuses} == statuses
    assert by_plan.said
    assert target.read_bytes() == b"an earlier build"
    assert verdict(little, target, with_dbt=True) == by_plan


def test_a_warning_is_said_by_the_plan_as_dbt_says_it(
    little: Settings, tmp_path: Path, dbt_runs: list[object]
) -> None:
    target = tmp_path / "models.duckdb"
    in_warehouse(little, "insert into landed.given values ('hundred', '100')")
    by_plan = verdict(little, target)
    assert by_plan.status("no_large_number") == "warn"
    assert dbt_runs == []
    assert verdict(little, target, with_dbt=True) == by_plan


@pytest.mark.parametrize(
    ("model", "reads"),
    [
        ("{{ config(materialized='view') }} select word from {{ ref('fct_given') }}", "model"),
        ("{{ config(materialized='view') }} select word from staging.stg_given", "stg_given"),
    ],
    ids=["the name of the new file", "what is taken out of it"],
)
def test_a_build_that_cannot_be_read_under_its_new_name_is_no_build(
    little: Settings, tmp_path: Path, model: str, reads: str
) -> None:
    target, people = tmp_path / "analysts.duckdb", tmp_path / "people.duckdb"
    target.write_bytes(b"an earlier build")
    people.write_bytes(b"an earlier build")
    (dbt_runner.SOURCE / "core" / "fct_seen.sql").write_text(
        f"-- depends_on: {{{{ ref('stg_given') }}}}\n{model}"
    )
    (dbt_runner.SOURCE / "people").mkdir()
    (dbt_runner.SOURCE / "people" / "ppl_contributions.sql").write_text(PEOPLE)
    (dbt_runner.SOURCE / "core" / "fct_indicator_periods.sql").write_text("select 1 as one")
    for with_dbt in (True, False):
        with pytest.raises(
            BuildFailed, match=rf"^marts\.fct_seen cannot be read .*{reads}"
        ) as not_read:
            build(little, AT, target, people, with_dbt)
        assert "\n" not in str(not_read.value)
    assert (target.read_bytes(), people.read_bytes()) == (b"an earlier build",) * 2
    assert [path.name for path in tmp_path.iterdir() if "partial" in path.name] == []


def test_a_model_is_a_table_unless_it_says_otherwise_and_dbt_names_the_column_that_lacks(
    little: Settings, tmp_path: Path
) -> None:
    target = tmp_path / "models.duckdb"
    core = dbt_runner.SOURCE / "core"
    (core / "fct_more.sql").write_text("select 1 as one, 2 as electric_cars_and_vans")
    assert verdict(little, target).said == ""
    with duckdb.connect(str(target), read_only=True) as connection:
        assert connection.execute("from marts.fct_more").fetchall() == [(1, 2)]
    (core / "_more.yml").write_text(
        "version: 2\nmodels:\n  - name: fct_more\n    config: {contract: {enforced: true}}\n"
        "    columns: [{name: one, data_type: integer}]\n"
    )
    assert re.search(r"model fct_more: .*electric_cars_and_vans", verdict(little, target).said)


def test_half_a_plan_is_none_and_two_builds_at_once_make_it_once(
    little: Settings, tmp_path: Path, dbt_runs: list[object]
) -> None:
    wanted = verdict(little, tmp_path / "by-plan.duckdb")
    assert dbt_runs == []
    for path in plans(little):
        path.write_bytes(path.read_bytes()[:-100])
    targets = [tmp_path / "a.duckdb", tmp_path / "b.duckdb"]
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda target: verdict(little, target), targets))
    assert done == [wanted, wanted]
    assert everything(targets[0]) == everything(targets[1])
    assert len(dbt_runs) == 1
    assert verdict(little, targets[0]) == wanted
    assert len(dbt_runs) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_build_killed_in_its_plan_leaves_what_was_there_and_the_next_is_whole(
    little: Settings, tmp_path: Path, dbt_runs: list[object], when: str
) -> None:
    target = tmp_path / "models.duckdb"
    wanted = verdict(little, target)
    before = target.read_bytes()
    killed = multiprocessing.get_context("spawn").Process(
        target=build_and_die, args=(little.home.parent, target, when)
    )
    killed.start()
    killed.join(120)
    assert killed.exitcode == -signal.SIGKILL
    assert target.read_bytes() == before
    assert workplace(little).model.exists()  # half made, and in nobody's way
    assert verdict(little, target) == wanted
    assert not workplace(little).model.exists()
    assert dbt_runs == []


def test_another_source_has_another_plan(
    little: Settings, tmp_path: Path, dbt_runs: list[object]
) -> None:
    target = tmp_path / "models.duckdb"
    model = dbt_runner.SOURCE / "core" / "fct_after.sql"
    model.write_text(model.read_text().replace("count(*)", "count(*) + 1"))
    for _ in range(2):
        verdict(little, target)
        assert len(dbt_runs) == 1
        with duckdb.connect(str(target), read_only=True) as connection:
            assert connection.execute("from marts.fct_after").fetchall() == [(3,)]


def test_a_plan_that_is_cut_altered_or_of_another_digest_is_no_plan(
    little: Settings,
) -> None:
    place = workplace(little)
    step = '"unique_id": "model.a.b", "status": "success", "message": "OK", "execution_time": 1.0'
    rest = '"statements": ["create table t as select 1"], "severity": "", "warn_if": ""'
    place.results.write_text(f'{{"schemas": ["marts"], "results": [{{{step}, {rest}}}]}}')
    keep_plan(place, "a")
    wanted = Plan(
        ["marts"],
        [Step("model.a.b", "success", "OK", ["create table t as select 1"], "", "")],
    )
    assert read_plan(place, "a") == wanted
    path, shared = (
        folder / "a.json" for folder in (place.plans, dbt_runner.SOURCE / "target" / "plans")
    )
    shared.unlink()
    whole = path.read_bytes()
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        assert read_plan(place, "a") is None, end
    path.write_bytes(whole.replace(b"select 1", b"select 2"))
    assert read_plan(place, "a") is None
    path.write_bytes(whole)
    path.rename(path.with_name("b.json"))
    assert read_plan(place, "b") is None
    keep_plan(place, "a")
    assert read_plan(place, "a") == wanted


def test_only_the_newest_plans_are_kept(little: Settings) -> None:
    place = workplace(little)
    place.results.write_text('{"schemas": [], "results": []}')
    for number in range(12):
        keep_plan(place, f"{number:02}")
    assert len(plans(little)) == 16
    assert read_plan(place, "11") == Plan([], [])
