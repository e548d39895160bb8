"""A release comes again after what a next version ships, and an authority adds, beside it."""

import shutil
from pathlib import Path

import pytest
import yaml

from exports.release.publish import Override, ReleaseBlocked
from flows.audit.trace_cell import CellQuestion, trace_cell
from flows.audit.verify import verify
from flows.authority import places
from flows.common.periods import read_quarter
from flows.common.settings import DBT_PROJECT, Settings
from flows.demo import AUTHORITY
from flows.intake.rules import read_rules
from flows.intake.submission import Submission
from flows.intake.take_in import take_in
from flows.modelling import dbt_runner
from flows.modelling.build import build
from flows.publishing import definitions
from flows.publishing.release import release
from flows.warehouse.home import make_folders
from tests.support.fleet import CONTENT, FILE, add_fleet
from tests.support.small_files import payments

QUARTER = "2022-23 Q1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An authority's folder, which may be changed."""
    return Path(shutil.copytree(AUTHORITY, tmp_path / "authority"))


@pytest.fixture
def own(
    settings: Settings, folder: Path, postcodes: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """A home of that authority's."""
    monkeypatch.delenv("SOCIAL_VALUE_DEFINITIONS")
    update = {"authority": folder, "definitions": None, "postcodes": postcodes}
    settings = settings.model_copy(update=update)
    make_folders(settings)
    return settings


def sent(settings: Settings, folder: Path, name: str, content: str, return_name: str) -> None:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    assert (
        take_in(Submission(path, return_name), read_rules(settings), settings).outcome == "loaded"
    )


def publish(settings: Settings) -> str:
    built = build(settings)
    quarter = read_quarter(QUARTER)
    try:
        return release(settings, "quarterly", quarter, built.as_of).name
    except ReleaseBlocked as blocked:
        spite = [Override(one.what, "a test", "to publish") for one in blocked.reasons]
        return release(settings, "quarterly", quarter, built.as_of, spite).name


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """dbt's project as a next version may ship it: a copy, which a test can add to."""
    project = tmp_path / "next"
    shutil.copytree(DBT_PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    monkeypatch.setitem(places.SHIPPED, "seeds", project / "seeds")
    monkeypatch.setattr(dbt_runner, "SOURCE", project)
    monkeypatch.setattr(definitions, "DBT_PROJECT", project)
    return project


def test_a_release_verifies_after_a_new_column_of_a_seed_a_new_model_and_a_new_table(
    own: Settings, folder: Path, tmp_path: Path, next_version: Path
) -> None:
    add_own_table(folder)
    sent(own, tmp_path, "lcrca_2022-04.csv", payments(3), "finance_payments")
    name = publish(own)
    for path in OWN_TABLE:  # the authority has thought better of it
        (folder / path).unlink()
    add_column(next_version)
    add_model(next_version)
    add_fleet(folder)
    sent(own, tmp_path, FILE, CONTENT, "fleet_emissions")
    build(own)
    (checked,) = verify(own)
    assert (checked.outcome, checked.faults) == ("same figures", [])
    text = (own.published / name / "tables" / "own.csv").read_text("utf-8")
    assert text.splitlines()[1] == "2022-23 Q1,007"
    row = "period=2022-23 Q1; place=Liverpool City Region"
    cell = trace_cell(own, CellQuestion(name, "local_spend", row, "amount_in_place"))
    assert (cell["published"], cell["agrees"]) == ("301.50", True)


OWN_TABLE = {
    "seeds/own_notes.csv": "note\n007\n",
    "seeds/own_notes.yml": (
        "seeds: [{name: own_notes, config: {column_types: {note: varchar}}}]\n"
    ),
    "models/publication/pub_own.sql": (
        "select cast('2022-23 Q1' as varchar) as quarter, note from {{ ref('own_notes') }}\n"
    ),
    "models/publication/pub_own.yml": (
        "models: [{name: pub_own, config: {group: publication, access: public}}]\n"
    ),
    "tables/own.yaml": """
name: own
number: 901
title: Notes of our own
sheet: Notes
source: pub_own
publications: [quarterly]
topic: Data quality
about: A note.
empty: There is no note.
key: [note]
order_by: [note]
columns:
  - {name: quarter, label: Quarter, type: text, meaning: The quarter, traces: {rule: the release}}
  - {name: note, label: Note, type: text, meaning: A note, traces: {rule: names the row}}
""",
}


def add_own_table(folder: Path) -> None:
    """A table over a model of the authority's own, which reads a seed of its own."""
    for name, content in OWN_TABLE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")


def add_column(project: Path) -> None:
    """A seed gains a column, which its YAML says a default of, and dbt's tests ask."""
    path = project / "seeds" / "deflators.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([f"{header},kind", *(f"{row},gdp" for row in rows)]), "utf-8")
    path = project / "seeds" / "_assumption_seeds.yml"
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    (seed,) = [one for one in told["seeds"] if one["name"] == "deflators"]
    seed["config"]["column_types"]["kind"] = "varchar"
    column = {
        "name": "kind",
        "description": "Which deflator it is",
        "config": {"meta": {"default": "gdp"}},
        "data_tests": ["not_null", {"accepted_values": {"arguments": {"values": ["gdp"]}}}],
    }
    seed["columns"].append(column)
    path.write_text(yaml.safe_dump(told, sort_keys=False), encoding="utf-8")


def add_model(project: Path) -> None:
    """A model, which reads the new column, and a return that is new as well."""
    folder = project / "core" / "payments"
    (folder / "fct_new.sql").write_text(
        "select kind, count(*) as vehicles from {{ ref('deflators') }} "
        "cross join {{ ref('stg_fleet_emissions') }} group by kind",
        encoding="utf-8",
    )
    (folder / "fct_new.yml").write_text(
        "version: 2\nmodels:\n  - name: fct_new\n    config: {group: finance, access: public}\n",
        encoding="utf-8",
    )
