"""A row of totals is no row of the return, whether or not its table has money."""

from collections.abc import Callable

from flows.common.settings import Settings
from flows.intake.submission import Ingested
from flows.warehouse.connection import reading

PEOPLE = (
    "Employer,Snapshot date,Employee number,FTE\n"
    "lcrca,30/06/2022,E1,1\nlcrca,30/06/2022,E2,0.5\nTotal,,,1.5\n,,Headcount:,2\n"
)


def test_a_table_without_money_has_totals_too(
    take: Callable[..., Ingested], settings: Settings
) -> None:
    taken = take(PEOPLE, "lcrca_2022-23-q1.csv", "hr_workforce")

    assert (taken.outcome, taken.counts.loaded, taken.counts.quarantined) == ("loaded", 2, 0)
    with reading(settings) as connection:
        dropped = connection.execute(
            'select "row", why from warehouse.ledger.dropped order by 1'
        ).fetchall()
    assert dropped == [(4, "totals"), (5, "totals")]


def test_a_row_that_only_speaks_of_a_total_stays_a_row(
    take: Callable[..., Ingested],
) -> None:
    text = PEOPLE.replace("Total,,,1.5\n,,Headcount:,2\n", "lcrca,30/06/2022,Total Care 7,1\n")

    assert take(text, "lcrca_2022-23-q1.csv", "hr_workforce").counts.loaded == 3
