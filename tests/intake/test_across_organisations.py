"""What returns call a directorate, beside the registry: a typo is found, a split is said."""

from collections.abc import Callable
from pathlib import Path

import pytest

from flows.common.settings import Settings
from flows.intake.across import judge_across
from flows.intake.rules import Rules
from flows.warehouse.findings import list_findings
from tests.support.definitions import own_definitions
from tests.support.small_files import Take

HEAD = (
    "organisation_id,organisation_name,kind,parent_id,succeeded_by,predecessor_id,"
    "valid_from,valid_to,recorded_on,source,licence,illustrative\n"
)
REGISTRY = (
    "roads,Roads,directorate,,highways,,,2022-03-31,2021-03-31,Made up,OGL v3,yes\n"
    "highways,Highways,directorate,,,,2022-04-01,,2021-03-31,Made up,OGL v3,yes\n"
    "care,Care and Health,directorate,,,,,2022-03-31,2021-03-31,Made up,OGL v3,yes\n"
    "adults,Adult Care,directorate,,,care,2022-04-01,,2021-03-31,Made up,OGL v3,yes\n"
    "health,Public Health,directorate,,,care,2022-04-01,,2021-03-31,Made up,OGL v3,yes\n"
)
ALIASES = (
    "alias,organisation_id,recorded_on,source,licence,illustrative\n"
    "Hways Dept,highways,2021-03-31,Made up,OGL v3,yes\n"
)
Found = list[tuple[object, ...]]


def payments(*directorates: str) -> str:
    """A payment of each directorate, in April 2022."""
    lines = [
        f"2022-04-{n:02d},Acme Ltd,100.50,T{n},{directorate}"
        for n, directorate in enumerate(directorates, start=1)
    ]
    head = "Payment date,Supplier name,Net amount,Transaction number,Directorate"
    return "\n".join([head, *lines]) + "\n"


@pytest.fixture
def found(
    settings: Settings, rules: Rules, take: Take, tmp_path: Path
) -> Callable[[str, str], Found]:
    """What is found of payments, beside a registry: rule, row, what the finding shows."""

    def look(registry: str, sent: str) -> Found:
        settings.definitions = own_definitions(settings, tmp_path / "definitions").definitions
        seeds = tmp_path / "definitions" / "seeds"
        (seeds / "organisations.csv").write_text(HEAD + registry, "utf-8")
        (seeds / "organisation_aliases.csv").write_text(ALIASES, "utf-8")
        take(sent)
        judge_across(rules, settings)
        return [
            (row["rule"], row["row"], row["value"])
            for row in list_findings(settings)
            if str(row["rule"]).startswith("directorate_")
        ]

    return look


def test_a_typo_names_its_row_its_text_and_the_nearest_that_is_known(
    found: Callable[[str, str], Found],
) -> None:
    sent = payments("Highways", "HIGHWAYS ", "Hways Dept", "roads", "Highwyas", "Highwyas", "")
    assert found(REGISTRY, sent) == [
        ("directorate_is_known", 6, "Highwyas: the nearest known is Highways")
    ]


def test_one_that_was_split_before_the_period_is_said_with_its_parts(
    found: Callable[[str, str], Found],
) -> None:
    sent = payments("Care and Health", "Adult Care")
    assert found(REGISTRY, sent) == [
        (
            "directorate_was_not_split",
            2,
            "Care and Health ended on 2022-03-31: it is now Adult Care or Public Health",
        )
    ]


def test_without_a_registry_no_text_is_wrong(found: Callable[[str, str], Found]) -> None:
    assert found("", payments("Highwyas")) == []
