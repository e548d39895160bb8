"""Small returns, as their senders would write them."""

from collections.abc import Callable, Sequence

from flows.intake.submission import Ingested

PAYMENTS, VENDORS, CONTROLS = "finance_payments", "finance_vendors", "finance_control_totals"
FORMULA_LIKE = ["+44 Plumbing", "-Dash & Co", "=1+1 Ltd", "@Home Care"]  # as a spreadsheet sees it
Take = Callable[..., Ingested]


def payments(rows: int = 3, month: str = "2022-04", extra: Sequence[str] = ()) -> str:
    """A month's payments of 100.50 each, and any lines more."""
    lines = [f"{month}-{n % 28 + 1:02d},Acme Ltd,100.50,{month}/{n},S1" for n in range(rows)]
    head = "Payment date,Supplier name,Net amount,Transaction number,Supplier ID"
    return "\n".join([head, *lines, *extra]) + "\n"


def vendors() -> str:
    """Two suppliers: one in Liverpool, one in Manchester."""
    return (
        "Supplier ID,Supplier name,Postcode,Location basis\n"
        "S1,Acme Ltd,L3 1BP,order site\nS2,Roses & Co,M1 1AE,order site\n"
    )


def controls(month: str, **parts: tuple[int, str]) -> str:
    """The ledger's totals of a month's parts: `corporate=(3, "301.50")`."""
    lines = [f"{month},{part},{count},{amount}" for part, (count, amount) in parts.items()]
    return "\n".join(["Month,Part,Payment count,Amount", *lines]) + "\n"
