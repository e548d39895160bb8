"""`docs/adopting.md`, done step by step: another authority's first report, from nothing.

Its payments are counted here by hand: 125 lines of 100.50, all to one supplier in the borough.
"""

import csv
import re
import shlex
from pathlib import Path

from tests.support.small_files import controls, payments, vendors
from tests.support.social_value import Command
from tests.support.tiny_warehouse import ROOT

PAGE = (ROOT / "docs" / "adopting.md").read_text(encoding="utf-8")
LINES = {"2026-04": 40, "2026-05": 35, "2026-06": 50}
ELSEWHERE = re.compile(r"liverpool|mersey|lcrca|halton|knowsley|sefton|wirral|st helens", re.I)
CITY = "E08000012"  # where the postcode lies that the tests' directory knows


def shown(begins: str) -> list[list[str]]:
    """The commands of the page that begin so, as words without the command's own name."""
    text = PAGE.replace("\\\n", "")
    return [
        shlex.split(line)[1:]
        for block in re.findall(r"^```\n(.*?)^```", text, flags=re.M | re.S)
        for line in block.splitlines()
        if line.startswith(f"social-value {begins}")
    ]


def at_home(words: list[str]) -> list[str]:
    """The words without the page's `--home data`: the test's command has a home."""
    return words[2:] if words[:2] == ["--home", "data"] else words


def files(desk: Path, name: str, month: str) -> Path:
    """A month's file of a return, called as the page says, in a folder of the return."""
    text = {
        "finance_payments": payments(LINES[month], month),
        "finance_control_totals": controls(
            ("", LINES[month], f"{LINES[month] * 100.5:.2f}"), month=month
        ),
        "finance_vendors": vendors(),
    }[name]
    path = desk / name / f"northmoor_{month}.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_council_goes_from_nothing_to_its_first_report(plain: Command) -> None:
    command = plain
    del command.environment["SOCIAL_VALUE_DEFINITIONS"]
    command.environment["SOCIAL_VALUE_NOW"] = "2026-07-29 09:00"

    # 1 and 2: the folder, and what is published
    (init,) = shown("init northmoor --id")
    begun = command(*[word.replace("E99000002=Dale", f"{CITY}=Dale") for word in init])
    assert begun.status == 0, begun.err
    folder = command.folder / "northmoor"
    (chosen,) = re.findall(r"^indicators: .*$", PAGE, flags=re.M)
    with (folder / "authority.yaml").open("a", encoding="utf-8") as authority:
        authority.write(f"{chosen}\n")

    # 3: looked over
    (check,) = shown("check")
    looked = command(*check)
    assert (looked.status, looked.out) == (0, f"Nothing is wrong with {folder}.\n"), looked.err

    # 4: a home, bound by the first command, and known from then on
    refused = command("status")
    assert (refused.status, "belongs to no authority yet" in refused.err) == (2, True)
    command.environment["SOCIAL_VALUE_AUTHORITY"] = str(folder)
    owed = command("status")
    assert owed.status == 0, owed.err
    del command.environment["SOCIAL_VALUE_AUTHORITY"]
    assert command("status").out == owed.out
    assert 'authority = "northmoor"' in (command.home / "home.toml").read_text("utf-8")

    # 5: the files, looked at and taken in
    for name in ("finance_payments", "finance_control_totals", "finance_vendors"):
        paths = [files(command.folder, name, month) for month in LINES]
        seen = command("ingest", paths[0], "--return", name, "--explain")
        assert seen.status == 0, seen.err
        taken = command("ingest", *paths, "--return", name)
        assert (taken.status, len(re.findall(r"\.csv +loaded ", taken.out))) == (0, 3), taken.err

    # 6: the report
    (publish,) = shown("--home data publish")
    done = command(*at_home(publish))
    assert done.status == 0, done.err
    release = command.home / "published" / "quarterly" / "2026-27-Q1" / "r1"
    with (release / "tables" / "local_spend.csv").open(encoding="utf-8", newline="") as lines:
        (row,) = [
            one
            for one in csv.DictReader(lines)
            if (one["place"], one["period"]) == ("Northmoor", "2026-27 Q1")
        ]
    assert (row["amount_in_place"], row["percent_of_known"]) == ("12562.50", "100.0")
    front = (release / "site" / "index.html").read_text("utf-8")
    assert "Northmoor Council" in front
    assert "policy@northmoor.example" in front
    assert "The first figures of social value" in front
    kept = {"definitions", "receipt.json"}  # the geography's own code list is Dale's here
    said = [
        path.relative_to(release).as_posix()
        for path in release.rglob("*")
        if path.is_file()
        and path.relative_to(release).parts[0] not in kept
        and path.suffix in (".html", ".csv", ".json")
        and ELSEWHERE.search(path.read_text("utf-8"))
    ]
    assert said == []
    assert {path.stem for path in (release / "site" / "indicators").iterdir()} == {"c01", "c05"}
    assert command("audit", "check").status == 0
