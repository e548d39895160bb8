"""Suppliers' rows in force, as they count: sections 3 and 4 of the counting rules."""

from functools import cache

from flows.demo.made.delivery.claims import CLAIMED, EVIDENCED, REJECTED, VALIDATED, Claim
from flows.demo.made.delivery.validations import about_of
from tests.oracle.truth.standing import Standing
from tests.oracle.truth.value.agreements import contracts_standing, promises_standing
from tests.oracle.truth.value.counting import Counted, counted, least


@cache
def delivered_rows(standing: Standing) -> tuple[Counted, ...]:
    """Every row that was kept, with what it adds; a series is a sender, contract and measure."""
    rows = (
        _row(standing, one.supplier_id, one.quarter, claim)
        for one in standing.returned
        for claim in one.claims
        if not claim.fault
    )
    return tuple(counted(rows))


def is_matched(standing: Standing, supplier_id: str, reference: str) -> bool:
    """Whether the register has the contract and does not say that it is another supplier's."""
    contract = contracts_standing(standing).get(reference)
    return contract is not None and contract.supplier_id in ("", supplier_id)


@cache
def steps(standing: Standing) -> dict[tuple[str, str, str, str], str]:
    """How far a supplier's rows of a contract and measure count in a quarter: the least of them."""
    levels: dict[tuple[str, str, str, str], list[str]] = {}
    for row in delivered_rows(standing):
        if row.counts_as:
            sender, contract, measure = row.series
            levels.setdefault((sender, row.quarter, contract, measure), []).append(row.counts_as)
    return {key: least(found) for key, found in levels.items()}


def _row(standing: Standing, supplier_id: str, quarter: str, claim: Claim) -> Counted:
    return Counted(
        series=(supplier_id, claim.key, claim.measure_id),
        quarter=quarter,
        measure_id=claim.measure_id,
        quantity=claim.quantity,
        reckoning=claim.reckoning,
        share=claim.share,
        shared_outcome=claim.shared_outcome,
        counts_as=_counts_as(standing, supplier_id, quarter, claim),
        extra_cost=claim.extra_cost,
    )


def _counts_as(standing: Standing, supplier_id: str, quarter: str, claim: Claim) -> str:
    if not is_matched(standing, supplier_id, claim.key):
        return ""
    decision = standing.decisions.get((quarter, about_of(supplier_id, claim)), "")
    status = decision or (EVIDENCED if claim.said == VALIDATED else claim.said)
    if status == REJECTED:
        return REJECTED
    attested = claim.contract_only and claim.committed
    promised = (claim.key, claim.measure_id) in promises_standing(standing)
    if not (attested and claim.evidence and promised):
        return CLAIMED
    return status or CLAIMED
