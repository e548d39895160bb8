"""Rows outside the period of a return that was confirmed count in their own, and only these."""

from collections.abc import Callable
from decimal import Decimal

import duckdb

from flows.common import clock
from flows.common.periods import read_period
from flows.common.settings import Settings
from flows.intake.submission import Ingested
from flows.modelling.build import build
from flows.returns.identity import Hints
from flows.warehouse.connection import open_scratch, reading, writing
from flows.warehouse.copies.reinstate import confirm

Take = Callable[..., Ingested]
HEAD = "Payment date,Supplier,Amount\n"


def lines(month: int, count: int, amount: str, year: int = 2022) -> str:
    days = (f"{1 + n:02}/{month:02}/{year}" for n in range(count))
    return "".join(f"{day},Alder Ltd,{amount}\n" for day in days)


def confirmed(settings: Settings, taken: Ingested) -> None:
    with open_scratch(settings) as connection, writing(settings, connection):
        confirm(connection, taken.returns[0], "A. Officer", "they belong to it", clock.now())


def asked(settings: Settings, sql: str) -> list[tuple]:
    with duckdb.connect(str(settings.analysts), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_rows_of_a_confirmed_return_count_in_their_own_period(
    take: Take, settings: Settings
) -> None:
    take(HEAD + lines(5, 4, "100.00"), "lcrca_2022-05.csv")
    # A tenth of April's rows are of May, and nobody was asked: they stay with April's.
    take(HEAD + lines(4, 18, "1.00") + lines(5, 2, "1.50"), "lcrca_2022-04.csv")
    mixed = HEAD + lines(5, 10, "2.00") + lines(6, 20, "5.00") + lines(6, 1, "7.00", 2032)
    june = take(mixed, "june.csv", hints=Hints(sender="lcrca", period=read_period("2022-06")))
    awards = take(
        "Award reference,Award date,Programme,Recipient,Amount\n"
        + "".join(
            f"A-{n},{n:02}/{3 if n < 3 else 4}/2022,Roads,Alder Ltd,{30 if n < 3 else 20}\n"
            for n in range(1, 6)
        ),
        "lcrca_2022-23-q1.csv",
        "finance_investments",
    )
    assert (june.outcome, awards.outcome) == ("held", "held")
    with reading(settings) as connection:
        found = "select distinct rule from warehouse.ledger.findings where severity = 'hold'"
        assert connection.execute(found).fetchall() == [("return_is_of_its_period",)]
    confirmed(settings, june)
    confirmed(settings, awards)

    build(settings)

    assert asked(
        settings,
        "select month, count(*), sum(amount) from marts.fct_payments group by 1 order by 1",
    ) == [
        ("2022-04", 20, Decimal("21.00")),
        ("2022-05", 14, Decimal("420.00")),  # 4 of May's own, 10 of June's return
        ("2022-06", 21, Decimal("107.00")),  # one dated ten years on stays with its return
    ]
    assert asked(
        settings,
        "select period, sum(amount) from marts.fct_investments group by 1 order by 1",
    ) == [("2021-22 Q4", Decimal("60.00")), ("2022-23 Q1", Decimal("60.00"))]
