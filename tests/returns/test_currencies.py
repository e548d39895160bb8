"""Sums in other currencies: left out, or where the contract says so pounds at the seeded rate."""

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import pytest

from flows.audit.originals import read_originals
from flows.authority.places import places_in_use
from flows.common.declarations import DeclarationError, read_declared
from flows.common.settings import Settings
from flows.intake.explain import explain
from flows.intake.rules import Rules
from flows.intake.submission import Ingested, Submission
from flows.returns.contract import Contract
from flows.warehouse.connection import reading
from tests.support.definitions import own_definitions
from tests.support.sent_files import landed

Take = Callable[..., Ingested]
HEAD = "Payment date,Supplier name,Net amount,Irrecoverable VAT,Currency\n"
SENT = HEAD + (
    "01/04/2022,Alder,10.00,,GBP\n"
    "02/04/2022,Birch,9000.00,12.01,EUR\n"
    "03/04/2022,Cedar,-5.00,,us dollars\n"
    "04/05/2022,Elm,7.00,,€\n"
    "05/04/2022,Fir,7.00,,CHF\n"  # no rate in the seed
    ",Gorse,7.00,,EUR\n"  # and no month
)


@pytest.fixture
def converting(rules: Rules) -> Rules:
    """The rules as they ship, but that payments convert by the month of their date."""
    payments = rules.contracts["finance_payments"].model_copy(
        update={"converts_currencies_on": "payment_date"}
    )
    return Rules({**rules.contracts, "finance_payments": payments}, rules.suites)


def pounds(sum_: str, rate: str) -> Decimal:
    return (Decimal(sum_) / Decimal(rate)).quantize(Decimal("0.01"), ROUND_HALF_EVEN)


def test_as_contracts_ship_another_currency_is_left_out(take: Take, settings: Settings) -> None:
    take(SENT, "lcrca_2022-04.csv")

    assert landed(settings).rows == [(2, "Alder", Decimal("10.00"))]
    assert landed(settings).quarantined == dict.fromkeys(range(3, 8), "cell_reads")


def test_where_the_contract_says_so_a_sum_is_pounds_at_the_rate_of_its_month(
    take: Take, settings: Settings, converting: Rules
) -> None:
    taken = take(SENT, "lcrca_2022-04.csv", use=converting)

    assert landed(settings).rows == [
        (2, "Alder", Decimal("10.00")),
        (3, "Birch", pounds("9000", "1.2009")),
        (4, "Cedar", pounds("-5", "1.3212")),
        (5, "Elm", pounds("7", "1.2008")),
    ]
    assert landed(settings).quarantined == {6: "cell_reads", 7: "cell_reads"}
    with reading(settings) as connection:
        row = "select irrecoverable_vat, currency from warehouse.landed.finance_payments "
        birch = connection.execute(f"{row} where supplier_name = 'Birch'").fetchall()
        found = connection.execute(
            'select "row", "column", "value", message from warehouse.ledger.findings '
            "where rule = 'sum_is_converted' order by 1, 2"
        ).fetchall()
    assert birch == [(pounds("12.01", "1.2009"), "GBP")]
    assert [one[:3] for one in found] == [
        (3, "amount", "EUR 9000.00"),
        (3, "irrecoverable_vat", "EUR 12.01"),
        (4, "amount", "USD -5.00"),
        (5, "amount", "EUR 7.00"),
    ]
    assert found[0][3] == (
        "The sum is in EUR and counts in pounds, at 1.2009 EUR for a pound, the rate of 2022-04; "
        "send pounds if it was paid at another."
    )
    # The rates are kept with the rules it was judged by, and the original reads so again.
    assert {one.outcome for one in read_originals(settings, taken.returns)} == {
        "as the original reads"
    }


def test_a_half_penny_goes_to_the_even_one(
    take: Take, settings: Settings, converting: Rules, tmp_path: Path
) -> None:
    settings.definitions = own_definitions(settings, tmp_path / "definitions").definitions
    (tmp_path / "definitions" / "seeds" / "exchange_rates.csv").write_text(
        "currency,words,month,units_for_a_pound\nXTS,,2022-04,2\nXTT,test,2022-04,0.3\n", "utf-8"
    )
    sums = ["0.01", "0.03", "0.05", "-0.01", "-0.03", "99999999999.99", "12345678901.23"]
    lines = [f"01/04/2022,Alder {n},{one},,XTS\n" for n, one in enumerate(sums)]
    lines += [f"01/04/2022,Birch {n},{one},,Test\n" for n, one in enumerate(sums[:5])]

    take(HEAD + "".join(lines), "lcrca_2022-04.csv", use=converting)

    assert [amount for _, _, amount in landed(settings).rows] == [
        *(pounds(one, "2") for one in sums),
        *(pounds(one, "0.3") for one in sums[:5]),
    ]


def test_what_is_explained_is_what_would_be_taken(
    converting: Rules, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "lcrca_2022-04.csv"
    path.write_text(SENT, encoding="utf-8")

    found = explain(Submission(path, "finance_payments"), converting, settings)

    assert [(one.column, one.cells) for one in found.unreadable] == [("currency", 2)]


def test_a_contract_names_a_date_of_its_own(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "finance_payments.yaml"
    text = (places_in_use(settings).contracts / path.name).read_text(encoding="utf-8")
    for named, fault in (("amount", "no date"), ("paid_on", "no column is called paid_on")):
        path.write_text(
            text.replace("day_first: true", f"day_first: true\nconverts_currencies_on: {named}"),
            encoding="utf-8",
        )
        with pytest.raises(DeclarationError, match=fault):
            read_declared(path, Contract)
