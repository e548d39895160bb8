"""A return, an indicator with its breakdown and target, and a table are four files and no code."""

import shutil
from pathlib import Path

import duckdb
import pytest

from exports.release.publish import Override, ReleaseBlocked
from flows.audit.trace_cell import CellQuestion, trace_cell
from flows.audit.trace_value import Question, trace
from flows.audit.verify import verify
from flows.common.periods import read_quarter
from flows.common.settings import Settings
from flows.demo import AUTHORITY
from flows.intake.rules import read_rules
from flows.intake.submission import Submission
from flows.intake.take_in import take_in
from flows.modelling.build import build
from flows.publishing.release import release
from flows.warehouse.home import make_folders
from tests.support.fleet import CONTENT, FILE, FILES, add_fleet

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


def test_four_files_are_a_return_an_indicator_and_a_table(
    own: Settings, folder: Path, tmp_path: Path
) -> None:
    add_fleet(folder)
    assert len(FILES) == 4
    sent(own, tmp_path, FILE, CONTENT, "fleet_emissions")
    name = publish(own)
    with duckdb.connect(str(own.analysts), read_only=True) as connection:
        found = connection.execute(
            "select basis, breakdown_value, numerator, value, unit, status "
            "from marts.fct_indicator_values where indicator_id = 'V01' and period = ? "
            "order by basis, breakdown_value",
            [QUARTER],
        ).fetchall()
        rows = connection.execute("from publication.pub_fleet order by fuel").fetchall()
        owed = connection.execute(
            "select due_date from marts.rpt_returns "
            "where \"return\" = 'fleet_emissions' and period = ?",
            [QUARTER],
        ).fetchall()
        rated = connection.execute(
            "select target from marts.fct_indicator_performance where indicator_id = 'V01'"
        ).fetchall()
    assert [(basis, part, float(value), unit) for basis, part, _, value, unit, _ in found] == [
        ("electric-share", "", 50, "per cent"),
        ("electric-share", "diesel", 0, "per cent"),
        ("electric-share", "electric", 100, "per cent"),
        ("emitted", "", 2, "tCO2e"),
        ("emitted", "diesel", 1.75, "tCO2e"),
        ("emitted", "electric", 0.25, "tCO2e"),
    ]
    assert [(fuel, float(emitted), float(share)) for _, fuel, emitted, share, *_ in rows] == [
        ("diesel", 1.75, 0),
        ("electric", 0.25, 100),
    ]
    assert [str(due) for (due,) in owed] == ["2022-07-30"]
    assert rated
    traced = trace(own, Question("V01", QUARTER, "emitted", "fuel=diesel"))
    assert [(row["file"], row["row"]) for row in traced["rows"]] == [(FILE, 2), (FILE, 3)]
    cell = trace_cell(own, CellQuestion(name, "fleet", "fuel=diesel", "emitted"))
    assert (cell["published"], cell["agrees"]) == ("1.75", True)
    assert (own.published / name / "definitions" / "indicators" / "fleet.yaml").is_file()
    (checked,) = verify(own)
    assert checked.outcome == "same bytes", checked.faults
