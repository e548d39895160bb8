"""How a sender stands: what he owes, what came of him, and what is wrong in it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from flows.common import clock
from flows.common.settings import Settings
from flows.intake.answers.letter import HAPPENED
from flows.warehouse.connection import Row, as_rows, reading
from flows.warehouse.findings import WORST_FIRST
from flows.warehouse.in_force import IN_FORCE

# What is wrong in what counts, and in what came last for its place and does not count. A file that
# is rejected before its rows are read has a reason and no finding.
_WRONG = f"""
    with standing as ({IN_FORCE}),
    newest as (
        select *, row_number() over (partition by "return", sender, period, part
                                     order by received_at desc, attempt desc) as place
        from warehouse.ledger.returns
    ),
    looked_at as (
        select * exclude (place) from newest as n
        where return_id in (select return_id from standing)
           or place = 1 and outcome in ('rejected', 'held') and not (period = '' and exists (
                select 1 from newest as later where later."return" = n."return"
                and later.sender = n.sender and later.received_at > n.received_at
                and later.outcome = 'loaded'))
    ),
    found as (
        select l.sender, l."return", l.period, f.severity, f.message,
               any_value(f."column") as "column", count(distinct (f.sheet, f."row")) as rows,
               min(f."row") as first
        from warehouse.ledger.findings as f
        join looked_at as l on l.return_id = f.return_id and f.attempt in (l.attempt, 0)
        where f.cleared_at is null and f.fixed_by = 'sender'
        group by l.sender, l."return", l.period, f.severity, f.message
    )
    select * from found
    union all
    select sender, "return", period, case outcome when 'held' then 'hold' else 'reject' end, reason,
           null, 0, null
    from looked_at as l where reason is not null and outcome in ('rejected', 'held')
    and not exists (select 1 from found where found.sender = l.sender
                    and found."return" = l."return" and found.period = l.period
                    and found.severity in ('reject', 'hold'))
"""


CAME = {
    "loaded": "taken",
    "superseded": "taken, and replaced since",
    "disposed": "taken, and its rows about people are disposed of as the law asks",
    "held": "waits for a confirmation",
    "rejected": "not taken",
}


@dataclass(frozen=True)
class Standing:
    """`owed`: and not here; `came`: what is here, good or not; `wrong`: what is to be mended."""

    owed: list[Row] = field(default_factory=list)
    came: list[Row] = field(default_factory=list)
    wrong: list[Row] = field(default_factory=list)


def standings(slots: Sequence[Row], settings: Settings) -> defaultdict[str, Standing]:
    """How each sender stands now; `slots`: the rows of `status`, of all senders."""
    found = defaultdict[str, Standing](Standing)
    for row in slots:
        of_sender = found[str(row["sender"])]
        (of_sender.owed if row["outcome"] == "missing" else of_sender.came).append(row)
    with reading(settings) as connection:
        order = f'"return", period desc, {WORST_FIRST}, rows desc, message'
        for row in as_rows(connection.execute(f"select * from ({_WRONG}) as f order by {order}")):
            found[str(row["sender"])].wrong.append(row)
    return found


def slot_of(row: Row) -> str:
    """A return and its period in words. A part is named where it is owed: else a file's name said
    it, which may be a person's."""
    part = f", {row['part']}" if row.get("part") and row["due"] is not None else ""
    period = row["period"] or "for a period that could not be told"
    return f"{str(row['return']).replace('_', ' ')}, {period}{part}"


def is_late(row: Row) -> bool:
    """Whether what is owed should be here."""
    return str(row["due"]) < clock.now().date().isoformat()


def how_it_stands(row: Row) -> str:
    """What became of what came."""
    return CAME.get(str(row["outcome"]), str(row["outcome"]))


def what_happens(row: Row) -> str:
    """What becomes of what is wrong."""
    return HAPPENED.get(str(row["severity"]), "taken; please look")
