-- grain: a group of places that spend can stand in
with grouped as (
    select
        geography_name as place_group,
        'district' as kind,
        max(geography_code) as place_code,
        min(geography_order) as group_order,
        true as in_known,
        true as in_all
    from {{ ref('geographies') }}
    where kind = 'district' and {{ recorded_by_now('geographies') }}
    group by geography_name
    union all
    select place_group, kind, null, group_order, in_known, in_all
    from {{ ref('place_groups') }}
)

select {{ as_declared(model) }}
from grouped
