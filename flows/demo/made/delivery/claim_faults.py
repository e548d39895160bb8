"""What is odd or wrong with the claims of suppliers, by sender and quarter."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from flows.demo.made.authority.periods import QUARTERS
from flows.demo.made.authority.workbook import ErrorValue, Formula
from flows.demo.made.delivery.claims import (
    EVIDENCED,
    IN_PERIOD,
    REJECTED,
    VALIDATED,
    Claim,
    counts_to_date,
    first_claims,
    template_of,
    to_date,
)

Slot = tuple[str, str]  # a supplier and a quarter
Change = Callable[[Claim], Claim]

LEAVES_TO_DATE = ("400339", "2022-23 Q1")  # from then on it reports the quarter's figures
FALLS = ("400234", "2021-22 Q3", "CR-0062", "M09")  # a figure to date below the quarter before
SMALL_LETTERS = {("400311", "2022-23 Q1"), ("400318", "2022-23 Q3")}  # references and codes
# Outcomes of several contracts: the shares add up to one; to more; to one without a rejected row.
SHARED, OVER_CLAIMED, REJECTED_SHARE = "SHARED-DEPOT-SOLAR", "SKILLS-DAY-2022", "HARBOUR-CLEAN-UP"
UNKNOWN_CODE = "SV99"
DECIDES_ITSELF = {("400108", "2021-22 Q3"), ("400122", "2022-23 Q1")}  # says validated itself


def claims_of(supplier_id: str, seed: int) -> dict[str, list[Claim]]:
    """Every row that the supplier writes in each quarter it owes, right or wrong."""
    found = first_claims(supplier_id, seed)
    if supplier_id == LEAVES_TO_DATE[0]:
        later = QUARTERS[QUARTERS.index(LEAVES_TO_DATE[1]) :]
        for quarter in later:
            found[quarter] = [replace(c, reckoning=IN_PERIOD) for c in found[quarter]]
    for quarter, claims in found.items():
        claims += _ADDED.get((supplier_id, quarter), [])
    if counts_to_date(supplier_id):
        found = to_date(found)
    for quarter, claims in found.items():
        found[quarter] = list(_changed((supplier_id, quarter), claims))
    _let_fall(supplier_id, found)
    template = template_of(supplier_id)
    return {q: [replace(c, template=template) for c in claims] for q, claims in found.items()}


def _let_fall(supplier_id: str, found: dict[str, list[Claim]]) -> None:
    sender, quarter, reference, measure = FALLS
    if supplier_id != sender:
        return
    before = QUARTERS[QUARTERS.index(quarter) - 1]
    earlier = next(c for c in found[before] if (c.reference, c.measure_id) == (reference, measure))
    lower = (earlier.quantity * Decimal("0.8")).quantize(Decimal(1))
    found[quarter] = [
        replace(c, quantity=lower) if (c.reference, c.measure_id) == (reference, measure) else c
        for c in found[quarter]
    ]


def _changed(slot: Slot, claims: list[Claim]) -> Iterator[Claim]:
    changes = dict(_CHANGED.get(slot, {}))
    for claim in claims:
        change = changes.pop((claim.reference, claim.measure_id), None)
        written = change(claim) if change else claim
        written = replace(written, decides_itself=slot in DECIDES_ITSELF)
        yield _in_small_letters(written) if slot in SMALL_LETTERS else written
    for (reference, measure), change in changes.items():  # a row that was left out as nought
        yield change(Claim(reference, measure, Decimal(1), status=VALIDATED, evidence="file 1"))
    if slot == ("400122", "2022-23 Q1"):
        yield replace(claims[0], fault="the same row twice")


def _in_small_letters(claim: Claim) -> Claim:
    return replace(claim, reference=f"{claim.reference.lower()} ")


def _extra(reference: str, measure: str, quantity: str, **fields: object) -> Claim:
    claim = Claim(
        reference,
        measure,
        Decimal(quantity),
        reckoning=IN_PERIOD,
        status=VALIDATED,
        evidence=f"{reference}/{measure}/more",
        narrative="Beside the plan.",
    )
    return replace(claim, **fields)  # type: ignore[arg-type]


def _part(reference: str, measure: str, quantity: str, share: str, outcome: str) -> Claim:
    claim = _extra(reference, measure, quantity)
    return replace(
        claim,
        share=Decimal(share),
        shared_outcome=outcome,
        status=REJECTED if (outcome, share) == (REJECTED_SHARE, "0.3") else VALIDATED,
        narrative="Our share of what several did together.",
    )


def _everywhere(reference: str, hours: str, *, contract_only: bool) -> Claim:
    """The hours of all the supplier's staff, claimed under a contract."""
    claim = _extra(reference, "M08", hours, status=EVIDENCED, contract_only=contract_only)
    return replace(claim, narrative="Volunteering by all our staff.")


_ADDED: dict[Slot, list[Claim]] = {
    ("400346", "2022-23 Q2"): [_part("CR-0050", "M12", "12", "0.5", SHARED)],
    ("400409", "2022-23 Q2"): [_part("CR-0087", "M12", "12", "0.3", SHARED)],
    ("400493", "2022-23 Q2"): [
        _part("CR-0054", "M12", "12", "0.2", SHARED),
        _everywhere("CR-0054", "815", contract_only=True),
        _everywhere("CR-0146", "815", contract_only=True),
    ],
    ("400493", "2022-23 Q3"): [
        _everywhere("CR-0054", "815", contract_only=True),
        _everywhere("CR-0146", "815", contract_only=True),
    ],
    ("400213", "2022-23 Q1"): [_part("CR-0057", "M06", "60", "0.5", OVER_CLAIMED)],
    ("400269", "2022-23 Q1"): [_part("CR-0051", "M06", "60", "0.4", OVER_CLAIMED)],
    ("400192", "2022-23 Q1"): [_part("CR-0097", "M06", "60", "0.3", OVER_CLAIMED)],
    ("400108", "2022-23 Q3"): [_part("CR-0060", "M08", "100", "0.6", REJECTED_SHARE)],
    ("400528", "2022-23 Q3"): [_part("CR-0046", "M08", "100", "0.4", REJECTED_SHARE)],
    ("400479", "2022-23 Q3"): [_part("CR-0056", "M08", "100", "0.3", REJECTED_SHARE)],
    ("400171", "2021-22 Q4"): [_part("CR-0052", "M08", "30", "0.5", "")],
    ("400500", "2022-23 Q1"): [
        _extra("CR-0096", "M14", "4", share=Decimal("1.5"), fault="a share above 1")
    ],
    ("400115", "2022-23 Q2"): [
        _everywhere("CR-0058", "1240", contract_only=False),
        _everywhere("CR-0160", "1240", contract_only=False),
    ],
    ("400115", "2022-23 Q3"): [
        _everywhere("CR-0058", "1240", contract_only=False),
        _everywhere("CR-0160", "1240", contract_only=False),
    ],
    ("400451", "2022-23 Q1"): [_extra("CR-O133", "M08", "25")],  # a letter for a nought
    ("400458", "2022-23 Q2"): [_extra("CR-0060", "M07", "12")],  # another supplier's contract
    ("400143", "2022-23 Q2"): [_extra("CR-0061", "M11", "500")],  # nothing of it was promised
    ("400430", "2022-23 Q3"): [
        _extra("CR-0169", "M08", "7", code_word=UNKNOWN_CODE, fault="a code that nobody knows")
    ],
    ("400444", "2022-23 Q3"): [_extra("CR-0155", "M03", "-3", fault="a negative quantity")],
    ("400311", "2022-23 Q2"): [
        _extra(
            "CR-0072",
            "M08",
            "6",
            narrative="Ask dunstan.thruppithwick.3@canary.invalid for the list.",
        )
    ],
}


def _cell(cell: str | Formula | ErrorValue, fault: str) -> Change:
    return lambda claim: replace(claim, cell=cell, fault=fault)


def _summed(claim: Claim) -> Claim:
    """The quantity as a formula that was calculated: a good row."""
    return replace(claim, quantity=Decimal(6), cell=Formula("2*3", 6))


def _costing(amount: str) -> Change:
    return lambda claim: replace(claim, extra_cost=Decimal(amount))


def _with(**fields: object) -> Change:
    return lambda claim: replace(claim, **fields)  # type: ignore[arg-type]


_WORDS = "words in a number"
_CHANGED: dict[Slot, dict[tuple[str, str], Change]] = {
    ("400262", "2022-23 Q1"): {("CR-0088", "M04"): _cell("19 weeks", _WORDS)},
    ("400185", "2022-23 Q1"): {("CR-0129", "M04"): _cell("not yet known", _WORDS)},
    ("400402", "2022-23 Q4"): {("CR-0055", "M12"): _cell("approx. 2.5", _WORDS)},
    ("400304", "2022-23 Q2"): {("CR-0086", "M13"): _summed},
    ("400178", "2022-23 Q2"): {
        ("CR-0069", "M12"): _cell(Formula("SUM(C7:C8)"), "a formula never calculated")
    },
    ("400276", "2022-23 Q3"): {("CR-0135", "M07"): _cell(ErrorValue("#REF!"), "a cell in error")},
    ("400101", "2022-23 Q2"): {("CR-0102", "M04"): _cell("=31484/40", "a formula's text")},
    ("400423", "2022-23 Q1"): {("CR-0132", "M03"): _costing("12500.00")},
    ("400346", "2021-22 Q4"): {("CR-0050", "M09"): _costing("8400.00")},
    ("400528", "2022-23 Q4"): {("CR-0046", "M08"): _costing("640.25")},
    ("400507", "2022-23 Q3"): {
        ("CR-0071", "M03"): _with(extra_cost=Decimal("3250.50"), status=REJECTED)
    },
    ("400157", "2022-23 Q2"): {("CR-0049", "M03"): _with(extra_cost_word="tbc")},
    ("400164", "2021-22 Q3"): {("CR-0066", "M03"): _with(evidence="", status=VALIDATED)},
    ("400402", "2021-22 Q2"): {("CR-0055", "M19"): _with(committed=None, status=VALIDATED)},
    ("400199", "2021-22 Q3"): {("CR-0065", "M02"): _with(status=REJECTED)},
    ("400171", "2022-23 Q1"): {("CR-0052", "M02"): _with(status=REJECTED)},
}
