"""What `lcrca` sent for April to June 2022, small enough to add up by hand."""

from decimal import Decimal

from tiny_warehouse import Finding, Return, Row

AS_OF = "2022-07-20T12:00:00"
PAY, VENDORS, TOTALS = "finance_payments", "finance_vendors", "finance_control_totals"


def paid(name: str, amount: str, **more: object) -> Row:
    return {"payment_date": "2022-04-20", "supplier_name": name, "amount": Decimal(amount), **more}


def vendor(number: str, name: str, postcode: str | None, **more: object) -> Row:
    return {"supplier_id": number, "supplier_name": name, "postcode": postcode, **more}


def total(part: str | None, count: int, amount: str) -> Row:
    return {"part": part, "payment_count": count, "amount": Decimal(amount)}


APRIL_FIRST = Return(
    PAY, "2022-04", "2022-05-10", [paid("Acme Limited", "999999.00", supplier_id="S1")],
    part="corporate", superseded="2022-05-13",
)  # fmt: skip
APRIL = Return(
    PAY,
    "2022-04",
    "2022-05-13",
    [
        paid("Acme Limited", "1000.00", supplier_id="S1", directorate="Roads"),
        paid("The ACME LTD.", "-100.00", directorate="Roads"),  # by name
        paid("Someone", "50.00", supplier_company_number="123"),  # its zeros were lost
        paid("Beta Limited", "200.10", directorate="Rail"),
        paid("Gamma", "300.00", directorate="Roads"),
        paid("Twin", "70.00"),  # two suppliers are called that
        paid("REDACTED PERSONAL DATA", "30.00", supplier_postcode="L31BP"),
        paid("HMRC", "5000.00"),
        paid("Nobody we know", "25.00", supplier_postcode="CH412AB"),
        paid("Delta", "10.00"),  # matched, without a postcode
    ],
    part="corporate",
    version=2,
)
TRANSPORT = Return(
    PAY, "2022-04", "2022-05-20", [paid("Redactive Publishing Ltd", "15.00")], part="transport"
)
MAY = Return(PAY, "2022-05", "2022-06-01", [paid("Acme Limited", "100.00")], part="corporate")
JUNE = Return(
    PAY, "2022-06", "2022-07-05", [paid("Acme Limited", "40.00")], part="corporate",
    quarantined=(Decimal("7.77"),),
)  # fmt: skip
REFUSED = Return(PAY, "2022-06", "2022-07-14", [], part="transport", outcome="rejected")

RETURNS = [
    APRIL_FIRST,
    APRIL,
    TRANSPORT,
    MAY,
    JUNE,
    REFUSED,
    Return(
        VENDORS,
        "2022-04",
        "2022-05-01",
        [
            vendor("S1", "Acme Limited", "L31BP", company_number="00000123"),
            vendor("S2", "Beta Ltd", "CH412AB", location_basis="branch"),
            vendor("S3", "Gamma Limited", "M11AE"),
            vendor("S4", "Twin Ltd", "L31BP"),
            vendor("S5", "TWIN LIMITED", "CH412AB"),
            vendor("S6", "Delta", None),
        ],
    ),
    Return(VENDORS, "2022-06", "2022-07-01", [vendor("S1", "Acme Limited", "M11AE")]),  # moved
    Return(
        TOTALS,
        "2022-04",
        "2022-05-01",
        [total("Corporate", 10, "6585.10"), total("transport", 1, "16.00")],
    ),
    Return(TOTALS, "2022-05", "2022-06-01", [total(None, 2, "150.00")]),
    Return(TOTALS, "2022-06", "2022-07-01", [total("corporate", 2, "47.77")]),
]
FINDINGS = [
    Finding("open", JUNE),
    Finding("accepted", JUNE, accepted=True),
    Finding("of-a-superseded-return", APRIL_FIRST),
    Finding("a-warning", JUNE, severity="warn"),
]
CHECKS = [
    (APRIL, "amounts", "failed", 10, 2),
    (JUNE, "amounts", "passed", 2, 0),
    (TRANSPORT, "amounts", "not applicable", 0, 0),
    (APRIL_FIRST, "amounts", "failed", 1, 1),  # superseded
]
