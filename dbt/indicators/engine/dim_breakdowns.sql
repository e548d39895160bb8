-- grain: a breakdown of an indicator, by one column or two; the whole is one too, with a blank name
with named as (
    select
        breakdowns.indicator_id, breakdowns.breakdown, breakdowns.rule, breakdowns.only_of, breakdowns.valid_from, breakdowns.valid_to,
        indicators.only_by,
        {{ dbt.split_part('breakdowns.breakdown', "'/'", 1) }} as first_column,
        coalesce({{ dbt.split_part('breakdowns.breakdown', "'/'", 2) }}, '') as second_column
    from {{ ref('breakdowns') }} as breakdowns
    inner join {{ ref('indicators') }} as indicators on breakdowns.indicator_id = indicators.indicator_id
)

select indicator_id, '' as breakdown, 'within' as rule, null as only_of, '' as first_column, '' as second_column,
    false as is_two_way, '' as whole, only_by is null as is_shown, null as valid_from, null as valid_to
from {{ ref('indicators') }}
union all
select indicator_id, breakdown, rule, only_of, first_column, second_column,
    second_column <> '',
    -- of a share by two columns the whole is the first column's part
    case when second_column <> '' then first_column else '' end,
    only_by is null or first_column = only_by,
    valid_from, valid_to
from named
