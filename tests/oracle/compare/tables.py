"""Which reader knows which table, and the few columns of which the truth knows nothing."""

from tests.oracle.compare.edition import Reader, Value
from tests.oracle.compare.framework import (
    actions,
    commitments,
    equality_assessments,
    framework_coverage,
    stories,
)
from tests.oracle.compare.indicators import cost_and_benefit, indicators, year_figures
from tests.oracle.compare.money import (
    control_totals,
    local_spend,
    location_basis,
    prompt_payment,
    spend_by_place,
    supplier_kinds,
)
from tests.oracle.compare.points import exceptions, review_points
from tests.oracle.compare.quality import data_quality
from tests.oracle.compare.returns import coverage, returns_of_the_year, returns_received, revisions
from tests.oracle.compare.social_value import (
    additionality,
    contracts,
    cost_beside_benefit,
    measures,
    measures_people,
    people_supported,
    social_value_by_framework,
)
from tests.oracle.compare.staff import (
    apprenticeships,
    group_pay_gaps,
    pay_bands,
    pay_gaps,
    volunteering,
    workforce,
    workforce_shares,
)

READERS: dict[str, Reader] = {
    "exceptions": exceptions,
    "commitments": commitments,
    "actions": actions,
    "indicators": indicators,
    "local_spend": local_spend,
    "spend_by_place": spend_by_place,
    "location_basis": location_basis,
    "supplier_kinds": supplier_kinds,
    "prompt_payment": prompt_payment,
    "contracts": contracts,
    "measures": measures,
    "measures_people": measures_people,
    "cost_beside_benefit": cost_beside_benefit,
    "workforce": workforce,
    "workforce_shares": workforce_shares,
    "volunteering": volunteering,
    "apprenticeships": apprenticeships,
    "pay_gaps": pay_gaps,
    "pay_bands": pay_bands,
    "group_pay_gaps": group_pay_gaps,
    "control_totals": control_totals,
    "returns_received": returns_received,
    "coverage": coverage,
    "revisions": revisions,
    "data_quality": data_quality,
    "year_figures": year_figures,
    "people_supported": people_supported,
    "additionality": additionality,
    "cost_and_benefit": cost_and_benefit,
    "framework_coverage": framework_coverage,
    "equality_assessments": equality_assessments,
    "social_value_by_framework": social_value_by_framework,
    "review_points": review_points,
    "stories": stories,
    "returns_of_the_year": returns_of_the_year,
}
# What a row says that the truth does not name: of a rule that nobody broke, that nobody did.
OTHERWISE: dict[str, dict[str, Value]] = {"data_quality": {"rows_failed": 0}}
# The columns of figures that the truth cannot know, by table, and why.
_BY_THE_RULE = "To which rows a rule applies is the rule's own condition, which stands in its suite"
_NO_WARDS = "The made-up authority gives no wards, and without them the table is left out"
UNKNOWN: dict[str, dict[str, str]] = {
    "data_quality": dict.fromkeys(("returns_checked", "rows_checked"), _BY_THE_RULE),
    "spend_by_ward": dict.fromkeys(("payments", "suppliers", "amount"), _NO_WARDS),
}
