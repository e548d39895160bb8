-- grain: an indicator's sums in a month, by basis, breakdown and its value
with summed as (
    select
        indicator_id, basis, month
        {%- for column in var('breakdown_columns') %}, {{ column }}{% endfor %},
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from {{ ref('fct_indicator_contributions') }}
    group by indicator_id, basis, month
        {%- for column in var('breakdown_columns') %}, {{ column }}{% endfor %}
),

cells as (
    select indicator_id, basis, month, '' as breakdown, '' as breakdown_value,
        sum(numerator) as numerator, sum(denominator) as denominator
    from summed
    group by indicator_id, basis, month
    {%- for column in var('breakdown_columns') %}
    union all
    select indicator_id, basis, month, '{{ column }}', {{ column }}, sum(numerator), sum(denominator)
    from summed
    where {{ column }} <> ''
    group by indicator_id, basis, month, {{ column }}
    {%- endfor %}
),

ruled as (
    select cells.*
    from cells
    left join {{ ref('breakdowns') }} as rules
        on cells.indicator_id = rules.indicator_id and cells.breakdown = rules.breakdown
    where cells.breakdown = '' or rules.rule = 'within'
    union all
    -- a share: the part's numerator (0 where it has none) over the whole denominator
    select whole.indicator_id, whole.basis, whole.month, rules.breakdown, parts.breakdown_value,
        coalesce(cells.numerator, 0), whole.denominator
    from cells as whole
    inner join {{ ref('breakdowns') }} as rules
        on whole.indicator_id = rules.indicator_id and rules.rule = 'share'
    inner join (
        select 'district' as breakdown, place_group as breakdown_value
        from {{ ref('dim_place_groups') }} where kind = 'district'
    ) as parts on rules.breakdown = parts.breakdown
    left join cells
        on whole.indicator_id = cells.indicator_id
        and whole.basis = cells.basis
        and whole.month = cells.month
        and parts.breakdown = cells.breakdown
        and parts.breakdown_value = cells.breakdown_value
    where whole.breakdown = ''
)

select
    cast(indicator_id as {{ dbt.type_string() }}) as indicator_id,
    cast(basis as {{ dbt.type_string() }}) as basis,
    cast(month as {{ dbt.type_string() }}) as month,
    cast(breakdown as {{ dbt.type_string() }}) as breakdown,
    cast(breakdown_value as {{ dbt.type_string() }}) as breakdown_value,
    cast(numerator as decimal(18, 2)) as numerator,
    cast(denominator as decimal(18, 2)) as denominator
from ruled
