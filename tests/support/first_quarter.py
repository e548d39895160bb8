"""What `lcrca` sent for April to June 2022, small enough to add up by hand."""

from decimal import Decimal
from pathlib import Path

from tests.support.tiny_warehouse import (
    Finding,
    Return,
    Row,
    add_check,
    add_finding,
    make_reference,
    make_warehouse,
)

AS_OF = "2022-07-20T12:00:00"
PAY, VENDORS, TOTALS = "finance_payments", "finance_vendors", "finance_control_totals"


def paid(name: str, amount: str, **more: object) -> Row:
    row: Row = {"payment_date": "2022-04-20", "supplier_name": name, "amount": Decimal(amount)}
    return row | more


def invoice(received: str, number: str | None = None, disputed: bool | None = False) -> Row:
    """An invoice received on that day of 2022."""
    return {
        "invoice_received_date": f"2022-{received}",
        "transaction_number": number,
        "disputed": disputed,
    }


OWED: Row = {"interest_paid": Decimal("0.00"), "interest_liable": Decimal("4.50")}


def vendor(number: str, name: str, postcode: str | None, **more: object) -> Row:
    return {"supplier_id": number, "supplier_name": name, "postcode": postcode, **more}


def kind(size: str | None, is_vcse: bool | None) -> Row:
    return {"size": size, "is_vcse": is_vcse}


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
        # one invoice of two lines, paid on day 30, by number and by name
        paid(
            "Acme Limited",
            "1000.00",
            supplier_id="S1",
            directorate="Roads",
            **invoice("03-21", "T1"),
        ),
        paid("The ACME LTD.", "-100.00", directorate="Roads", **invoice("03-21", "T1")),
        # its zeros were lost; paid on day 31, and nothing said of a dispute
        paid("Someone", "50.00", supplier_company_number="123", **invoice("03-20", disputed=None)),
        paid(
            "Beta Limited", "200.10", directorate="Rail", **invoice("02-18", disputed=True), **OWED
        ),
        paid("Gamma", "300.00", directorate="Roads", interest_liable=Decimal("1.25")),
        paid("Twin", "70.00", **invoice("04-21")),  # two suppliers are called that; paid too early
        paid("REDACTED PERSONAL DATA", "30.00", supplier_postcode="L31BP", **invoice("03-21")),
        paid("HMRC", "5000.00", **invoice("03-21")),
        paid("Nobody we know", "25.00", supplier_postcode="CH412AB", **invoice("04-20")),  # day 0
        paid("Delta", "10.00"),  # matched, without a postcode
    ],
    part="corporate",
    version=2,
)
TRANSPORT = Return(
    PAY,
    "2022-04",
    "2022-05-20",
    [paid("Redactive Publishing Ltd", "15.00", **invoice("03-31"))],  # day 20
    part="transport",
)
MAY = Return(
    PAY,
    "2022-05",
    "2022-06-01",
    [paid("Acme Limited", "100.00", payment_date="2022-05-25", **invoice("04-20"))],  # day 35
    part="corporate",
)
JUNE = Return(
    PAY,
    "2022-06",
    "2022-07-05",
    [paid("Acme Limited", "40.00", payment_date="2022-06-10", **invoice("06-01"))],  # day 9
    part="corporate",
    quarantined=(Decimal("7.77"),),
)
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
            vendor(
                "S1", "Acme Limited", "L31BP", company_number="00000123", **kind("small", False)
            ),
            vendor("S2", "Beta Ltd", "CH412AB", location_basis="branch", **kind("large", False)),
            vendor("S3", "Gamma Limited", "M11AE", **kind(None, True)),
            vendor("S4", "Twin Ltd", "L31BP", **kind("micro", True)),
            vendor("S5", "TWIN LIMITED", "CH412AB", **kind("micro", True)),
            vendor("S6", "Delta", None, **kind("medium", None)),
        ],
    ),
    Return(  # moved, and grown
        VENDORS,
        "2022-06",
        "2022-07-01",
        [vendor("S1", "Acme Limited", "M11AE", **kind("large", False))],
    ),
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


def make_first_quarter(folder: Path) -> None:
    """The warehouse and the reference tables of the first quarter."""
    for left in folder.glob("*.duckdb"):
        left.unlink()
    make_warehouse(folder / "warehouse.duckdb", RETURNS)
    make_reference(folder / "reference.duckdb")
    for finding in FINDINGS:
        add_finding(folder / "warehouse.duckdb", finding)
    for check in CHECKS:
        add_check(folder / "warehouse.duckdb", *check)
