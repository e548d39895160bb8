-- grain: a return in a period: how many were owed, how many of them count
with counted as (
    select
        slots."return",
        periods.period,
        periods.period_kind,
        max(periods.last_day) as last_day,
        max(slots.due_date) as last_due_date,
        sum(case when slots.is_owed then 1 else 0 end) as n_expected,
        sum(case when slots.is_owed and slots.in_force then 1 else 0 end) as n_reporting,
        sum(slots.replacements) as revision,
        max(cast(slots.replaced_at as date)) as last_replaced_on
    from {{ ref('rpt_returns') }} as slots
    inner join {{ ref('dim_periods') }} as periods on slots.period = periods.inner_period
    group by slots."return", periods.period, periods.period_kind
),

final as (
    select
        "return",
        period,
        period_kind,
        last_due_date,
        n_expected,
        n_reporting,
        {{ ratio('n_reporting', 'n_expected') }} as coverage,
        case
            when last_day >= {{ as_of_day() }}
                or n_reporting < n_expected
                or coalesce(last_due_date, last_day) >= {{ as_of_day() }} then 'provisional'
            when last_replaced_on > coalesce(last_due_date, last_day) then 'revised'
            else 'final'
        end as status,
        revision
    from counted
)

select {{ as_declared(model) }}
from final
