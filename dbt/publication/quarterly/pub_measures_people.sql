-- grain: a measure that counts people, by who delivers it and how they are counted, in a quarter
{%- set steps = ['validated', 'evidenced', 'claimed'] %}
with cells as (
    select found.period, found.indicator_id, figures.role, found.value, found.n_reporting, found.n_expected, found.status,
        measures.measure_id, measures.title,
        case
            when found.basis like '%-people%' then 'by person'
            when found.basis like '%-not-deduplicated%' then 'claimed, not de-duplicated'
            when measures.counted_by_person = 'distinct people' then 'promised'
            else 'as returned'
        end as counted,
        replace(replace(found.basis, '-people', ''), '-not-deduplicated', '') as basis
    from {{ ref('fct_indicator_values') }} as found
    inner join {{ ref('dim_published_quarters') }} as reports on found.period = reports.quarter
    inner join {{ ref('indicators') }} as figures on found.indicator_id = figures.indicator_id
    inner join {{ ref('measures') }} as measures
        on (found.indicator_id = 'C07' and found.breakdown = 'measure' and found.breakdown_value = measures.measure_id)
        or (found.indicator_id = 'S01' and found.breakdown = '' and measures.measure_id = 'M15')
    where found.period_kind = 'quarter' and found.numerator is not null
        and measures.is_people = 'yes' and coalesce(measures.counted_by_person, '') <> 'FTE years'
),

promised as (
    select period, measure_id,
        max(case when basis = 'committed' then value end) as committed,
        max(case when basis = 'profiled-to-date' then value end) as due_to_date
    from cells
    group by period, measure_id
),

final as (
    select
        cells.period as quarter,
        cells.indicator_id,
        max(cells.role) as role,
        cells.measure_id,
        max(cells.title) as title,
        cells.counted,
        max(promised.committed) as committed,
        max(promised.due_to_date) as due_to_date,
        {% for step in steps -%}
        -- where returns are in, what no row speaks of was not delivered
        coalesce(max(case when cells.basis = '{{ step }}-to-date' then cells.value end),
            case when cells.indicator_id = 'C07' and max(cells.n_reporting) > 0 then 0 end) as {{ step }}_to_date,
        coalesce(max(case when cells.basis = '{{ step }}' then cells.value end),
            case when max(cells.n_reporting) > 0 then 0 end) as {{ step }},
        {% endfor -%}
        max(cells.n_reporting) as n_reporting,
        max(cells.n_expected) as n_expected,
        max(cells.status) as status
    from cells
    inner join promised on cells.period = promised.period and cells.measure_id = promised.measure_id
    where cells.counted <> 'promised'
    group by cells.period, cells.indicator_id, cells.measure_id, cells.counted
)

select {{ as_declared(model) }}
from final
