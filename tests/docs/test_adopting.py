"""`docs/adopting.md`, done step by step: another authority's first report, from nothing.

Northmoor's ledger and staff system write as they like; it has a return, an indicator and a table of
its own, which are four files. What is published is held to figures worked out by hand
(tests/support/northmoor.py). `.ci/wheel` does the same walk with the installed command.
"""

import csv
import io
import re
import shlex
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import northmoor
from tests.support.northmoor import DALE, HOLME, answer, edit, share, spent
from tests.support.social_value import Command, rows_of
from tests.support.tiny_warehouse import ROOT

PAGE = (ROOT / "docs" / "adopting.md").read_text(encoding="utf-8")
QUARTER = "2026-27 Q1"
# Where the words of a rating come from, as seed rag_words says in each release's definitions.
SOURCE = "LCR Corporate Plan Performance Report"


def shown(begins: str) -> list[list[str]]:
    """The commands of the page that begin so, as words without the command's own name."""
    text = PAGE.replace("\\\n", "")
    found = [
        shlex.split(line)[1:]
        for block in re.findall(r"^```\n(.*?)^```", text, flags=re.M | re.S)
        for line in block.splitlines()
        if line.startswith(f"social-value {begins}")
    ]
    assert found, f"the page shows no social-value {begins}"
    return found


@pytest.mark.timeout(900)  # beside the demo's quarter it has half of the machine
def test_another_authority_goes_from_nothing_to_its_first_report(plain: Command) -> None:
    command = plain
    del command.environment["SOCIAL_VALUE_DEFINITIONS"]
    command.environment["SOCIAL_VALUE_NOW"] = "2026-08-03 09:00"

    # 1 and 2: the folder, and what is published
    (init,) = shown("init northmoor --id")
    begun = command(*[northmoor.DISTRICTS.get(word, word) for word in init])
    assert begun.status == 0, begun.err
    folder = command.folder / "northmoor"
    (chosen,) = re.findall(r"^indicators: .*$", PAGE, flags=re.M)
    with (folder / "authority.yaml").open("a", encoding="utf-8") as authority:
        authority.write(f"{chosen}\n")
    owed = folder / "seeds" / "obligations.csv"
    kept = [line for line in owed.read_text("utf-8").splitlines() if "procurement_" not in line]
    owed.write_text("\n".join(kept) + "\n", "utf-8")

    # 4: a home, which belongs to nobody before
    refused = command("status")
    assert (refused.status, "belongs to no authority yet" in refused.err) == (2, True)
    command.environment["SOCIAL_VALUE_AUTHORITY"] = str(folder)

    # 5: its layouts, and 7: what is its own
    files = [*sent(command.folder)]
    by_return = {path.parent.name: path for path in files}
    for name, columns in (("finance_payments", northmoor.LEDGER), ("hr_workforce", northmoor.HR)):
        drafted = command("new", "return", name, "--from", by_return[name])
        assert drafted.status == 0, drafted.err
        answer(folder / "contracts" / f"{name}.yaml", columns)
    with (folder / "contracts" / "hr_workforce.yaml").open("a", encoding="utf-8") as contract:
        contract.write(northmoor.CODES)
    before = {*folder.rglob("*.yaml")}
    for word, edits in (("return", []), ("indicator", northmoor.INDICATOR), ("table", [])):
        (words,) = (one for one in shown(f"new {word}") if "fleet_fuel" in one)
        made = command(*[by_return["fleet_fuel"] if w == "fleet.csv" else w for w in words])
        assert made.status == 0, made.err
        if edits:
            edit(folder / "indicators" / "fleet_fuel.yaml", *edits)
            edit(folder / "authority.yaml", (chosen, chosen.replace("]", ", V01]")))
    assert len({*folder.rglob("*.yaml")} - before) == 4
    fleet = by_return["fleet_fuel"]

    # 3: looked over
    (check,) = shown("check")
    looked = command(*check)
    assert (looked.status, looked.out) == (0, f"Nothing is wrong with {folder}.\n"), looked.out

    # 5: the files, looked at and taken in; the home is bound and knows whose it is
    seen = command("ingest", files[0], "--return", "finance_payments", "--explain")
    assert seen.status == 0, seen.err
    taken = command("ingest", *files, "--json")
    assert taken.status == 0, taken.out + taken.err
    assert {(one["file"], one["outcome"], one["rows_quarantined"]) for one in rows_of(taken)} == {
        (path.name, "loaded", 0) for path in files
    }
    del command.environment["SOCIAL_VALUE_AUTHORITY"]
    assert 'authority = "northmoor"' in (command.home / "home.toml").read_text("utf-8")

    # 6: the report
    (publish,) = shown("--home data publish")
    done = command(*publish[2:])
    assert done.status == 0, done.err
    release = command.home / "published" / "quarterly" / "2026-27-Q1" / "r1"
    assert_figures(release)
    front = (release / "site" / "index.html").read_text("utf-8")
    assert "Northmoor Council" in front
    assert "policy@northmoor.example" in front
    assert [
        name for name, text in texts_of(release) if northmoor.ELSEWHERE_NAMED.search(text)
    ] == []

    # and back again
    traced = command(
        *("trace", "value", "V01", QUARTER, "--basis", "rate"),
        *("--breakdown", "fuel=diesel", "--json"),
    ).json()
    assert isinstance(traced, dict)
    assert [(one["file"], one["row"]) for one in traced["rows"]] == [
        (fleet.name, 2),
        (fleet.name, 3),
    ]
    targets = "select distinct target::int as target from marts.fct_indicator_performance"
    rated = command("query", f"{targets} where indicator_id = 'V01' and target > 0", "--json")
    assert rows_of(rated) == [{"target": 8}]
    fuel = command(
        *("trace", "cell", "quarterly/2026-27-Q1/r1", "--table", "fleet_fuel"),
        *("--row", "fuel=diesel", "--column", "rate", "--json"),
    ).json()
    assert isinstance(fuel, dict)
    assert (fuel["published"], fuel["agrees"]) == (northmoor.driven()["diesel"][1], True)
    verified = command("verify", "quarterly/2026-27-Q1/r1", "--json")
    assert verified.status == 0, verified.err
    assert '"outcome": "same bytes"' in verified.out, verified.out
    assert command("audit", "check").status == 0


def sent(desk: Path) -> Iterator[Path]:
    """Every file of the quarter, called as the page says, in a folder of its return."""
    for month in northmoor.MONTHS:
        yield written(desk / "finance_payments" / f"northmoor_{month}.csv", northmoor.ledger(month))
        yield written(
            desk / "finance_control_totals" / f"northmoor_{month}.csv", northmoor.controls(month)
        )
        yield written(desk / "finance_vendors" / f"northmoor_{month}.csv", northmoor.vendors())
    yield written(desk / "hr_workforce" / "northmoor_2026-27-q1.csv", northmoor.staff())
    yield written(desk / "fleet_fuel" / "northmoor_2026-27-q1.csv", northmoor.fleet())


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def assert_figures(release: Path) -> None:
    """What is published is what the senders' rows add up to."""
    spend = {
        one["place"]: (one["amount_in_place"], one["percent_of_known"])
        for one in table(release, "local_spend")
        if one["period"] == QUARTER
    }
    whole = spent(*(place for _, place in northmoor.SUPPLIERS.values()))
    assert spend == {
        name: (f"{spent(*places):.2f}", share(spent(*places), whole))
        for name, places in {
            "Northmoor": [DALE, HOLME],
            "Dale": [DALE],
            "Holme": [HOLME],
        }.items()
    }
    fuel = {
        one["fuel"]: (one["litres"], one["rate"], one["status"])
        for one in table(release, "fleet_fuel")
    }
    assert fuel == {name: (*told, "final") for name, told in northmoor.driven().items()}
    homes = [home for _, home, _ in northmoor.STAFF]
    (living,) = (
        one
        for one in table(release, "workforce_shares")
        if (one["indicator_id"], one["basis"], one["employer"]) == ("E02", "known", "All")
    )
    here = sum(home in (DALE, HOLME) for home in homes)
    assert (living["people"], living["out_of"]) == (str(here), str(len(homes)))
    assert {path.stem for path in (release / "site" / "indicators").iterdir()} == {
        "c01",
        "e02",
        "v01",
    }


def table(release: Path, name: str) -> list[dict[str, str]]:
    """A published table."""
    with (release / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def texts_of(release: Path) -> Iterator[tuple[str, str]]:
    """Every text of the release by its path, workbooks and other zips by what is in them."""
    for path in sorted(one for one in release.rglob("*") if one.is_file()):
        yield from _texts(path.relative_to(release).as_posix(), path.read_bytes())


def _texts(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        yield name, f"{name}\n{content.decode('utf-8', errors='replace')}".replace(SOURCE, "")
        return
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        for one in opened.namelist():
            yield from _texts(f"{name}/{one}", opened.read(one))
