"""Stories and officers' texts that are not published until a person accepts what was found on them.

What a release leaves out is decided by the model `int_held_texts`, as of its moment; this is the
same of now, for those who must say the word.
"""

from flows.authority.places import places_in_use
from flows.common.seeds import load_seeds
from flows.common.settings import Settings
from flows.warehouse.connection import Row, as_rows, reading
from flows.warehouse.digests import has_landed
from flows.warehouse.in_force import IN_FORCE

TEXTS = {  # the returns whose texts are published, and which rows of them are told at all
    "case_studies": "has_consent",
    "commitment_progress": "true",
}
_FOUND = """
    select f.finding_id, f.return_id, coalesce(f.sheet, '') as sheet, f."row", f.rule
    from warehouse.ledger.findings as f
    join seeds.story_holds as holds on holds.rule = f.rule
    where f."return" = $return and f.cleared_at is null
      and f.finding_id not in (
          select subject from warehouse.ledger.events where kind = 'accepted')
      and f.attempt in (0, (
          select max(r.attempt) from warehouse.ledger.returns as r where r.return_id = f.return_id))
"""
_TOLD = f"""
    select landed._return_id as return_id, coalesce(landed._sheet, '') as sheet,
           landed._row as "row"
    from warehouse.landed.{{name}} as landed
    join ({IN_FORCE}) as stands on stands.return_id = landed._return_id where {{told}}
"""
# A later file of the slot that was not taken may be one that withdraws consent.
_CAME = """
    select return_id, "return", sender, period, part, min(received_at) as came,
           arg_max(outcome, attempt) as outcome
    from warehouse.ledger.returns group by return_id, "return", sender, period, part
"""
_WAITING = """
    with found as ({found}), told as ({told}), came as ({came})
    select told.return_id, told."row", min(found.finding_id) as finding_id
    from told join found on (found.return_id, found.sheet, found."row")
        = (told.return_id, told.sheet, told."row")
    group by all
    union
    select told.return_id, told."row", found.finding_id
    from told join came as first on first.return_id = told.return_id
    join came as later on (later."return", later.sender, later.period, later.part)
        = (first."return", first.sender, first.period, first.part)
        and later.came > first.came and later.outcome = 'rejected'
    join found on found.return_id = later.return_id and found.rule = 'return_can_be_taken'
    where $return = 'case_studies'
"""


def held_texts(settings: Settings, name: str) -> list[Row]:
    """The rows of a return's texts that wait: `return_id`, `row` and a finding to be accepted.

    `name`: of `TEXTS`. A row on which more was found waits until all of it is accepted.
    """
    with reading(settings) as connection:
        if not has_landed(connection, name):
            return []
        load_seeds(connection, ["story_holds"], places_in_use(settings).seeds)
        told = _TOLD.format(name=name, told=TEXTS[name])
        waiting = _WAITING.format(found=_FOUND, told=told, came=_CAME)
        return as_rows(
            connection.execute(
                'select return_id, "row", min(finding_id) as finding_id '
                f"from ({waiting}) group by all order by all",
                {"return": name},
            )
        )
