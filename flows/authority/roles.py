"""The names that stand where words, limits and tables that ship name a role: `{region}`."""

import json
import re
from collections.abc import Mapping, Sequence

from flows.authority.declaration import FILE, Authority
from flows.authority.overlay import read_rows
from flows.common.declarations import DeclarationError

GEOGRAPHIES, EMPLOYERS = "seeds/geographies.csv", "seeds/employers.csv"
EVERY_EMPLOYER = '"{employers}": ""'  # a mapping of one, so that what ships is as its schema says
_UNSAFE = re.compile(r"[\"\\:#{}\r\n]")  # what would end a text that a name is put into


def roles_of(
    authority: Authority, core: Mapping[str, bytes], own: Mapping[str, bytes]
) -> dict[str, str]:
    """What each role is called: the region, the body, its employers, and one of its districts.

    Raises DeclarationError where the region is nowhere, or a name cannot stand in a text.
    """
    names = {
        "region": _region(authority, core, own),
        "the_region": authority.region_called,
        "body": authority.short_name,
        "authority": authority.name,
    }
    for role, name in names.items():
        if _UNSAFE.search(name):
            raise DeclarationError(f'{FILE}: {role}: {name!r} cannot have any of " \\ : # {{ }}.')
    return {**names, **_employers(own), "a_district_code": _district(own)}


def _region(authority: Authority, core: Mapping[str, bytes], own: Mapping[str, bytes]) -> str:
    _, rows = read_rows(GEOGRAPHIES, own.get(GEOGRAPHIES, core[GEOGRAPHIES]))
    for row in reversed(rows):
        if row["geography_code"] == authority.region:
            return row["geography_name"]
    raise DeclarationError(
        f"{FILE}: region: {authority.region} has no row in {GEOGRAPHIES}: give it one."
    )


def _employers(own: Mapping[str, bytes]) -> dict[str, str]:
    """How the codes of employers read on pages, as YAML writes it; the first one's; and all."""
    _, rows = read_rows(EMPLOYERS, own[EMPLOYERS]) if EMPLOYERS in own else ([], [])
    names = {row["employer_id"]: row.get("short_name") or row["employer_name"] for row in rows}
    return {
        EVERY_EMPLOYER: json.dumps(names, ensure_ascii=False),
        "an_employer": next(iter(names), "nobody"),
        "employer_ids": " or ".join(names) or "nobody, since seed employers has no row",
        "employers_merged": _merged(rows),
    }


def _merged(rows: Sequence[Mapping[str, str]]) -> str:
    """What notes say of employers that went into others, after a sentence; mostly nothing."""
    names = {row["employer_id"]: row["employer_name"] for row in rows}
    told = "".join(
        f" {names[after]} has the employees of {row['employer_name']}, which went into it on"
        f" {row.get('valid_to', '')}, in earlier quarters too."
        for row in rows
        if (after := row.get("succeeded_by") or "") in names
    )
    if _UNSAFE.search(told):
        raise DeclarationError(f'{EMPLOYERS}: a name of{told} has one of " \\ : # {{ }}.')
    return told


def _district(own: Mapping[str, bytes]) -> str:
    """The code of a district, for the rows that suites give as examples."""
    _, rows = read_rows(GEOGRAPHIES, own[GEOGRAPHIES]) if GEOGRAPHIES in own else ([], [])
    return next((row["geography_code"] for row in rows if row["kind"] == "district"), "")
