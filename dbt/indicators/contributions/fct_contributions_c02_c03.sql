-- grain: a payment line in a basis of C02 (SME spend) or C03 (VCSE spend): a view over fct_payments
{{ config(materialized='view') }}

with purchases as (
    select payments.*
    from {{ same_file('fct_payments') }} as payments
    inner join {{ same_file('dim_place_groups') }} as places
        on payments.place_group = places.place_group and places.in_all
),

flagged as (
    {% for indicator, flag in [('C02', 'is_sme'), ('C03', 'is_vcse')] -%}
    select '{{ indicator }}' as indicator_id, {{ flag }} as flag,
        month, sender, directorate, amount, _return_id, _sheet, _row
    from purchases
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    flagged.indicator_id,
    bases.basis,
    flagged.month as period,
    flagged.sender,
    coalesce(flagged.directorate, 'Not stated') as directorate,
    case when flagged.flag then flagged.amount else cast(0 as decimal(18, 2)) end as numerator,
    flagged.amount as denominator,
    flagged._return_id,
    flagged._sheet,
    flagged._row
from flagged
inner join {{ same_file('indicator_bases') }} as bases
    on flagged.indicator_id = bases.indicator_id
    and (bases.basis = 'all' or flagged.flag is not null)   -- known: the flag is
