"""Every real payments file loads as a person would read it, to the penny, or is refused aright."""

import re
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from flows.intake import take_in
from flows.intake_result import Sent
from flows.returns.identity import Told
from flows.warehouse import door

sys.path.insert(0, str(Path(__file__).parent))
from plain_recipes import RECIPES, read_plainly, sheets

SPEND = Path(__file__).resolve().parents[3] / "shared" / "real" / "spend"
STATED = {  # the truths that the collection's README gives
    "bis_2012-12.xls": (2_705, "3498200817.50"),
    "devon_2025-03.csv": (14_183, "125367262.22"),
    "gla_2011-12-P13.csv": (617, "15232841.74"),
    "hyndburn_2018-03.csv": (249, "1042401.72"),
    "hyndburn_2023-04.csv": (502, "1216217.07"),
    "lancashire-fire_2022-23.xlsx": (2_908, "15094614.84"),
    "leeds_2011-03.csv": (11_024, "78447368.22"),
    "newcastle_2020-04.csv": (9_222, "89353637.14"),
    "nhs-nebd_2020-07.csv": (321, "24676831.92"),
    "nhs-nmid_2020-11.xlsx": (63, "10415337.60"),
    "oxford_2014-Q1.csv": (3_859, "13413467.98"),
}
REFUSED = {
    "nhs-newf_2020-05.pdf": "is a PDF, not a table",
    "salford_2022-07.csv": "this is a contract register, not payments",
}
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not SPEND.is_dir(), reason="the real files are not here"),
]


def ingest(name, rules, settings):
    sender = name.split("_")[0]
    return take_in(Sent(SPEND / name, "finance_payments", Told(sender=sender)), rules, settings)


@pytest.mark.parametrize("name", RECIPES)
def test_it_loads_as_a_person_reads_it(name, rules, settings, monkeypatch):
    monkeypatch.delenv("SOCIAL_VALUE_NOW")
    reading = read_plainly(SPEND / name)
    if name in STATED:
        assert (reading.payments, str(reading.amount)) == STATED[name]
    done = ingest(name, rules, settings)
    assert done.outcome == "loaded", done.reason
    counts = done.counts
    assert (counts.loaded, counts.amount_total) == (reading.payments, reading.amount)
    assert counts.quarantined == reading.unreadable


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_for_the_right_reason(name, rules, settings):
    done = ingest(name, rules, settings)
    assert done.outcome == "rejected"
    assert REFUSED[name] in (done.reason or "")


def test_every_file_of_the_collection_is_here():
    assert {path.name for path in SPEND.iterdir()} == RECIPES.keys() | REFUSED.keys()


def test_each_quarantined_row_has_lost_its_comma_and_is_named(rules, settings):
    """Lambeth: in 639 rows a lost comma glued two cells; with them the total at the foot is met."""
    done = ingest("lambeth_2012-06.csv", rules, settings)
    with door.reading(settings) as connection:
        said = connection.execute(
            'select distinct "row", "value" from warehouse.ledger.findings '
            "where return_id = ? and rule = 'cell_reads' and \"column\" = 'payment_date'",
            [done.returns[0]],
        ).fetchall()
    assert len(said) == done.counts.quarantined == 639
    # In one row two commas are lost, and the sum stands behind the date in the supplier's place.
    rows = next(iter(sheets(SPEND / "lambeth_2012-06.csv", RECIPES["lambeth_2012-06.csv"])))
    texts = [text if re.search(r"\d", text) else rows[number - 1][2] for number, text in said]
    sums = [re.sub(r".*\d\d/\d\d/\d{4}", "", text) for text in texts]
    lost = sum((Decimal(text) for text in sums), Decimal(0))
    assert (done.counts.amount_total or 0) + lost == Decimal("40292334.84")
