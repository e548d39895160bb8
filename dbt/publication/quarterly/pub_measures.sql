-- grain: a measure of contracts that is no count of people, in a quarter: promised, due and delivered (C07)
{%- set told = {
    'committed': 'committed', 'due_to_date': 'profiled-to-date', 'validated_to_date': 'validated-to-date',
    'evidenced_to_date': 'evidenced-to-date', 'claimed_to_date': 'claimed-to-date',
    'validated_of_due': 'validated-of-profiled', 'validated_of_committed': 'validated-of-committed',
    'due': 'profiled', 'validated': 'validated', 'evidenced': 'evidenced', 'claimed': 'claimed', 'rejected': 'rejected'
} %}
with reported as (
    select reports.quarter, count(*) as quarters_to_date
    from {{ ref('dim_published_quarters') }} as reports
    inner join {{ ref('dim_published_quarters') }} as earlier on earlier.last_day <= reports.last_day
    group by reports.quarter
),

cells as (
    select found.*, performance.target, measures.title, measures.unit as measure_unit, measures.theme, measures.is_people,
        reported.quarters_to_date
    from {{ ref('fct_indicator_values') }} as found
    inner join reported on found.period = reported.quarter
    inner join {{ ref('measures') }} as measures on found.breakdown_value = measures.measure_id
    left join {{ ref('fct_indicator_performance') }} as performance
        {%- for column in ['indicator_id', 'basis', 'breakdown', 'breakdown_value', 'period', 'period_kind'] %}
        {{ 'on' if loop.first else 'and' }} found.{{ column }} = performance.{{ column }}
        {%- endfor %}
    where found.indicator_id = 'C07' and found.breakdown = 'measure' and found.period_kind = 'quarter'
        and (measures.is_people = 'no' or measures.counted_by_person = 'FTE years')
),

final as (
    select
        period as quarter,
        breakdown_value as measure_id,
        max(title) as title,
        max(measure_unit) as unit,
        max(theme) as theme,
        {% for name, basis in told.items() -%}
        {%- set figure = "max(case when basis = '" ~ basis ~ "' then value end)" %}
        -- where returns are in, what no row speaks of was not delivered
        {% if name.split('_')[0] in ['validated', 'evidenced', 'claimed', 'rejected'] and '_of_' not in name -%}
        coalesce({{ figure }}, case when max(n_reporting) > 0 then 0 end) as {{ name }},
        {% else -%}
        {{ figure }} as {{ name }},
        {% endif -%}
        {% endfor -%}
        max(case when basis = 'validated-of-profiled' then target end) as target,
        max(is_people) as is_people,
        -- a person has a row a quarter: so many people at least, if each were there in every quarter
        {% for step in ['validated', 'evidenced', 'claimed'] -%}
        cast(floor(max(case when basis = '{{ step }}-to-date' then n_numerator end) / max(quarters_to_date))
            as {{ dbt.type_bigint() }}) as people_{{ step }}_to_date,
        max(case when basis = '{{ step }}' then n_numerator end) as people_{{ step }},
        {% endfor -%}
        cast(max(case when basis = 'rejected' then n_numerator end) as {{ dbt.type_bigint() }}) as people_rejected,
        max(n_reporting) as n_reporting,
        max(n_expected) as n_expected,
        max(status) as status
    from cells
    group by period, breakdown_value
)

select {{ as_declared(model) }}
from final
