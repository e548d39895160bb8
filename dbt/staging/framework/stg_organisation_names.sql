-- grain: a name by which returns may call an organisation, and under which one its rows are reported
{{ config(materialized='view') }}

with recursive kept as (
    -- renamed or merged: the last of those that went on in its place
    select organisation_id, organisation_id as reported_id, succeeded_by, 0 as steps
    from {{ ref('organisations') }}
    union all
    select kept.organisation_id, successors.organisation_id, successors.succeeded_by, kept.steps + 1
    from kept
    inner join {{ ref('organisations') }} as successors on kept.succeeded_by = successors.organisation_id
    where kept.steps < 50   -- organisations that succeed each other in a ring stay as they are
),

called as (
    select organisation_id, lower(trim(organisation_name)) as name from {{ ref('organisations') }}
    union all
    select organisation_id, lower(organisation_id) from {{ ref('organisations') }}
    union all
    select organisation_id, lower(trim(alias)) from {{ ref('organisation_aliases') }}
),

final as (
    select
        called.name,
        -- a name of two is of the first: the test beside this finds it, and no row is ever doubled
        min(called.organisation_id) as organisation_id,
        min(kept.reported_id) as reported_id,
        min(
            ends.organisation_name
            || coalesce(' (until ' || cast(ends.valid_to as {{ dbt.type_string() }}) || ')', '')
        ) as reported_as,
        count(distinct called.organisation_id) as organisations
    from called
    inner join kept on called.organisation_id = kept.organisation_id and kept.succeeded_by is null
    inner join {{ ref('organisations') }} as ends on kept.reported_id = ends.organisation_id
    where called.name <> ''
    group by called.name
)

select name, organisation_id, reported_id, reported_as, organisations
from final
