"""Rows of seeds that declarations carry stand among the others; a mistake has its line."""

import pytest

from flows.authority.declared_rows import with_declared_rows
from flows.authority.overlay import read_rows
from flows.common.declarations import DeclarationError
from tests.support.definitions import DEFINITIONS
from tests.support.fleet import FILES

SEEDS = ("indicators", "indicator_bases", "breakdowns", "minimum_coverage", "targets")
OWED = ("obligations", "retention")
SHIPPED = {
    f"seeds/{name}.csv": (DEFINITIONS / "seeds" / f"{name}.csv").read_bytes()
    for name in (*SEEDS, *OWED)
}
WITH_FLEET = SHIPPED | {name: text.encode() for name, text in FILES.items()}


def added(seed: str) -> list[dict[str, str]]:
    """The rows that the fleet's files add to a seed."""
    path = f"seeds/{seed}.csv"
    (_, before), (_, after) = (
        read_rows(path, files[path]) for files in (SHIPPED, with_declared_rows(WITH_FLEET))
    )
    assert after[: len(before)] == before
    return after[len(before) :]


def test_an_indicator_carries_its_rows_of_the_registry() -> None:
    (indicator,) = added("indicators")
    assert (indicator["indicator_id"], indicator["fed_by"]) == ("V01", "fleet_emissions")
    assert (indicator["counts_people"], indicator["illustrative"]) == ("no", "yes")
    bases = [(row["basis"], row["basis_order"], row["unit"]) for row in added("indicator_bases")]
    assert bases == [("emitted", "1", ""), ("electric-share", "2", "per cent")]
    assert [(row["breakdown"], row["rule"]) for row in added("breakdowns")] == [("fuel", "within")]
    assert [row["minimum_coverage"] for row in added("minimum_coverage")] == ["0.5"]
    assert [(row["basis"], row["target"]) for row in added("targets")] == [("emitted", "10.0")]


def test_an_indicator_a_figure_and_a_breakdown_may_say_for_which_days() -> None:
    path = "indicators/fleet.yaml"
    said = FILES[path].replace("    rule: sum\n", "    rule: sum\n    valid_from: 2026-04-01\n")
    said = said.replace(
        "    - basis: emitted\n", "    - basis: emitted\n      valid_to: 2027-03-31\n"
    )
    said = said.replace("{meaning: The fuel", "{valid_to: 2027-06-30, meaning: The fuel")
    found = with_declared_rows(WITH_FLEET | {path: said.encode()})
    days = {
        seed: [(row["valid_from"], row["valid_to"]) for row in rows if row["indicator_id"] == "V01"]
        for seed in ("indicators", "indicator_bases", "breakdowns")
        for _, rows in [read_rows(seed, found[f"seeds/{seed}.csv"])]
    }
    assert days == {
        "indicators": [("2026-04-01", "")],
        "indicator_bases": [("", "2027-03-31"), ("", "")],
        "breakdowns": [("", "2027-06-30")],
    }


def test_a_contract_says_who_owes_its_return_and_how_long_it_is_kept() -> None:
    (owed,) = added("obligations")
    assert (owed["return"], owed["every"], owed["sender"], owed["due_days_after_end"]) == (
        "fleet_emissions", "quarter", "lcrca", "30",
    )  # fmt: skip
    (kept,) = added("retention")
    assert (kept["return"], kept["keep_originals_months"]) == ("fleet_emissions", "84")


@pytest.mark.parametrize(
    ("path", "old", "new", "says"),
    [
        (
            "indicators/fleet.yaml",
            "role: service provider",
            "roles: none",
            "line 22: registry.V01.",
        ),
        ("indicators/fleet.yaml", "title: Emitted", "title: ''", "title and definition"),
        ("indicators/fleet.yaml", "broken_down_by: {fuel", "broken_down_by: {size", "called size"),
        (
            "indicators/fleet.yaml",
            "  V01:\n    -",
            "  C01:\n    -",
            "V01 has no figures",
        ),
        ("contracts/fleet_emissions.yaml", "due_days_after_end: 30", "due: 30", "line 13: oblig"),
        ("contracts/fleet_emissions.yaml", "months: 84", "months: 0", "line 9: retention."),
    ],
)
def test_a_mistake_has_its_file_and_line(path: str, old: str, new: str, says: str) -> None:
    wrong = WITH_FLEET | {path: FILES[path].replace(old, new).encode()}
    with pytest.raises(DeclarationError, match=rf"^{path}, line \d+: ") as raised:
        with_declared_rows(wrong)
    assert says in str(raised.value)


def test_an_indicator_has_one_row() -> None:
    text = FILES["indicators/fleet.yaml"].replace("V01", "C01").encode()
    with pytest.raises(DeclarationError, match="C01: declared in indicators/, and in the seed too"):
        with_declared_rows(WITH_FLEET | {"indicators/fleet.yaml": text})
