"""All that is sent about social value: quickly made, and agreeing with what is owed."""

import time
from datetime import timedelta

from flows.demo.made.authority.authority import places
from flows.demo.made.authority.canaries import homes
from flows.demo.made.authority.delivery import in_order
from flows.demo.made.authority.periods import slug
from flows.demo.made.delivery.supplier_returns import NEVER_SENT, NOT_OWED, returned
from flows.demo.made.delivery.value import value_sendings
from flows.demo.made.obligations import due, obligations

SENT = in_order(value_sendings(2022))
RETURNS = {"supplier_returns", "service_returns", "commitment_progress"}
RETURNS |= {"procurement_contracts", "procurement_commitments", "validations"}


def test_everything_is_made_in_less_than_five_seconds() -> None:
    returned.cache_clear()
    began = time.process_time()
    made = list(value_sendings(99))
    assert time.process_time() - began < 5
    assert len(made) == len(SENT) > 450


def test_what_is_owed_and_never_comes_is_what_was_planted() -> None:
    came = {sending.slot for sending in SENT}
    owed = {
        (o.return_name, o.sender, period, o.part)
        for o in obligations()
        if o.return_name in RETURNS
        for period in o.periods()
    }
    missing = {slot[:3] for slot in owed - came}
    assert missing == {
        *(("supplier_returns", f"s{supplier}", quarter) for supplier, quarter in NEVER_SENT),
        ("service_returns", "policy-and-strategy", "2021-22 Q3"),
        ("commitment_progress", "head-of-investment", "2022-23 Q3"),
    }
    beyond = {slot[1:3] for slot in came - owed if slot[0] in RETURNS}
    assert beyond == {(f"s{NOT_OWED[0]}", NOT_OWED[1])}


def test_file_names_say_sender_period_and_part() -> None:
    for sending in SENT:
        told = f"{sending.sender}_{slug(sending.period)}"
        told += f"_{sending.part}" if sending.part else ""
        assert sending.delivery.file_name.rpartition(".")[0] == told


def test_files_that_are_listed_as_late_are_late() -> None:
    for sending in SENT:
        owed = due(sending.delivery.return_name, sending.sender, sending.period, sending.part)
        if owed and any(fault.kind == "late" for fault in sending.planted):
            assert owed < sending.delivery.at.date() <= owed + timedelta(days=21)


def test_no_home_is_a_suppliers_place() -> None:
    assert not {home.postcode for home in homes()} & set(places())
