-- grain: a measure of a contract that has started, promised or delivered, in a quarter, half-year or year
{%- set steps = ['validated', 'evidenced', 'claimed'] %}
with delivered as (
    select contract_reference, measure_id, period, step || ' ' || span as what, 'row' as counted_by, figure
    from {{ ref('fct_delivery_spans') }}
    where has_started and coalesce(counted_by_person, '') <> 'distinct people'
    union all
    select contract_reference, measure_id, period, step || ' ' || span, 'person', figure
    from {{ ref('ppl_employed_spans') }}
    where has_started and counted_by_person <> 'distinct people'
    union all
    -- heads: by person, and as returns without a people sheet claim them
    select contract_reference, measure_id, period, 'people ' || step || ' ' || span, 'person', figure
    from {{ ref('ppl_employed_spans') }}
    where has_started and counted_by_person = 'distinct people'
    union all
    select contract_reference, measure_id, period, 'heads ' || step || ' ' || span, 'claimed heads', figure
    from {{ ref('fct_delivery_spans') }}
    where has_started and counted_by_person = 'distinct people'
    union all
    select contract, measure, period, basis, 'promise', numerator
    from {{ ref('fct_contributions_promises') }}
    where basis in ('committed', 'profiled-to-date')
    union all
    select contract, measure, period, basis, 'row', numerator
    from {{ ref('fct_contributions_deliveries') }}
    where indicator_id = 'C07' and basis = 'rejected'
),

final as (
    select
        contract_reference,
        measure_id,
        period,
        cast(sum(case when what = 'committed' then figure end) as decimal(24, 6)) as committed,
        cast(sum(case when what = 'profiled-to-date' then figure end) as decimal(24, 6)) as profiled_to_date,
        {% for prefix, column in [('', ''), ('people ', 'people_'), ('heads ', 'heads_')] -%}
        {%- for step in steps -%}
        {%- for span in ['to date', 'in period'] -%}
        cast(sum(case when what = '{{ prefix ~ step ~ ' ' ~ span }}' then figure end) as decimal(24, 6))
            as {{ column ~ step ~ '_' ~ span | replace(' ', '_') }},
        {% endfor -%}
        {%- endfor -%}
        {%- endfor -%}
        cast(sum(case when what = 'rejected' then figure end) as decimal(24, 6)) as rejected_in_period,
        max(case when counted_by = 'person' then 1 else 0 end) = 1 as is_counted_by_person
    from delivered
    group by contract_reference, measure_id, period
)

select {{ as_declared(model) }}
from final
