"""A folder is begun with `init` and looked over with `check`, which says every mistake at once."""

from pathlib import Path

import pytest

from flows.common.errors import InputError
from flows.operations.new.authority import NewAuthority, Place, make_folder
from flows.operations.setup.check import check

NORTHMOOR = NewAuthority(
    id="northmoor",
    name="Northmoor Council",
    short_name="the Council",
    contact="Data team",
    email="data@northmoor.example.org",
    region=Place("E47000099", "Northmoor and Dale"),
    region_called="the moors",
    districts=[Place("E07000901", "Northmoor"), Place("E07000902", "Dale")],
    first_period="2026-04",
)
TARGETS = (
    "indicator_id,basis,breakdown,breakdown_value,period_kind,target,tolerance,scheme_id,"
    "valid_from,valid_to,recorded_on,source,licence,illustrative\n"
)
FRAMEWORKS = "measure_id,code,recorded_on,source,licence,illustrative\n"
BREAKS = "indicator_id,basis,first_day,what_changed,recorded_on,source,licence,illustrative\n"
FLEET = """return: fleet
title: Fleet
grain: a vehicle
delivery: snapshot
period: {kind: quarter}
columns:
  - {name: vehicle, type: text, required: true, meaning: Its plate}
"""
TABLE = """name: fleet
number: 901
title: Fleet
sheet: Fleet
of: {indicator: C01, figures: {km: km}}
publications: [quarterly]
about: One row is a quarter.
empty: None.
key: [quarter]
order_by: [quarter]
columns:
  - {name: quarter, label: Quarter, type: text, meaning: The quarter}
  - {name: km, label: Driven, type: number, decimals: 0, meaning: Kilometres}
"""
SUITE = """suite: hr_workforce
extends: hr_workforce
rules:
  - id: fte_is_small
    version: 1
    fails_when: fte > 0.1
    column: fte
    severity: warn
    dimension: validity
    fixed_by: sender
    owner: Head of People
    because: It is not small.
    fails_on: [{fte: 0.5}]
    passes_on: []
"""
SENTENCES = """extends: quarterly
sections:
  - name: fleet
    title: Fleet
    if_none: "Nothing."
    sentences:
      - say: "{a} and {b} and {c} and {d}."
        otherwise: "It is {missing}."
        cells:
          a: {table: fleet, row: {period: "{period}"}, column: value}
          b: {table: local_spend, row: {place: Atlantis}, column: amount_all}
          c: {table: local_spend, row: {place: "Dale"}, column: amount_nowhere}
          d: {table: supplier_kinds, row: {indicator_id: Z99}, column: percent_of_all}
"""
# A mistake: its file, what is written there, the line that is named, and what is said of it.
MISTAKES = [
    ("seeds/targets.csv", f"\ufeff{TARGETS}C01,known\n", 2, "2 cells in a row, and 14 columns"),
    ("seeds/targets.csv", TARGETS.replace("scheme_id", "scheme"), 1, "no column is called scheme"),
    (
        "seeds/targets.csv",
        TARGETS + "C01,known,,,year,70,5,three-point,2026-04-01,,2026-04-01,Ours,OGL v3,no\n"
        "Z99,known,,,year,70,5,three-point,2026-04-01,,2026-04-01,Ours,OGL v3,no\n",
        3,
        "'Z99' is no indicator_id of seed indicators",
    ),
    (
        "seeds/targets.csv",
        TARGETS
        + "C01,known,,,year,70,5,three-point,2026-04-01,,2026-04-01,Ours,OGL v3,no\n"
        + "C01,known,,,year,75,5,three-point,2026-10-01,,2026-04-01,Ours,OGL v3,no\n",
        3,
        "line 2 of the same key holds then",
    ),
    (
        "seeds/targets.csv",
        TARGETS + "C01,known,,,yearly,70,5,three-point,,,2026-04-01,Ours,OGL v3,no\n",
        2,
        "not so: period_kind in ('quarter', 'half', 'year')",
    ),
    (
        "seeds/targets.csv",
        TARGETS + "C01,known,,,year,much,5,three-point,,,2026-04-01,Ours,OGL v3,no\n",
        2,
        "'much' is no number",
    ),
    (
        "seeds/targets.csv",
        TARGETS + "C01,known,,,year,70,5,three-point,01/04/2026,,2026-04-01,Ours,OGL v3,no\n",
        2,
        "'01/04/2026' is no date: write 2022-04-01",
    ),
    (
        "seeds/targets.csv",
        TARGETS + 2 * "C01,known,,,year,70,5,three-point,,,2026-04-01,Ours,OGL v3,no\n",
        3,
        "C01, known, year stands in line 2 already",
    ),
    ("seeds/obligations.csv", ("2026-27 Q1", "2026-27 Q5"), 5, "'2026-27 Q5' is not a period"),
    ("seeds/obligations.csv", ("hr_workforce", "hr_worforce"), 5, "no contract is called hr_worf"),
    (
        "seeds/measure_frameworks.csv",
        FRAMEWORKS
        + "M01,NM-1,2026-04-01,Ours,OGL v3,no\nM99,PPN002-M1,2026-04-01,Ours,OGL v3,no\n",
        3,
        "'M99' is no measure_id of seed measures",
    ),
    (
        "seeds/measure_frameworks.csv",
        FRAMEWORKS + "M01,NM-1,2026-04-01,Ours,OGL v3,no\n",
        2,
        "'NM-1' is no code of seed framework_codes",
    ),
    (
        "seeds/definition_breaks.csv",
        BREAKS + "C01,,2026-10-01,Grants count,2026-10-01,Ours,OGL v3,no\n"
        "C99,,2026-10-01,Grants count,2026-10-01,Ours,OGL v3,no\n",
        3,
        "'C99' is no indicator_id of seed indicators",
    ),
    (
        "seeds/definition_breaks.csv",
        BREAKS + "C01,knwon,2026-10-01,Grants count,2026-10-01,Ours,OGL v3,no\n",
        2,
        "'knwon' is no basis of seed indicator_bases",
    ),
    ("seeds/fleet.csv", "fleet,size\na,1\n", 1, "no YAML beside it says what its columns are"),
    ("contracts/fleet.yaml", FLEET.replace("type: text", "type: txt"), 7, "type"),
    ("contracts/fleet.yaml", FLEET, 1, "no suite judges it: write suites/fleet.yaml"),
    ("contracts/fleet.yaml", FLEET, 1, "seeds/retention.csv does not say how long it is kept"),
    ("contracts/fleet.yaml", FLEET + "  - {\n", 9, "not YAML"),
    ("contracts/hr_workforce.yaml", "extends: hr_worforce\n", 1, "nothing of that name ships"),
    ("suites/hr_workforce.yaml", SUITE, 4, "fails the good row, which every rule passes"),
    ("suites/hr_workforce.yaml", SUITE.replace("fte > 0.1", "fta > 2"), 4, "is not SQL"),
    ("suites/hr_workforce.yaml", SUITE.replace("fte > 0.1", "fte > 2"), 4, "passes a row that"),
    ("suites/hr_workforce.yaml", SUITE + "without: [no_such]\n", 1, "without no_such"),
    ("authority.yaml", ("id:", "languages: [cy-GB]\nid:"), 1, "Input should be 'en-GB'"),
    (
        "authority.yaml",
        ("id:", "formats:\n  annual: [html, csv]\n  quarterly:\n    [html, csv, docx]\nid:"),
        4,
        "Input should be 'html', 'csv'",
    ),
    ("authority.yaml", ("id:", "formats: {monthly: [html]}\nid:"), 1, "'quarterly' or 'annual'"),
    ("authority.yaml", ("id:", "formats: {annual: [html]}\nid:"), 1, "cannot go without csv"),
    ("tables/fleet.yaml", TABLE, 5, "figures: no km of indicator C01 is published"),
    ("narrative/quarterly.yaml", SENTENCES, 10, "no table is called fleet"),
    ("narrative/quarterly.yaml", SENTENCES, 11, "no row of table local_spend can have place"),
    ("narrative/quarterly.yaml", SENTENCES, 12, "table local_spend has no column amount_nowhere"),
    ("narrative/quarterly.yaml", SENTENCES, 13, "'Z99' is no indicator that is published"),
    ("models/staging/stg_fleet.sql", "select 1 as a", 1, "no YAML beside it tells of the model"),
    ("models/fleet/stg_fleet.sql", "select 1 as a", 1, "lies in none of staging, core, people"),
    ("models/core/core.yml", "models: [{\n", 2, "not YAML"),
    ("limits/movements.yaml", "movements:\n  - {table: x, row: {a: b}, column: c}\n", 2, "factor"),
    ("authority.yaml", ("email: data@", "email: data-"), 6, "contact.email"),
    ("authority.yaml", ("E47000099", "E47000098"), 1, "E47000098 has no row in seeds/geographies"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as `init` makes it."""
    make_folder(tmp_path / "northmoor", NORTHMOOR)
    return tmp_path / "northmoor"


def test_what_init_makes_is_well_and_stays_as_it_is(folder: Path) -> None:
    assert check(folder) == []
    with pytest.raises(InputError, match="holds something already"):
        make_folder(folder, NORTHMOOR)


def test_a_model_that_dbt_cannot_read_is_named(folder: Path) -> None:
    core = folder / "models" / "core"
    core.mkdir(parents=True)
    (core / "dim_fleet.sql").write_text("select * from {{ ref('no_such') }}", "utf-8")
    (core / "dim_fleet.yml").write_text(
        "version: 2\nmodels:\n  - {name: dim_fleet, description: The fleet}\n", "utf-8"
    )
    (found,) = check(folder)
    assert found.file == "models/core/dim_fleet.sql"
    assert "no_such" in found.what


def test_holidays_that_have_run_out_are_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOCIAL_VALUE_NOW", "2031-01-01T09:00:00")
    (found,) = check(folder)
    assert (found.file, found.column) == ("seeds/bank_holidays.csv", "day")


def test_a_seed_of_which_nothing_holds_any_more_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = "C01,known,,,year,70,5,three-point,2026-04-01,{},2026-04-01,Ours,OGL v3,no\n"
    ended = [row.format(day) for day in ("2027-03-31", "2028-03-31")]
    ended[1] = ended[1].replace("2026-04-01,2028", "2027-04-01,2028")
    path = folder / "seeds" / "targets.csv"
    path.write_text(TARGETS + "".join(ended), "utf-8")
    monkeypatch.setenv("SOCIAL_VALUE_NOW", "2027-04-01T09:00:00")
    assert check(folder) == []
    monkeypatch.setenv("SOCIAL_VALUE_NOW", "2028-04-01T09:00:00")
    (found,) = (one for one in check(folder) if one.column == "valid_to")
    assert (found.file, found.line) == ("seeds/targets.csv", 3)
    assert found.what.startswith("nothing in it holds after 2028-03-31")


@pytest.mark.parametrize(("file", "text", "line", "what"), MISTAKES)
def test_a_mistake_is_named_with_its_file_and_line(
    folder: Path, file: str, text: str | tuple[str, str], line: int, what: str
) -> None:
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(text, tuple):
        before = path.read_text("utf-8")
        text = before.replace(*text, 1)
        assert text != before
    path.write_text(text, "utf-8")
    found = [(one.file, one.line) for one in check(folder) if what in one.what]
    assert (file, line) in found, check(folder)


def test_many_mistakes_are_named_in_one_run(folder: Path) -> None:
    row = "C01,known,,,year,70,5,three-point,2026-04-01,,2026-04-01,Ours,OGL v3,no\n"
    planted = {
        "seeds/targets.csv": TARGETS
        + row.replace("C01", "Z99")
        + row.replace("year", "yearly")
        + row.replace("70", "much")
        + row.replace("2026-04-01,,", "01/04/2026,,")
        + 2 * row,
        "seeds/measure_frameworks.csv": FRAMEWORKS
        + "M01,NM-1,2026-04-01,Ours,OGL v3,no\nM99,PPN002-M1,2026-04-01,Ours,OGL v3,no\n",
        "seeds/definition_breaks.csv": BREAKS
        + "C99,,2026-10-01,Grants count,2026-10-01,Ours,OGL v3,no\n"
        + "C01,knwon,2026-10-01,Grants count,2026-10-01,Ours,OGL v3,no\n",
        "seeds/fleet.csv": "fleet,size\na,1\n",
        "contracts/fleet.yaml": FLEET,
        "suites/hr_workforce.yaml": SUITE.replace("fte > 0.1", "fta > 2"),
        "tables/fleet.yaml": TABLE,
        "narrative/quarterly.yaml": SENTENCES.replace("table: fleet", "table: fleets"),
        "models/staging/stg_fleet.sql": "select 1 as a",
        "models/fleet/stg_fleet.sql": "select 1 as a",
        "limits/movements.yaml": "movements:\n  - {table: x, row: {a: b}, column: c}\n",
    }
    for file, text in planted.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    found = {(one.file, one.line) for one in check(folder)}
    wanted = {
        *(("seeds/targets.csv", line) for line in (2, 3, 4, 5, 7)),
        *(("seeds/measure_frameworks.csv", line) for line in (2, 3)),
        *(("seeds/definition_breaks.csv", line) for line in (2, 3)),
        ("seeds/fleet.csv", 1),
        ("contracts/fleet.yaml", 1),
        ("suites/hr_workforce.yaml", 4),
        ("tables/fleet.yaml", 5),
        *(("narrative/quarterly.yaml", line) for line in (10, 11, 12, 13)),
        ("models/staging/stg_fleet.sql", 1),
        ("models/fleet/stg_fleet.sql", 1),
        ("limits/movements.yaml", 2),
    }
    assert len(wanted) == 20
    assert wanted <= found, wanted - found
