"""A test of the tests: for each indicator a lost row, a flipped sign and a day too many are seen.

Each mutation changes the SQL of a staging model, through which every row of a return passes, and
the worked examples of the indicators that rest on it must no longer come out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.in_memory import World
from tests.support.indicator_pages import disagreements, pages

PAGE = {page.indicator: page for page in pages()}
SPEND = ("C01", "C02", "C03", "C04", "C05")
PAY = ("E04", "E05", "E06", "E07", "E09")
PEOPLE = ("E01", "E02", "E03", *PAY, "E08", "E10", "E11", "E12")
SERVICES = {  # by the measure of a row
    "M08": ("E13",),
    "M15": ("S01",),
    "M16": ("S02",),
    "M14": ("S03",),
    "M11": ("S04", "F03"),
    "M12": ("S05", "F02", "F03"),
    "M06": ("S06",),
    "M20": ("I04",),
    "M17": ("L01",),
    "M18": ("L02",),
    "M19": ("L03",),
}


@dataclass(frozen=True)
class Mutation:
    """A fault in a model, and the indicators whose examples must notice it."""

    kind: str
    model: str
    sql: str
    noticed_by: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind} in {self.model} ({', '.join(self.noticed_by)})"


def lost(model: str, where: str, *noticed_by: str) -> Mutation:
    """A row is lost."""
    return Mutation("lost row", model, f"select * from {{sql}} where not ({where})", noticed_by)


def flipped(model: str, column: str, *noticed_by: str) -> Mutation:
    """A sign is flipped, or a flag, which has none, is turned."""
    sql = f"select * replace (-{column} as {column}) from {{sql}}"
    return Mutation("flipped sign", model, sql, noticed_by)


def turned(model: str, column: str, *noticed_by: str) -> Mutation:
    """A yes becomes a no, which is the sign of a flag; a word becomes the opposite one."""
    return Mutation("flipped sign", model, f"select * replace ({column}) from {{sql}}", noticed_by)


def of_k2(column: str) -> str:
    """The column with the sign of one person's figure flipped."""
    return f"case employee_key when 'k2' then -{column} else {column} end as {column}"


def shifted(model: str, column: str, days: int, *noticed_by: str) -> Mutation:
    """A boundary lies a day off."""
    sql = f"select * replace ({column} + {days} as {column}) from {{sql}}"
    return Mutation("a day off", model, sql, noticed_by)


def _mutations() -> Iterator[Mutation]:
    payments, people = "stg_finance_payments", "stg_hr_workforce"
    yield lost(payments, "_row = 2", *SPEND)
    yield flipped(payments, "amount", "C05")
    yield Mutation(
        "flipped sign",
        payments,
        "select * replace (case when _row = 2 then -amount else amount end as amount) from {sql}",
        SPEND,
    )
    yield shifted(payments, "invoice_received_date", -1, "C05")
    yield lost(people, "employee_key = 'k1'", *(one for one in PEOPLE if one not in ("E11",)))
    yield lost(people, "employee_key = 'k4'", "E01", "E11", "E12")
    yield flipped(people, "fte", "E01")
    # Of everybody's pay the gap is the same with either sign: one person's is flipped.
    yield turned(people, of_k2("hourly_pay"), "E04", "E05", "E09", "E12")
    yield turned(people, of_k2("bonus_pay"), "E06", "E07", "E08")
    yield turned(
        people, "nullif('E08000015', home_local_authority_code) as home_local_authority_code", "E02"
    )
    yield turned(
        people,
        "case ethnicity when 'white' then 'undisclosed' else 'white' end as ethnicity",
        "E10",
    )
    yield turned(people, "case sex when 'male' then 'female' else 'male' end as sex", *PAY)
    yield turned(people, "11 - home_deprivation_decile as home_deprivation_decile", "E03")
    yield turned(people, "not is_apprentice as is_apprentice", "E11")
    yield shifted(people, "leave_date", -1, "E01", "E02", "E03", *PAY, "E08", "E10", "E11")
    yield shifted(people, "apprenticeship_start", -1, "E11")
    yield shifted(people, "pay_date", -1, "E12")
    contracts = "stg_procurement_contracts"
    yield lost(contracts, "contract_reference = 'CT1'", "C06", "C07", "C08", "C10", "F05")
    yield flipped(contracts, "value", "C06", "C08", "C09", "C10", "F05")
    yield shifted(contracts, "awarded_date", -1, "C06")
    yield lost("stg_procurement_contracts_kpis", "_row = 2", "C09")
    yield shifted("stg_procurement_contracts_kpis", "assessed_on", 1, "C09")
    yield shifted("stg_procurement_contracts_kpis", "assessed_on", -1, "C09")
    promises = "stg_procurement_commitments"
    yield lost(promises, "measure_code = 'M08'", "C07")
    yield flipped(promises, "quantity", "C06", "C07")
    yield shifted(promises, "start_date", 1, "C07")
    deliveries = "stg_supplier_returns"
    yield lost(deliveries, "measure_code = 'M08'", "C07", "F02")
    yield lost(deliveries, "measure_code = 'M12'", "C08", "F02", "F03")
    yield lost(deliveries, "measure_code = 'M09'", "F05")
    yield lost(deliveries, "true", "C06", "C10")
    yield flipped(deliveries, "quantity", "C06", "C07", "C08", "F02", "F03", "F05")
    yield lost("stg_validations", "measure_code = 'M08'", "C07", "F02")
    yield lost("stg_validations", "measure_code = 'M12'", "C08", "F03")
    yield turned("stg_validations", "'validated' as decision", "C07")
    yield lost("stg_finance_investments", "_row = 2", "I01", "I02", "I03")
    for column, noticed_by in (("amount", ("I01", "I03")), ("jobs_created", ("I02",))):
        yield flipped("stg_finance_investments", column, *noticed_by)
    for measure, noticed_by in SERVICES.items():
        yield lost("stg_service_returns", f"measure_code = '{measure}'", *noticed_by)
    services = tuple(sorted({one for each in SERVICES.values() for one in each}))
    yield flipped("stg_service_returns", "quantity", *services)
    yield lost("stg_commitment_progress", "_row = 3", "F01")
    yield turned(
        "stg_commitment_progress",
        "case rag when 'GREEN' then 'RED' else rag end as rag",
        "F01",
    )
    yield lost("stg_reference_deprivation", "postcode = 'L31BP'", "C04", "I03")


MUTATIONS = list(_mutations())


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_a_fault_is_seen(mutation: Mutation, world: World) -> None:
    figures = world.mutated(mutation.model, mutation.sql)
    unseen = [one for one in mutation.noticed_by if not disagreements(PAGE[one], figures)]
    assert unseen == []


def test_a_mutation_leaves_nothing_behind(world: World) -> None:
    world.mutated("stg_finance_payments", "select * from {sql} where false")
    assert not disagreements(PAGE["C01"], world.figures())


def _of(kind: str) -> set[str]:
    return {one for each in MUTATIONS if each.kind == kind for one in each.noticed_by}


def test_every_indicator_has_a_lost_row_and_a_flipped_sign() -> None:
    assert _of("lost row") == set(PAGE)
    assert _of("flipped sign") == set(PAGE)


# Nothing of these depends on a day of a row: their rows are of the return's own period.
OF_NO_DAY = {"C01", "C02", "C03", "C04", "C08", "C10", "E13", "F01", "F02", "F03", "F05"}
OF_NO_DAY |= {page for page in PAGE if page[0] in "SLI"}


def test_every_indicator_of_days_has_a_boundary_shifted_by_one() -> None:
    assert _of("a day off") == set(PAGE) - OF_NO_DAY
