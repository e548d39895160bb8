-- grain: a kind of supplier (SME, VCSE) in a quarter
{%- set kinds = [('C02', 'SME', 'is_sme'), ('C03', 'VCSE', 'is_vcse')] %}
with lines as (
    {% for indicator, kind, flag in kinds -%}
    select '{{ indicator }}' as indicator_id, '{{ kind }}' as supplier_kind, payments.month,
        case
            when places.kind in ('redacted', 'excluded') then places.kind
            when payments.{{ flag }} then 'of_kind'
            when not payments.{{ flag }} then 'not_of_kind'
            else 'unknown'
        end as answer,
        sum(payments.amount) as amount
    from {{ ref('fct_payments') }} as payments
    inner join {{ ref('dim_place_groups') }} as places on payments.place_group = places.place_group
    group by payments.month, answer
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

sums as (
    select lines.indicator_id, lines.supplier_kind, months.quarter
        {%- for answer in ['of_kind', 'not_of_kind', 'unknown', 'redacted', 'excluded'] %},
        cast(sum(case when lines.answer = '{{ answer }}' then lines.amount else 0 end) as decimal(18, 2))
            as amount_{{ answer }}
        {%- endfor %}
    from lines
    inner join {{ ref('dim_months') }} as months on lines.month = months.month
    group by lines.indicator_id, lines.supplier_kind, months.quarter
),

final as (
    select
        alls.quarter,
        alls.indicator_id,
        sums.supplier_kind,
        alls.definition_id,
        sums.amount_of_kind,
        sums.amount_not_of_kind,
        sums.amount_unknown,
        sums.amount_redacted,
        sums.amount_excluded,
        alls.amount_quarantined,
        knowns.value as percent_of_known,
        alls.value as percent_of_all,
        alls.n_reporting,
        alls.n_expected,
        alls.status
    from sums
    inner join {{ ref('pub_indicators') }} as alls
        on sums.quarter = alls.quarter and sums.indicator_id = alls.indicator_id and alls.basis = 'all'
    inner join {{ ref('pub_indicators') }} as knowns
        on alls.quarter = knowns.quarter
        and alls.indicator_id = knowns.indicator_id
        and knowns.basis = 'known'
)

select {{ as_declared(model) }}
from final
