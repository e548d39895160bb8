-- grain: a measure in a period: validated gross beside net, low, central and high (F02)
{%- set figures = ['gross', 'net-low', 'net-central', 'net-high'] %}
with summed as (
    select breakdown_value as measure_id, period, period_kind,
        {% for figure in figures -%}
        max(case when basis = '{{ figure }}' then value end) as {{ figure | replace('-', '_') }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('fct_indicator_values') }}
    where indicator_id = 'F02' and breakdown = 'measure'
    group by breakdown_value, period, period_kind
),

sets as (
    -- the three estimates of a set have one author and one source each; the central one speaks for it
    select shares.measure_id, sets.set_id, sets.form, sets.author, sets.set_on, sets.evidence_grade,
        sets.source, sets.illustrative
    from {{ ref('dim_additional_shares') }} as shares
    inner join {{ ref('additionality_sets') }} as sets on shares.set_id = sets.set_id
    where shares.figure = 'net-central' and sets.estimate = 'central'
),

final as (
    select
        summed.measure_id,
        measures.title as measure_title,
        measures.unit,
        summed.period,
        summed.period_kind,
        {% for figure in figures | map('replace', '-', '_') -%}
        cast(summed.{{ figure }} as decimal(24, 6)) as {{ figure }},
        {% endfor -%}
        sets.set_id,
        sets.form,
        sets.author,
        sets.set_on,
        sets.evidence_grade,
        sets.source,
        sets.illustrative
    from summed
    inner join {{ ref('measures') }} as measures on summed.measure_id = measures.measure_id
    left join sets on summed.measure_id = sets.measure_id
)

select {{ as_declared(model) }}
from final
