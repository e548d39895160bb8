-- grain: a contract with commitments that has started, and all of them together, in a quarter (F05)
{%- set pounds = pounds_delivered() %}
with contracts as (
    select facts.*
    from {{ ref('fct_contract_value') }} as facts
    where facts.period_kind = 'quarter'
),

every as (
    select period, 2 as row_order, contract_reference, contract_title, directorate, is_live, is_reported_on,
        value, {{ pounds | join(', ') }}, extra_cost
    from contracts
    union all
    select period, 1, 'All contracts', 'All contracts with commitments that have started', 'All', null, null,
        sum(value), {% for column in pounds %}sum({{ column }}), {% endfor %}sum(extra_cost)
    from contracts
    group by period
),

final as (
    select
        every.period as quarter,
        every.row_order,
        every.contract_reference, every.contract_title, every.directorate,
        every.is_live,
        every.is_reported_on,
        {% for column in ['value'] + pounds + ['extra_cost'] -%}
        cast(every.{{ column }} as decimal(18, 2)) as {{ column }}{{ ',' if not loop.last }}
        {% endfor -%}
    from every
    inner join {{ ref('dim_published_quarters') }} as reports on every.period = reports.quarter
)

select {{ as_declared(model) }}
from final
