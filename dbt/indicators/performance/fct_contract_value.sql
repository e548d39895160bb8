-- grain: a contract with commitments that has started, in a quarter, half-year or year: cost beside benefit (F05)
{%- set kinds = ['fiscal', 'carbon', 'wellbeing', 'in-kind'] %}
{%- set pounds = pounds_delivered() %}
with figures as (
    select contract, period, basis, numerator from {{ ref('fct_contributions_cost') }} where indicator_id = 'F05'
    union all
    -- what validated deliveries to date are worth; the kinds are never added up
    select contract, period, basis, numerator from {{ ref('fct_contributions_deliveries') }} where indicator_id = 'C08'
    union all
    select contract, period, basis, numerator from {{ ref('ppl_contributions_deliveries') }} where indicator_id = 'C08'
),

summed as (
    select
        contract, period,
        {% for basis in pounds | map('replace', '_', '-') | list + ['extra-cost'] + kinds -%}
        sum(case when basis = '{{ basis }}' then numerator end) as {{ basis | replace('-', '_') }},
        {% endfor -%}
        count(*) as contributions
    from figures
    group by contract, period
),

final as (
    select
        contracts.contract_reference,
        contracts.contract_title,
        contracts.supplier_id,
        contracts.supplier_name,
        contracts.directorate,
        contracts.period,
        contracts.period_kind,
        contracts.start_date,
        contracts.end_date,
        contracts.is_live,
        contracts.is_named as is_reported_on,
        cast(contracts.value as decimal(18, 2)) as value,
        {% for column in pounds -%}
        cast(coalesce(summed.{{ column }}, 0) as decimal(18, 2)) as {{ column }},
        {% endfor -%}
        cast(summed.extra_cost as decimal(18, 2)) as extra_cost,
        {% for kind in kinds | map('replace', '-', '_') -%}
        cast(summed.{{ kind }} as decimal(18, 2)) as {{ kind }}_value_to_date{{ ',' if not loop.last }}
        {% endfor -%}
    from {{ ref('fct_contract_periods') }} as contracts
    left join summed
        on contracts.contract_reference = summed.contract and contracts.period = summed.period
)

select {{ as_declared(model) }}
from final
