"""A new authority's folder: `authority.yaml`, the first seeds, and a page that explains them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from flows.authority.declaration import FILE, Authority
from flows.authority.overlay import read_rows, write_rows
from flows.common.declarations import parse_declared
from flows.common.errors import InputError
from flows.common.periods import period_of, read_period
from flows.common.settings import DBT_PROJECT

SOURCE = "The authority's own"
# How many days after its period's end a return is due, where nobody has said.
OWED = (
    ("finance_payments", "month", 15),
    ("finance_vendors", "month", 10),
    ("finance_control_totals", "month", 10),
    ("hr_workforce", "quarter", 20),
    ("procurement_contracts", "quarter", 30),
)
README = """# {name}: its folder of the Social Value Warehouse

What lies here is laid over what ships: `social-value check` says what is wrong with it, by file
and line. Keep it in a repository of its own.

| here | is |
|---|---|
| `authority.yaml` | who publishes: name, licence, colours, region, formats, which indicators |
| `seeds/geographies.csv` | the area and its districts, by their codes of the ONS |
| `seeds/employers.csv` | the bodies whose employees are counted each for itself |
| `seeds/obligations.csv` | which returns are owed by whom, from which period on, and when |

Further folders, each where it is needed:

- `seeds/`: rows of any seed that ships. A row takes the place of the one with its key; others are
  added. `targets.csv`, `commitments.csv` and `contract_thresholds.csv` are yours alone.
- `contracts/`, `suites/`: a return of your own, whole; or `extends: finance_payments` and what is
  to differ (`without:` names rules that do not hold).
- `tables/`, `narrative/`, `limits/`, `disclosure/`, `papers/`: the same of published tables, words,
  limits, thresholds and logs. `{{region}}` and `{{body}}` stand for your names.
- `indicators/` and `models/`: figures of your own; models are dbt's, in `staging/`, `core/`,
  `people/`, `indicators/` or `publication/` below it.

A home belongs to one authority from its first file on:

    export SOCIAL_VALUE_AUTHORITY={folder}
    social-value --home /srv/social-value status
"""


@dataclass(frozen=True)
class Place:
    """An area by its code of the Office for National Statistics."""

    code: str
    name: str


@dataclass(frozen=True)
class NewAuthority:
    """What must be known of an authority to begin. One without districts is itself one."""

    id: str
    name: str
    short_name: str
    contact: str
    email: str
    region: Place
    region_called: str
    districts: Sequence[Place]
    first_period: str


def make_folder(folder: Path, new: NewAuthority) -> list[Path]:
    """Write the folder, which `check` finds well; returns its files.

    Raises InputError where something lies there already, and DeclarationError or PeriodError where
    what is told cannot be so.
    """
    if folder.exists() and any(one for one in folder.iterdir() if not one.name.startswith(".")):
        raise InputError(f"{folder} holds something already: name a folder that is new or empty.")
    first = read_period(new.first_period)
    text = _authority(new)
    parse_declared(text, FILE, Authority)
    known_since = {"recorded_on": first.first_day.isoformat(), "valid_from": ""}
    dated = known_since | {"source": SOURCE, "licence": "OGL v3", "illustrative": "no"}
    region = {"geography_code": new.region.code, "geography_name": new.region.name}
    kind = "region" if new.districts else "district"
    places = [region | {"kind": kind, "parent_code": "", "geography_order": "0"}]
    for order, one in enumerate(new.districts, start=1):
        district = {"geography_code": one.code, "geography_name": one.name, "kind": "district"}
        places.append(district | {"parent_code": new.region.code, "geography_order": str(order)})
    employer = {"employer_id": new.id, "employer_name": new.name, "short_name": new.short_name}
    month = f"{first.first_day:%Y-%m}"
    quarter = period_of(first.first_day, "quarter").label
    files = {
        FILE: text.encode(),
        "README.md": README.format(name=new.name, folder=folder.absolute()).encode(),
        "seeds/geographies.csv": _seed(
            "geographies", [one | dated | {"valid_from": "2000-04-01"} for one in places]
        ),
        "seeds/employers.csv": _seed(
            "employers", [employer | {"also_called": f"{new.id}; {new.short_name}"} | dated]
        ),
        "seeds/obligations.csv": _seed(
            "obligations",
            [
                {"return": name, "sender": new.id, "every": every, "due_days_after_end": str(days)}
                | {"first_period": month if every == "month" else quarter}
                | dated
                for name, every, days in OWED
            ],
        ),
    }
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return [folder / path for path in files]


def _authority(new: NewAuthority) -> str:
    told = {
        "id": new.id,
        "name": new.name,
        "short_name": new.short_name,
        "contact": {"name": new.contact, "email": new.email},
        "region": new.region.code,
        "region_called": new.region_called,
    }
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True)


def _seed(name: str, rows: Sequence[dict[str, str]]) -> bytes:
    """A seed's file with these rows, in the columns of the one that ships."""
    path = DBT_PROJECT / "seeds" / f"{name}.csv"
    header, _ = read_rows(path.name, path.read_bytes())
    return write_rows(header, [{column: row.get(column, "") for column in header} for row in rows])
