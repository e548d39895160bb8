-- grain: a measure and a figure of F02: which share of a gross quantity it is
with chosen as (
    -- a measure's own set, else its theme's
    select
        measures.measure_id as measure, sets.*,
        cast(round({{ additional_share('sets') }}, 12) as decimal(16, 12)) as additional_share,
        rank() over (
            partition by measures.measure_id order by case when sets.measure_id is null then 1 else 0 end
        ) as choice
    from {{ ref('measures') }} as measures
    inner join {{ ref('additionality_sets') }} as sets
        on measures.measure_id = sets.measure_id or measures.theme = sets.theme
)

select measure_id, 'gross' as figure, null as set_id, cast(1 as decimal(16, 12)) as additional_share,
    cast('1900-01-01' as date) as valid_from, cast('9999-12-31' as date) as valid_to
from {{ ref('measures') }}
union all
select measure, 'net-' || estimate, set_id, additional_share,
    coalesce(valid_from, cast('1900-01-01' as date)), coalesce(valid_to, cast('9999-12-31' as date))
from chosen
where choice = 1
