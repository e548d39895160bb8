"""What `ingest --json` lists: the worst first, and what many rows have alike once."""

from collections.abc import Callable

from flows.commands.returns import ingested_as_json
from flows.common.settings import Settings
from flows.intake.submission import Ingested


def test_a_warning_of_many_rows_is_one_and_no_row_that_is_lost_is_left_out(
    take: Callable[..., Ingested], settings: Settings
) -> None:
    head = "Payment date,Supplier name,Net amount,Irrecoverable VAT"
    lines = [f"{1 + n % 28:02}/04/2022,Alder,5.00,{'no' if n % 2 else '1.00'}" for n in range(40)]
    lost = ["04/04/2022,Birch,TBC,", "05/04/2022,Birch,TBC,"]

    taken = take("\n".join([head, *lines, *lost]) + "\n")

    found = ingested_as_json(taken, settings)["findings"]
    assert isinstance(found, list)
    assert [
        (one["severity"], one["column"], one["count"], one["rows"], one["row"])
        for one in found
        if one["rule"] == "cell_reads"
    ] == [
        ("quarantine", "amount", 1, [42], 42),
        ("quarantine", "amount", 1, [43], 43),
        ("warn", "irrecoverable_vat", 20, [3, 5, 7, 9, 11], 3),
    ]
