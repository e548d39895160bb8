"""Small finance returns, as their senders would write them."""

from collections.abc import Callable

from flows.intake.submission import Ingested

PAYMENTS, VENDORS, CONTROLS = "finance_payments", "finance_vendors", "finance_control_totals"
LIVERPOOL, MANCHESTER = "L3 1BP", "M1 1AE"
Take = Callable[..., Ingested]


def payments(rows: int = 3, month: str = "2022-04", amount: str = "100.50") -> str:
    """A month's payments, all of the same amount."""
    paid = f"Acme Ltd,{amount},{month}"
    lines = [f"{month}-{n % 28 + 1:02d},{paid}/{n},S1,{LIVERPOOL}" for n in range(rows)]
    head = "Payment date,Supplier name,Net amount,Transaction number,Supplier ID,Supplier postcode"
    return "\n".join([head, *lines]) + "\n"


def vendors() -> str:
    """Two suppliers: one in Liverpool, one in Manchester."""
    return (
        "Supplier ID,Supplier name,Postcode,Location basis\n"
        f"S1,Acme Ltd,{LIVERPOOL},order site\nS2,Roses & Co,{MANCHESTER},order site\n"
    )


def controls(*lines: tuple[str, int, str], month: str = "2022-04") -> str:
    """The ledger's totals of a month: `("corporate", 3, "301.50")`; no part is the whole month."""
    rows = [f"{month},{part},{count},{amount}" for part, count, amount in lines]
    return "\n".join(["Month,Part,Payment count,Amount", *rows]) + "\n"
