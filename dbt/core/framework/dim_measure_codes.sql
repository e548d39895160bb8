-- grain: a code that returns may use for a measure: the measure's own or a template's
with codes as (
    select measure_id as code, measure_id, cast(1 as decimal(24, 6)) as unit_factor
    from {{ ref('measures') }}
    union all
    select code, measure_id, unit_factor
    from {{ ref('measure_aliases') }}
)

select
    upper(trim(codes.code)) as code,
    codes.measure_id,
    codes.unit_factor,
    measures.accumulates = 'yes' as accumulates,
    measures.counted_by_person
from codes
inner join {{ ref('measures') }} as measures on codes.measure_id = measures.measure_id
