"""`new` writes what `check` finds well, and never over what lies there."""

from pathlib import Path

import pytest
import yaml

from flows.commands.cli import main
from flows.operations.new.authority import make_folder
from flows.operations.setup.check import check
from tests.operations.test_check import NORTHMOOR

FLEET = (
    "Fuel of the fleet\n\n"
    "Vehicle,Fuel,Period,Kilometres,Cost (£),Bought on,Fuel,Driver's postcode,Own\n"
    "A1,diesel,x,1000,£10.50,03/04/2026,a,CH44 1AA,yes\n"
    "B1,petrol,y,12,£11.50,,,CH44 1AB,no\n"
)
LEDGER = "Posted,Creditor,Sum net\n03.04.2026,Acme Ltd,10.00\n04.04.2026,Roses & Co,12.50\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as `init` makes it, and nothing else where the command runs."""
    make_folder(tmp_path / "north", NORTHMOOR)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOCIAL_VALUE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SOCIAL_VALUE_DEFINITIONS")
    monkeypatch.setenv("SOCIAL_VALUE_AUTHORITY", str(tmp_path / "north"))
    return tmp_path / "north"


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """The status of `social-value new` with these words, and all that it printed."""
    with pytest.raises(SystemExit) as ended:
        main(["new", *words])
    told = capsys.readouterr()
    return int(str(ended.value.code)), told.out + told.err


def test_what_new_writes_is_well_as_it_stands(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder.parent / "fleet.csv").write_text(FLEET, encoding="utf-8")
    for words in (
        ("return", "fleet_fuel", "--from", "fleet.csv"),
        ("indicator", "fleet_fuel", "--of", "fleet_fuel"),
        ("table", "fleet_fuel", "--of", "V01"),
        ("return", "volunteers", "--every", "month"),
        ("indicator", "volunteers", "--of", "volunteers", "--number", "N7"),
        ("table", "volunteers", "--of", "N7"),
        ("indicator", "bodies", "--of", "volunteers"),
    ):
        status, text = said(capsys, *words)
        assert (status, "Wrote " in text) == (0, True), text
    assert check(folder) == []
    contract = yaml.safe_load((folder / "contracts" / "fleet_fuel.yaml").read_text("utf-8"))
    assert {one["name"]: one["type"] for one in contract["columns"]} == {
        "vehicle": "code",
        "fuel": "text",
        "period_named": "text",
        "kilometres": "number",
        "cost": "money",
        "bought_on": "date",
        "driver_s_postcode": "postcode",
        "own": "boolean",
    }
    assert contract["money"] == "cost"
    assert "required" not in contract["columns"][5]  # a row has none
    assert (folder / "indicators" / "bodies.yaml").read_text("utf-8").count("V02") == 2
    assert sorted(one.name for one in folder.parent.iterdir()) == ["fleet.csv", "north"]


def test_new_of_a_return_that_ships_is_the_layout_of_a_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder.parent / "april.csv").write_text(LEDGER, encoding="utf-8")
    status, text = said(capsys, "return", "finance_payments")
    assert (status, "--from FILE drafts the layout" in text) == (2, True), text
    status, text = said(capsys, "return", "finance_payments", "--from", "april.csv")
    assert (status, "check each guess and answer each question" in text) == (0, True), text
    drafted = folder / "contracts" / "finance_payments.yaml"
    text = drafted.read_text("utf-8").replace("# which column is this? ", "")
    told = text.replace('"Posted": ', 'payment_date: "Posted" # ').replace(
        '"Creditor": ', 'supplier_name: "Creditor" # '
    )
    told = told.replace('"Sum net": ', 'amount: "Sum net" # ')
    drafted.write_text(
        "".join(line for line in told.splitlines(keepends=True) if "lacks:" not in line), "utf-8"
    )
    assert check(folder) == []
    (layout,) = yaml.safe_load(drafted.read_text("utf-8"))["layouts"]
    assert layout["senders"] == ["northmoor"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("return", "Fleet-Fuel"), "is no name: write small letters and _"),
        (("return", "fleet", "--every", "day"), "is none of month, quarter, half, year"),
        (("return", "fleet", "--from", "blank.csv"), "no row of it reads as a header"),
        (("indicator", "fleet", "--of", "fleet"), "There is no return 'fleet'; there are case_"),
        (("table", "fleet", "--of", "V01"), "V01 is no indicator that is published"),
    ],
)
def test_what_cannot_be_begun_is_said_in_a_sentence(
    folder: Path, words: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder.parent / "blank.csv").write_text("1\n2\n", encoding="utf-8")
    before = sorted(folder.rglob("*"))
    status, text = said(capsys, *words)
    assert status in (1, 2)
    assert sentence in text
    assert len(text.splitlines()) == 1
    assert sorted(folder.rglob("*")) == before


def test_nothing_is_written_over_and_a_list_of_indicators_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys, "return", "fleet")[0] == 0
    (folder / "contracts" / "fleet.yaml").unlink()
    status, text = said(capsys, "return", "fleet")
    assert (status, "has suites/fleet.yaml already: nothing was written" in text) == (2, True)
    assert not (folder / "contracts" / "fleet.yaml").exists()
    (folder / "suites" / "fleet.yaml").unlink()
    assert said(capsys, "return", "fleet")[0] == 0
    with (folder / "authority.yaml").open("a", encoding="utf-8") as authority:
        authority.write("indicators: [C01]\n")
    status, text = said(capsys, "indicator", "fleet", "--of", "fleet")
    assert (status, "Name V01 under indicators: of authority.yaml" in text) == (0, True), text


@pytest.mark.parametrize("words", [["check", "nowhere"], ["new", "table", "t", "--authority", "."]])
def test_a_folder_that_is_no_authoritys_is_said_in_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    words = [*words, "--of", "C01"] if words[0] == "new" else words
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    place = folder.parent / "nowhere" if words[0] == "check" else folder.parent
    assert capsys.readouterr().err.strip() == (
        f"{place} has no authority.yaml: social-value init makes an authority's folder."
    )
