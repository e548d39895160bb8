"""What suppliers send: the files say what the truth counts, and the faults stand where listed."""

from collections import Counter
from datetime import date, datetime
from typing import Any

import pytest

from flows.demo.made.authority.delivery import Sending
from flows.demo.made.authority.workbook import ErrorValue, Formula
from flows.demo.made.delivery.claims import quantity_cell, senders, template_of
from flows.demo.made.delivery.supplier_files import TEMPLATES
from flows.demo.made.delivery.supplier_returns import (
    MANNERS,
    NEVER_SENT,
    SENT_TWICE,
    Returned,
    returned,
    supplier_sendings,
)
from tests.oracle.truth.standing import standing_at
from tests.support.made_files import Cells, cell_texts, column, sheets_of

SEED = 2022
SENT = list(supplier_sendings(SEED))
FIRST = [s for s in SENT if s.outcome != "duplicate"]
PAIRS = list(zip(FIRST, returned(SEED), strict=True))


def _of(supplier_id: str, quarter: str) -> Sending:
    return [s for s in FIRST if (s.sender, s.period) == (f"s{supplier_id}", quarter)][-1]


def _table(sending: Sending, told: Returned) -> list[Cells]:
    template = TEMPLATES[template_of(told.supplier_id)]
    sheets = sheets_of(sending)
    rows = sheets["" if told.manner.as_csv else told.manner.sheet or template.sheet]
    return rows[len(template.titles) :]


def test_between_three_and_four_hundred_workbooks_of_two_to_eight_rows() -> None:
    told = standing_at(SEED).returned
    assert 300 <= len(told) <= 400
    rows = Counter(len(one.claims) for one in told)
    assert max(rows) <= 8
    assert (
        sum(one.workers is not None for one in standing_at(SEED).returned)
        / len(standing_at(SEED).returned)
        > 0.3
    )


def test_another_seed_delivers_other_figures_under_the_same_contracts() -> None:
    other = {one.slot: one for one in standing_at(7).returned}
    assert set(other) == {one.slot for one in standing_at(SEED).returned}
    assert any(other[one.slot].claims != one.claims for one in standing_at(SEED).returned)


def test_the_same_seed_gives_the_same_bytes() -> None:
    returned.cache_clear()
    assert list(supplier_sendings(SEED)) == SENT


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_cells_hold_what_the_truth_counts(template: str) -> None:
    header = TEMPLATES[template].header
    for sending, told in PAIRS:
        if template_of(told.supplier_id) != template or told.is_rejected:
            continue
        rows = _table(sending, told)
        assert [str(c) for c in column(rows, header[0])] == [c.reference for c in told.claims]
        for cell, claim in zip(column(rows, header[2]), told.claims, strict=True):
            assert _same(cell, quantity_cell(claim)), (told.slot, claim)


def _same(cell: Any, written: Any) -> bool:
    if isinstance(written, Formula):
        return bool(cell == f"={written.text}")
    if isinstance(written, ErrorValue):
        return bool(cell == written.text)
    return str(cell) == str(written) or float(cell) == float(written)


def test_people_sheets_hold_the_people_that_are_counted() -> None:
    for sending, told in PAIRS:
        if told.workers:
            template = TEMPLATES[template_of(told.supplier_id)]
            rows = sheets_of(sending)[template.people_sheet]
            assert column(rows, template.people_header[1]) == [w.reference for w in told.workers]
            starts = column(rows, template.people_header[5])
            assert [_day(start) for start in starts] == [w.start for w in told.workers]


def _day(cell: object) -> date | None:
    return cell.date() if isinstance(cell, datetime) else None


def test_every_planted_fault_stands_where_it_is_said_to() -> None:
    for sending in SENT:
        for fault in sending.planted:
            if fault.row and "attestation" not in fault.kind and "evidence" not in fault.kind:
                assert fault.text in cell_texts(sending, fault.sheet, fault.row), fault


def test_every_kind_of_fault_is_planted() -> None:
    assert {fault.kind for s in SENT for fault in s.planted} == {
        "late",
        "not owed",
        "corrected file",
        "a header that no template has",
        "people sheet forgotten",
        "a CSV file",
        "another sheet name, behind a sheet of instructions",
        "locked without a password",
        "words in a number",
        "a formula never calculated",
        "a formula's text",
        "a cell in error",
        "a negative quantity",
        "a share above 1",
        "a code that nobody knows",
        "the same row twice",
        "an e-mail address in the narrative",
        "attestation missing",
        "evidence missing",
        "a supplier's own decision",
        "a share of a shared outcome",
        "a share of no named outcome",
        "a word for money",
        "reference written another way",
        "an organisation-wide figure",
        "more than full time",
        "no start",
        "no such group",
        "a person twice",
        "a postcode that nobody knows",
    }


def test_six_returns_never_come_and_two_come_twice() -> None:
    came = {one.slot for one in returned(SEED)}
    assert not came & NEVER_SENT
    assert sum(s.outcome == "duplicate" for s in SENT) == len(SENT_TWICE) == 2


def test_corrected_files_replace_the_first_under_the_same_name() -> None:
    corrected = [s for s in FIRST if s.corrects]
    assert len(corrected) == 4
    for sending in corrected:
        same = [s for s in FIRST if s.slot == sending.slot]
        assert [s.delivery.file_name for s in same] == [sending.delivery.file_name] * 2
        assert same[0].delivery.at < sending.delivery.at
    assert [s.outcome for s in FIRST].count("rejected") == 1


def test_odd_files_are_odd_in_their_own_way() -> None:
    kinds = {slot: _of(*slot) for slot in MANNERS}
    csv_file, named, locked = kinds.values()
    assert csv_file.delivery.file_name.endswith(".csv")
    assert list(sheets_of(named)) == ["Instructions", "Sheet1 (2)"]
    assert b"sheetProtection" not in locked.delivery.content  # it is compressed
    assert len(sheets_of(locked)) >= 1


def test_three_templates_and_both_ways_of_reckoning_are_in_use() -> None:
    assert {template_of(supplier) for supplier in senders()} == set(TEMPLATES)
    reckonings = {c.reckoning for one in standing_at(SEED).returned for c in one.claims}
    assert reckonings == {"", "in period", "cumulative"}


def test_every_workbook_names_a_person_who_does_not_exist() -> None:
    for sending, told in PAIRS:
        assert "@canary.invalid" in str(_table(sending, told))
