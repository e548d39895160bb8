"""The header is found wherever it stands, and a file that lacks one is told so in a sentence."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from flows.common.errors import Rejected
from flows.common.settings import Settings
from flows.intake.rules import Rules
from flows.intake.submission import Ingested
from flows.returns.contract import Contract, read_contracts
from flows.returns.header import LOOK_DOWN, Header, find_header
from tests.support.definitions import PLACES
from tests.support.sent_files import landed

CONTRACTS = read_contracts(PLACES.contracts)
PAYMENTS = CONTRACTS["finance_payments"]
VENDORS = CONTRACTS["finance_vendors"]
DAY = date(2022, 4, 1)


def find(
    *rows: Sequence[str], of: Contract = PAYMENTS, sender: str = "lcrca", on: date = DAY
) -> Header:
    return find_header(rows, of, sender, on, "lcrca_2022-04.csv")


def refusal(*rows: Sequence[str], of: Contract = PAYMENTS) -> str:
    with pytest.raises(Rejected) as rejected:
        find(*rows, of=of)
    assert rejected.value.step == "match"
    return rejected.value.reason


def test_the_better_alias_wins_wherever_it_stands() -> None:
    before = find(["Net amount", "Amount", "Gross", "Supplier", "Date"])
    after = find(["Gross", "Amount", "Supplier", "Date", "Net amount"])

    assert (before.columns["amount"], after.columns["amount"]) == (0, 4)
    assert before.unknown == ["Amount", "Gross"]
    assert find(["Gross", "Amount", "Supplier", "Date"]).columns["amount"] == 1


def test_the_net_amount_is_loaded_where_the_gross_one_stands_beside_it(
    take: Callable[..., Ingested],
) -> None:
    taken = take("Amount,Net amount,Supplier,Date\n120.00,100.00,Mersey Print,01/04/2022\n")

    assert taken.counts.amount_total == Decimal("100.00")


def test_case_spaces_and_punctuation_do_not_matter() -> None:
    header = find([" PAYMENT  DATE ", "supplier_name", "Net Amount\n(£)", "Cap/Rev"])

    assert header.columns == {
        "payment_date": 0,
        "supplier_name": 1,
        "amount": 2,
        "capital_or_revenue": 3,
    }
    assert header.unknown == []


def test_of_two_columns_of_one_name_the_first_is_taken() -> None:
    header = find(["Date", "Supplier", "Amount", "Amount"])

    assert header.columns["amount"] == 2
    assert header.unknown == ["Amount"]


def test_the_header_is_found_below_titles_and_notes() -> None:
    titles = [["Payments by Supplier"], [], ["Amount", "in pounds"], ["", "", ""]]
    header = find(*titles, ["Payment date", "Supplier", "Amount"], ["01/04/2022", "Name", "1.00"])

    assert header.row == 5
    assert list(header.columns) == ["payment_date", "supplier_name", "amount"]


def test_the_header_is_looked_for_in_so_many_rows_and_no_more() -> None:
    header = ["Payment date", "Supplier", "Amount"]
    notes = [["note"]] * LOOK_DOWN

    assert find(*notes[1:], header).row == LOOK_DOWN
    assert f"none of its first {LOOK_DOWN} rows is a header" in refusal(*notes, header)


def test_a_missing_column_is_told_in_one_sentence_of_file_row_looked_for_and_found() -> None:
    reason = refusal(["Payments"], ["Payment date", "Supplier", "Sum", "Cost centre"])

    assert reason == (
        "lcrca_2022-04.csv, row 2: no column for amount (looked for Net amount, Net Amount (£), "
        "Net, Amount excluding VAT, Amount (net), Total (excludes VAT), ...); found Payment date, "
        "Supplier, Sum, Cost centre: rename the column, or check that this is the right file."
    )


def test_a_missing_column_that_a_heading_may_be_comes_with_its_line_for_the_contract() -> None:
    header = ["Payment date", "Supplier", "Paid sum", "Cost centre"]
    row = ["01/04/2022", "Alder", "1,234.50", "Roads"]

    assert refusal(header, row).endswith(
        "right file. If Paid sum is that column, put it into the contract under amount: "
        'aliases: [..., "Paid sum"]'
    )
    of_two_sums = refusal([*header, "Budget"], [*row, "2.00"])
    assert of_two_sums.endswith("right file.")  # nobody can say which of them is meant
    assert "Net amounts £ is that column" in refusal(
        [*header[:2], "Net amounts £", "Budget"], [*row[:3], "2.00"]
    )


def test_all_missing_columns_are_named() -> None:
    assert "no column for supplier_name or amount (looked for Supplier name," in refusal(
        ["Payment date", "Directorate"]
    )


def test_a_file_without_a_header_is_told_what_was_looked_for_and_what_its_first_row_reads() -> None:
    reason = refusal([], ["01/04/2022", "Mersey Print", "1.00", "x" * 60], ["02/04/2022"])

    assert reason == (
        "lcrca_2022-04.csv: none of its first 3 rows is a header of payments to suppliers; looked "
        "for Payment date, Date paid; Supplier name, Supplier; Net amount, Net Amount (£). The "
        f"first row reads: 01/04/2022, Mersey Print, 1.00, {'x' * 40}."
    )


def test_the_wrong_file_is_rejected_and_nothing_of_it_loaded(
    take: Callable[..., Ingested], settings: Settings
) -> None:
    vendors = "Supplier ID,Supplier name,Postcode,Size\n17,Mersey Print Ltd,L3 1BP,small\n"

    taken = take(vendors)

    assert taken.outcome == "rejected"
    assert str(taken.reason).startswith(
        "lcrca_2022-04.csv, row 1: no column for payment_date or amount"
    )
    assert "found Supplier ID, Supplier name, Postcode, Size" in str(taken.reason)
    assert landed(settings).rows == []


def test_columns_that_no_contract_speaks_of_are_reported_and_left_out(
    take: Callable[..., Ingested], settings: Settings
) -> None:
    taken = take(
        "Notes,Payment date,Supplier,Amount,Cost centre\nurgent,01/04/2022,Mersey Print,1.00,4711\n"
    )
    found = landed(settings)

    assert taken.outcome == "loaded"
    assert found.findings == [
        (
            "columns_are_known",
            1,
            None,
            None,
            "Columns that no contract speaks of were left out: Notes, Cost centre.",
        )
    ]


def test_a_contract_may_reject_what_it_does_not_know() -> None:
    strict = PAYMENTS.model_copy(update={"unknown_columns": "reject"})

    assert refusal(["Payment date", "Supplier", "Amount", "Cost centre"], of=strict) == (
        "lcrca_2022-04.csv, row 1: no such column is agreed: Cost centre; leave it out."
    )


def with_layouts(*layouts: dict[str, Any]) -> Contract:
    told = PAYMENTS.model_dump(by_alias=True, mode="json")
    return Contract.model_validate({**told, "layouts": list(layouts)})


OWN_WORDS = {"amount": "Betrag", "payment_date": "Tag", "supplier_name": "Wer"}
LAYOUT = {
    "name": "theirs",
    "senders": ["wirral"],
    "valid_from": "2022-04-01",
    "valid_to": "2023-03-31",
    "columns": OWN_WORDS,
}
THEIR_HEADER = ["Konto", "Wer", "Betrag", "Tag"]


@pytest.mark.parametrize(
    ("sender", "on", "known"),
    [
        ("wirral", date(2022, 4, 1), True),
        ("wirral", date(2023, 3, 31), True),
        ("wirral", date(2022, 3, 31), False),
        ("wirral", date(2023, 4, 1), False),
        ("lcrca", date(2022, 4, 1), False),
    ],
)
def test_a_named_layout_counts_for_its_sender_and_its_dates(
    sender: str, on: date, known: bool
) -> None:
    of = with_layouts(LAYOUT)

    if known:
        header = find(THEIR_HEADER, of=of, sender=sender, on=on)
        assert (header.layout, header.unknown) == ("theirs", ["Konto"])
        assert header.columns == {"payment_date": 3, "supplier_name": 1, "amount": 2}
    else:
        with pytest.raises(Rejected):
            find(THEIR_HEADER, of=of, sender=sender, on=on)


def test_a_layout_of_nobodys_own_helps_where_the_contracts_words_do_not_suffice() -> None:
    of = with_layouts({"name": "anyone's", "columns": OWN_WORDS})

    assert find(THEIR_HEADER, of=of).layout == "anyone's"
    assert find(["Date", "Supplier", "Amount", "Wer", "Tag", "Betrag"], of=of).layout == "general"


def test_what_a_layout_leaves_out_is_matched_by_the_contracts_words() -> None:
    header = find([*THEIR_HEADER, "Directorate"], of=with_layouts(LAYOUT), sender="wirral")

    assert header.columns["directorate"] == 4


def test_another_kind_of_file_that_the_contract_knows_is_named() -> None:
    register = [
        "Contract Reference",
        "Contract Title",
        "Start Date",
        "End Date",
        "Supplier",
        "Value",
    ]

    assert refusal(["Register"], register) == (
        "lcrca_2022-04.csv, row 2: this is a contract register, not payments; send it as "
        "procurement_contracts."
    )


def test_a_layout_may_choose_another_column_than_the_aliases_would() -> None:
    gross = {
        "name": "gross only",
        "senders": ["lcrca"],
        "columns": {**OWN_WORDS, "amount": "Gross"},
    }
    row = ["Tag", "Wer", "Gross", "Net amount"]

    assert find(row, of=with_layouts(gross)).columns["amount"] == 2


def test_a_file_that_lacks_a_column_of_the_layout_is_matched_by_the_aliases() -> None:
    header = find(["Date", "Supplier", "Amount"], of=with_layouts(LAYOUT), sender="wirral")

    assert header.layout == "general"


def test_the_layout_used_is_kept_with_the_return(
    take: Callable[..., Ingested], settings: Settings, rules: Rules
) -> None:
    of = with_layouts(LAYOUT)
    use = Rules({**rules.contracts, "finance_payments": of}, rules.suites)

    taken = take("Wer,Betrag,Tag\nMersey Print,1.00,05/04/2022\n", "wirral_2022-04.csv", use=use)

    assert taken.counts.amount_total == Decimal("1.00")
    assert landed(settings).rows == [(2, "Mersey Print", Decimal("1.00"))]


def test_a_refusal_of_a_return_about_people_shows_none_of_its_cells() -> None:
    told = VENDORS.model_dump(by_alias=True, mode="json")
    told["columns"][1]["privacy"] = "personal"

    reason = refusal(["17", "Jo Bloggs", "L3 1BP"], of=Contract.model_validate(told))

    assert "Jo Bloggs" not in reason
    assert "The first row has 3 cells." in reason
