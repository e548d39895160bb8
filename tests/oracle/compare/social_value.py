"""The tables of what suppliers and directorates promised, delivered and cost."""

from collections.abc import Iterator
from decimal import Decimal

from flows.demo.made.authority.periods import YEARS, first_day, last_day
from flows.demo.made.contracts.contracts import THRESHOLD
from tests.oracle.compare.edition import Edition, Row, Value
from tests.oracle.compare.performance import performance
from tests.oracle.truth.figures import Key
from tests.oracle.truth.value.agreements import (
    contracts_standing,
    promises_are_known,
    promises_standing,
)
from tests.oracle.truth.value.assumptions import ESTIMATES, additional_share
from tests.oracle.truth.value.commissioner import IN_POUNDS, cost

SUPPLIERS, SERVICES = "supplier_returns", "service_returns"
STEPS = ("validated", "evidenced", "claimed")
PROMISED = {"committed": "committed", "due_to_date": "profiled-to-date"}
OTHERWISE = {
    **PROMISED,
    "due": "profiled",
    "rejected": "rejected",
    "validated_of_due": "validated-of-profiled",
    "validated_of_committed": "validated-of-committed",
}
FTE_YEARS = "FTE years"
# How people are counted, in the table's words and at the end of the figure's short name.
COUNTED = {
    "distinct people": {
        "by person": "-people",
        "claimed, not de-duplicated": "-not-deduplicated",
    },
    "": {"as returned": ""},
}
BY_FRAMEWORK = ("claimed", "evidenced", "validated", "value_in_money")
# What counts no people and is worth money: each kind of value is of one such measure.
VALUED = {"M11": "in kind", "M12": "carbon"}
LEARNERS = ("S01", "M15")  # the one figure of a directorate that counts people


def contracts(edition: Edition) -> Iterator[Row]:
    """The contracts above the threshold that were live on a day of the quarter."""
    first, last = first_day(edition.quarter), last_day(edition.quarter)
    standing = edition.truth.standing
    promising = {reference for reference, _ in promises_standing(standing)}
    for contract in contracts_standing(standing).values():
        is_live = contract.awarded <= last and (contract.end is None or contract.end >= first)
        if is_live and contract.value is not None and contract.value > THRESHOLD:
            yield (
                (contract.reference,),
                {
                    "value": contract.value,
                    "awarded_date": contract.awarded,
                    "start_date": contract.start,
                    "end_date": contract.end,
                    "has_commitment": contract.reference in promising
                    if promises_are_known(standing, contract)
                    else None,
                },
            )


def cost_beside_benefit(edition: Edition) -> Iterator[Row]:
    """Each contract with commitments that has started, and all of them together."""
    standing, quarter = edition.truth.standing, edition.quarter
    promising = {reference for reference, _ in promises_standing(standing)}
    started = [
        contract.reference
        for contract in contracts_standing(standing).values()
        if contract.reference in promising and contract.has_started(quarter)
    ]
    for reference in ("", *started):
        one = cost(standing, quarter, reference)
        valued = not reference or contracts_standing(standing)[reference].value is not None
        columns: dict[str, Value] = {
            f"{kind}-{step}".replace("-", "_"): one.delivered.get(f"{kind}-{step}", Decimal(0))
            for kind in IN_POUNDS.values()
            for step in STEPS
        }
        columns["value"] = one.value if valued else None
        columns["extra_cost"] = one.extra_cost
        yield (reference or "All contracts",), columns


def measures(edition: Edition) -> Iterator[Row]:
    """Each measure that is no count of people: promised, due and delivered."""
    for measure, row in edition.registry.measures.items():
        if row["is_people"] == "no" or row["counted_by_person"] == FTE_YEARS:
            names = {**OTHERWISE, **_steps("")}
            for key, columns in _of_suppliers(edition, measure, (measure,), names):
                share = Key("C07", "validated-of-profiled", edition.quarter, "measure", measure)
                judged = performance(edition, share)
                columns["target"] = judged.target if judged else None
                yield key, columns | {"unit": row["unit"]}


def measures_people(edition: Edition) -> Iterator[Row]:
    """Each measure that counts people, by how they are counted."""
    for measure, row in edition.registry.measures.items():
        if row["is_people"] == "yes" and row["counted_by_person"] != FTE_YEARS:
            for counted, ending in COUNTED[row["counted_by_person"]].items():
                names = {**PROMISED, **_steps(ending)}
                yield from _of_suppliers(edition, measure, ("C07", measure, counted), names)
    indicator, measure = LEARNERS
    columns: dict[str, Value] = dict.fromkeys((*PROMISED, *(f"{s}_to_date" for s in STEPS)))
    columns |= {step: edition.value(indicator, step, edition.quarter) for step in STEPS}
    columns |= edition.counts(SERVICES, edition.quarter)
    yield (indicator, measure, "as returned"), columns


def people_supported(edition: Edition) -> Iterator[Row]:
    """Each measure that counts people, as validated in the year."""
    for measure, row in edition.registry.measures.items():
        gross = _net(edition, "gross", measure, edition.period)
        if row["is_people"] == "yes" and gross:
            in_years = row["unit"] == FTE_YEARS
            columns: dict[str, Value] = {
                "people": None if in_years else gross,
                "fte_years": gross if in_years else None,
            }
            for estimate in ESTIMATES:
                share = additional_share(measure, estimate)
                columns[f"share_{estimate}"] = None if share is None else 100 * share
            yield (measure,), columns


def additionality(edition: Edition) -> Iterator[Row]:
    """Each measure that counts no people: gross, net, and gross of the year before."""
    place = YEARS.index(edition.period)
    for measure, row in edition.registry.measures.items():
        gross = _net(edition, "gross", measure, edition.period)
        if row["is_people"] == "no" and gross:
            before = _net(edition, "gross", measure, YEARS[place - 1]) if place else None
            columns: dict[str, Value] = {
                "gross": gross,
                "gross_before": before,
                "unit": row["unit"],
            }
            for estimate in ESTIMATES:
                columns[f"net_{estimate}"] = _net(
                    edition, f"net-{estimate}", measure, edition.period
                )
            yield (measure,), columns


def social_value_by_framework(edition: Edition) -> Iterator[Row]:
    """Each code of another framework, and each measure under it or under one that it holds."""
    codes = {row["code"]: row for row in edition.registry.rows("framework_codes")}
    under: dict[str, set[str]] = {code: set() for code in codes}
    for link in edition.registry.rows("measure_frameworks"):
        code = link["code"]
        while code:
            under[code].add(link["measure_id"])
            code = codes[code]["within"]
    for code, row in codes.items():
        named: dict[str, Value] = {column: row[column] for column in ("framework", "level")}
        named["part"] = row["title"]
        if not under[code]:
            yield (code, "none", "none"), {**named, **dict.fromkeys(BY_FRAMEWORK), "unit": None}
        for measure in under[code]:
            kind, columns = _in_a_framework(edition, measure)
            yield (code, measure, kind), {**named, **columns}


def _in_a_framework(edition: Edition, measure: str) -> tuple[str, dict[str, Value]]:
    """A measure's kind of value, and its figures of the year; of people there are none."""
    row = edition.registry.measures[measure]
    columns: dict[str, Value] = {"unit": row["unit"], **dict.fromkeys(BY_FRAMEWORK)}
    if row["is_people"] == "yes":
        return "none", columns
    said = {
        basis: edition.value("C07", basis, edition.period, "measure", measure)
        for basis in (*PROMISED.values(), "claimed", "evidenced")
    }
    if any(said.values()):
        columns |= {step: said[step] for step in ("claimed", "evidenced")}
    columns["validated"] = _net(edition, "gross", measure, edition.period)
    kind = VALUED.get(measure, "none")
    if kind != "none":
        basis = f"{kind.replace(' ', '-')}-central"
        columns["value_in_money"] = edition.value("F03", basis, edition.period)
    return kind, columns


def _steps(ending: str) -> dict[str, str]:
    """The columns of what was delivered, in the quarter and to date, and their figures' names."""
    names = {step: f"{step}{ending}" for step in STEPS}
    return names | {f"{step}_to_date": f"{step}{ending}-to-date" for step in STEPS}


def _of_suppliers(
    edition: Edition, measure: str, key: tuple[str, ...], names: dict[str, str]
) -> Iterator[Row]:
    """A measure of suppliers, if anything was promised or delivered of it."""
    columns: dict[str, Value] = {
        name: edition.value("C07", basis, edition.quarter, "measure", measure)
        for name, basis in names.items()
    }
    if any(columns.values()):
        yield key, columns | edition.counts(SUPPLIERS, edition.quarter)


def _net(edition: Edition, basis: str, measure: str, year: str) -> Decimal | None:
    return edition.value("F02", basis, year, "measure", measure)
