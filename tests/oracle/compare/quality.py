"""How many rows broke each rule, of what stands of a quarter.

A planted fault breaks a rule in its own row; of what is odd without being planted, the rows as they
were sent tell it. A rule that nothing here speaks of was broken by nobody.
"""

from collections import Counter
from collections.abc import Iterator

from flows.demo.made.authority.authority import DISTRICTS
from flows.demo.made.authority.delivery import Sending
from flows.demo.made.contracts.measures import STANDARD, TEMPLATES
from flows.demo.made.contracts.procurement import PromisesSent
from flows.demo.made.delivery.claims import EVIDENCED, REJECTED, VALIDATED
from flows.demo.made.delivery.stories import StorySent
from flows.demo.made.delivery.supplier_returns import Returned, SupplierSent
from flows.demo.made.finance.finance import VendorsSent
from flows.demo.made.finance.investments import AwardsSent
from flows.demo.made.workforce.workforce import StaffSent
from tests.oracle.compare.edition import Edition, Row
from tests.oracle.truth.slots import is_within
from tests.oracle.truth.staff.people import Person
from tests.oracle.truth.value.people import home_authority

Counted = tuple[str, int]
# The rule that a planted fault breaks, by return and kind of fault.
BROKEN_BY: dict[str, dict[str, str]] = {
    "commitment_progress": {
        "a commitment that nobody knows": "commitment_is_known",
        "a commitment twice": "commitment_stands_once",
        "off track without a corrective action": "off_track_has_a_corrective_action",
    },
    "finance_investments": {
        "award twice": "award_stands_once",
        "award without amount": "award_has_an_amount",
        "negative award": "award_amount_is_positive",
    },
    "finance_payments": {"paid before the invoice came": "paid_after_the_invoice_came"},
    "hr_workforce": {
        "employee twice": "employee_stands_once",
        "employee without number": "employee_has_a_number",
    },
    "procurement_commitments": {
        "a code that nobody knows": "measure_is_known",
        "a promise of nought": "promised_quantity_is_positive",
        "the same row twice": "commitment_stands_once",
    },
    "procurement_contracts": {
        "row without a reference": "contract_has_a_reference",
        "word for a value": "contract_has_a_value",
    },
    "reference_deprivation": {"decile outside 1 to 10": "decile_is_from_1_to_10"},
    "service_returns": {
        "evidence missing": "evidence_backs_the_status",
        "the same row twice": "delivery_stands_once",
    },
    "supplier_returns": {
        "a code that nobody knows": "measure_is_known",
        "a negative quantity": "quantity_is_not_negative",
        "a person twice": "person_stands_once",
        "a share above 1": "share_is_from_0_to_1",
        "more than full time": "person_fte_is_above_0_and_at_most_1",
        "no start": "person_has_a_start",
        "the same row twice": "delivery_stands_once",
    },
}
UNITS = {code.code: code.unit for code in (*STANDARD, *TEMPLATES["essex"], *TEMPLATES["words"])}


def data_quality(edition: Edition) -> Iterator[Row]:
    """Every rule that some row of the quarter broke, by return."""
    found: Counter[tuple[str, str]] = Counter()
    for sending in edition.truth.standing.in_force:
        if is_within(sending.period, edition.quarter):
            name = sending.delivery.return_name
            for rule, rows in _broken(sending):
                found[name, rule] += rows
    for key, rows in found.items():
        if rows:
            yield key, {"rows_failed": rows}


def _broken(sending: Sending) -> Iterator[Counted]:
    rules = BROKEN_BY.get(sending.delivery.return_name, {})
    yield from ((rules[f.kind], 1) for f in sending.planted if f.kind in rules)
    if isinstance(sending, StaffSent):
        people = [Person(row, sending.period) for row in sending.rows]
        yield "birth_date_is_believable", sum(person.birth is None for person in people)
        yield "home_is_known", sum(not person.is_home_known for person in people)
        yield "sex_is_said", sum(not row.knows("sex") for row in sending.rows)
    elif isinstance(sending, VendorsSent):
        homeless = (not vendor.postcode_in(sending.period) for vendor in sending.vendors)
        yield "vendor_has_a_postcode", sum(homeless)
    elif isinstance(sending, AwardsSent):
        yield "award_has_a_postcode", sum(award.place is None for award in sending.awards)
    elif isinstance(sending, PromisesSent):
        odd = (row.code in UNITS and row.unit != UNITS[row.code] for row in sending.rows)
        yield "unit_agrees_with_the_measure", sum(odd)
    elif isinstance(sending, StorySent):
        yield "consent_can_be_shown", int(not sending.story.evidence)
    elif isinstance(sending, SupplierSent):
        yield from _by_supplier(sending.returned)


def _by_supplier(sent: Returned) -> Iterator[Counted]:
    # a row with a cell that cannot be read is held back before any rule sees it
    claims = [claim for claim in sent.claims if claim.cell is None or not claim.fault]
    proven = (EVIDENCED, VALIDATED)
    unproven = (claim.said in proven and not claim.evidence for claim in claims)
    own = sum(claim.said in (VALIDATED, REJECTED) for claim in claims)
    shared = [c for c in claims if c.share is not None and 0 < c.share < 1]
    yield "attests_contract_only_is_said", sum(c.contract_only is not True for c in claims)
    yield "attests_committed_is_said", sum(c.committed is not True for c in claims)
    yield "evidence_backs_the_status", sum(unproven)
    yield "status_is_the_suppliers_to_say", own
    yield "share_names_its_outcome", sum(not claim.shared_outcome for claim in shared)
    workers = sent.workers or ()
    housed = [(w.is_local, code) for w in workers if (code := home_authority(w)) is not None]
    marked = [(mark, code) for mark, code in housed if mark is not None]
    disagree = (mark is not (code in DISTRICTS) for mark, code in marked)
    yield "local_agrees_with_the_home", sum(disagree)
