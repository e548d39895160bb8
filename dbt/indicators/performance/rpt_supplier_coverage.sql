-- grain: a supplier's return owed for a quarter: whether it came, and which contract value it speaks of (C10)
with live as (
    select
        period, supplier_id,
        max(supplier_name) as supplier_name,
        count(*) as contracts,
        sum(case when is_reported_on then 1 else 0 end) as contracts_reported_on,
        sum(value) as value,
        sum(case when is_reported_on then value end) as value_reported_on
    from {{ ref('fct_contract_value') }}
    where period_kind = 'quarter' and is_live
    group by period, supplier_id
),

final as (
    select
        slots.sender,
        slots.period as quarter,
        live.supplier_id,
        live.supplier_name,
        slots.due_date,
        slots.received_at,
        slots.late_days,
        case
            when not slots.in_force then 'missing'
            when slots.late_days > 0 then 'late'
            else 'in time'
        end as came,
        coalesce(live.contracts, 0) as contracts,
        coalesce(live.contracts_reported_on, 0) as contracts_reported_on,
        cast(coalesce(live.value, 0) as decimal(18, 2)) as value,
        cast(coalesce(live.value_reported_on, 0) as decimal(18, 2)) as value_reported_on
    from {{ ref('rpt_returns') }} as slots
    left join live on slots.sender = 's' || lower(live.supplier_id) and slots.period = live.period
    where slots."return" = 'supplier_returns' and slots.is_owed
)

select {{ as_declared(model) }}
from final
