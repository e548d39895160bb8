"""Northmoor, another authority than the demo's: what its senders send, and what that adds up to.

Its ledger and its staff system have headings, orders of columns, dates and codes of their own.
The figures are worked out here from the same rows, by hand and without the pipeline.
"""

import json
import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

MONTHS = ("2026-04", "2026-05", "2026-06")
DISTRICTS = {"E99000002=Dale": "E06000047=Dale", "E99000003=Holme": "E06000057=Holme"}
DALE, HOLME, ELSEWHERE = "DH1 1AA", "NE46 1AA", "M1 1AE"  # where these lie in fact
SUPPLIERS = {
    "K1": ("Dale Paving Ltd", DALE),
    "K2": ("Holme Growers CIC", HOLME),
    "K3": ("Far Away Plc", ELSEWHERE),
}
# A payment: its supplier, month and sum. One is a credit.
PAID = [
    (f"K{1 + n % 3}", MONTHS[n % 2 + n // 60], Decimal(100 + n) + Decimal("0.25"))
    for n in range(120)
] + [("K3", "2026-05", Decimal("-310.40"))]
# An employee: the code of the sex, the home, and hours of 37.
STAFF = [
    ("1" if n % 5 < 2 else "2", (DALE, DALE, HOLME, ELSEWHERE)[n % 4], 37 if n % 3 else 18.5)
    for n in range(200)
]
# A vehicle: its fuel, litres, and kilometres.
FLEET = [
    ("diesel", Decimal("410.5"), Decimal(5200)),
    ("diesel", Decimal("95.25"), Decimal(900)),
    ("electric", Decimal(0), Decimal(2500)),
]
QUESTION = re.compile(r'^( +)(?:# which column is this\? |[a-z_]+: )("(?:[^"\\]|\\.)*").*$')
LEDGER = {
    "Posted": "payment_date",
    "Creditor": "supplier_name",
    "Creditor no": "supplier_id",
    "Sum net": "amount",
    "Doc": "transaction_number",
    "Paid to (code)": "supplier_postcode",
}
HR = {
    "Works for": "employer",
    "Counted on": "snapshot_date",
    "Ref": "employee_number",
    "M/F": "sex",
    "Lives at": "home_postcode",
    "Weekly": "weekly_hours",
    "Share of full time": "fte",
}
# The staff system's own codes, beside the words that ship.
CODES = "columns:\n  - {name: sex, one_of: {male: ['1'], female: ['2']}}\n"
# What is edited of the indicator that `new` wrote.
INDICATOR = [
    (
        "numerator: litres}\n",
        "numerator: litres}\n    - {basis: rate, title: Litres for 100 km, unit: litres for 100 km,"
        " rule: ratio of sums, better: lower, definition: Litres over kilometres,"
        " numerator: litres, denominator: kilometres}\n",
    ),
    ("better: higher", "better: lower"),
    ("theme: social", "theme: environmental"),
    ("{litres: 10, fuel: a, _row: 2}", "{litres: 10, kilometres: 50, fuel: a, _row: 2}"),
    (
        "    expect:\n",
        "    expect:\n      - {basis: rate, fuel: a, numerator: 10, denominator: 50, _row: 2}\n",
    ),
    (
        "targets: []",
        "targets: [{basis: rate, target: 8, tolerance: 1, scheme_id: three-point,"
        " period_kind: year}]",
    ),
]
ELSEWHERE_NAMED = re.compile(
    r"liverpool|mersey|\blcr|lcrca|halton|knowsley|sefton|wirral|st\.? helens", re.IGNORECASE
)


def ledger(month: str) -> str:
    """A month of the ledger, parted by semicolons, its title above."""
    rows = [
        f"{_day(n, month)};{number};{SUPPLIERS[number][0]};{_sum(paid)};D{n};{SUPPLIERS[number][1]}"
        for n, (number, of, paid) in enumerate(PAID)
        if of == month
    ]
    head = "Posted;Creditor no;Creditor;Sum net;Doc;Paid to (code)"
    return "\n".join(["Northmoor ledger, posted items", "", head, *rows]) + "\n"


def _day(n: int, month: str) -> str:
    return f"{n % 28 + 1:02d}.{month[5:]}.{month[:4]}"


def _sum(paid: Decimal) -> str:
    return f"({-paid:.2f})" if paid < 0 else f'"£{paid:,.2f}"'


def controls(month: str) -> str:
    """The ledger's own totals of the month."""
    paid = [sum_paid for _, of, sum_paid in PAID if of == month]
    return f"Month,Part,Payment count,Amount\n{month},,{len(paid)},{sum(paid)}\n"


def vendors() -> str:
    """The suppliers."""
    rows = [f"{number},{name},{place},order site" for number, (name, place) in SUPPLIERS.items()]
    return "\n".join(["Supplier ID,Supplier name,Postcode,Location basis", *rows]) + "\n"


def staff() -> str:
    """The staff system's list at the end of June."""
    rows = [
        f"30-Jun-2026\t{home}\t{hours}\t{hours / 37:g}\tP{n:04d}\t{sex}\tNorthmoor Council"
        for n, (sex, home, hours) in enumerate(STAFF)
    ]
    head = "Counted on\tLives at\tWeekly\tShare of full time\tRef\tM/F\tWorks for"
    return "\n".join([head, *rows]) + "\n"


def fleet() -> str:
    """The return of its own."""
    rows = [f"V{n},{fuel},{litres},{km}" for n, (fuel, litres, km) in enumerate(FLEET)]
    return "\n".join(["Vehicle,Fuel,Litres,Kilometres", *rows]) + "\n"


def answer(path: Path, columns: Mapping[str, str]) -> None:
    """Answer each question of a drafted layout, and correct each guess."""
    lines = []
    for line in path.read_text("utf-8").splitlines():
        if found := QUESTION.match(line):
            line = f"{found[1]}{columns[json.loads(found[2])]}: {found[2]}"
        if not line.lstrip().startswith("lacks:"):
            lines.append(line)
    path.write_text("\n".join(lines) + "\n", "utf-8")


def edit(path: Path, *changes: tuple[str, str]) -> None:
    """Replace texts of a file; each must be there."""
    text = path.read_text("utf-8")
    for before, after in changes:
        assert before in text, f"{path}: no {before}"
        text = text.replace(before, after)
    path.write_text(text, "utf-8")


def spent(*places: str) -> Decimal:
    """What suppliers with those postcodes were paid."""
    return sum((paid for number, _, paid in PAID if SUPPLIERS[number][1] in places), Decimal(0))


def share(part: Decimal, whole: Decimal, to: str = "0.1") -> str:
    """A share in per cent, to one decimal unless it is said."""
    return str((100 * part / whole).quantize(Decimal(to), ROUND_HALF_UP))


def driven() -> dict[str, tuple[str, str]]:
    """By fuel: the litres, and how many for 100 kilometres, as the table has them."""
    found = {}
    for fuel in sorted({fuel for fuel, *_ in FLEET}):
        litres = sum((one for of, one, _ in FLEET if of == fuel), Decimal(0))
        far = sum((km for of, _, km in FLEET if of == fuel), Decimal(0))
        found[fuel] = (f"{litres:.2f}", share(litres, far, "0.01"))
    return found
