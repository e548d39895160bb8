-- A name, code or alias that two organisations have: nobody knows whose rows are meant.
with called as (
    select organisation_id, lower(trim(organisation_name)) as name from {{ ref('organisations') }}
    union
    select organisation_id, lower(organisation_id) as name from {{ ref('organisations') }}
    union
    select organisation_id, lower(trim(alias)) as name from {{ ref('organisation_aliases') }}
)

select name, count(*) as organisations
from called
group by name
having count(*) > 1
