"""What stands in a cell, a header or a name is never run: it lands as the text that it is."""

from collections.abc import Callable

from flows.common.settings import Settings
from flows.intake.submission import Ingested
from flows.warehouse.connection import reading

HOSTILE = [
    "'); drop table warehouse.landed.finance_payments; --",
    '"; delete from warehouse.ledger.events; --',
    "$$ || (select 1) || $$",
    "{{ env_var('SOCIAL_VALUE_KEY') }}",
    "${jndi:ldap://127.0.0.1/a}",
]


def test_what_would_be_sql_lands_as_text(take: Callable[..., Ingested], settings: Settings) -> None:
    header = 'Payment date,Supplier name,Net amount,"x"");drop table ledger.events;--"\n'
    quoted = [text.replace('"', '""') for text in HOSTILE]
    lines = "".join(f'01/04/2022,"{text}",1.00,"{text}"\n' for text in quoted)

    taken = take(header + lines)

    assert (taken.outcome, taken.counts.loaded) == ("loaded", len(HOSTILE))
    with reading(settings) as connection:
        kept = connection.execute(
            "select supplier_name from warehouse.landed.finance_payments order by _row"
        ).fetchall()
        (events,) = connection.execute("select count(*) from warehouse.ledger.events").fetchall()
    assert [name for (name,) in kept] == HOSTILE
    assert events[0] > 0
