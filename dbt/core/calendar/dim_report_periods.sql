-- grain: a month of a period that a quarter's report shows
with quarters_with_payments as (
    select distinct periods.quarter, periods.half
    from {{ ref('int_received') }} as received
    inner join {{ ref('dim_calendar') }} as periods on received.period = periods.period
    where received."return" = 'finance_payments' and received.in_force
)

select
    reports.quarter,
    periods.period,
    periods.period_kind,
    periods.last_day > reports.last_day as to_date,
    periods.period_kind = 'half' and periods.last_day < reports.first_day as is_past_half,
    periods.inner_period as month,
    periods.inner_last_day as month_last_day
from {{ ref('dim_published_quarters') }} as reports
inner join {{ ref('dim_periods') }} as periods
    on periods.inner_last_day <= reports.last_day   -- of a period that is not over: to date
    and periods.inner_kind = 'month'
    and (
        (
            periods.period_kind = 'quarter'
            and periods.first_day <= reports.first_day
            and periods.first_day >= {{ dbt.dateadd('year', -1, 'reports.first_day') }}
        )
        or (
            periods.period_kind in ('half', 'year')
            and periods.first_day <= reports.first_day
            and periods.last_day >= reports.last_day
        )
        -- the half-year before, for figures that months after it complete
        or (
            periods.period_kind = 'half'
            and periods.last_day < reports.first_day
            and periods.last_day >= {{ dbt.dateadd('month', -6, 'reports.first_day') }}
        )
    )
left join quarters_with_payments as filled on periods.period = filled.quarter
left join (select distinct half from quarters_with_payments) as halves on periods.period = halves.half
where filled.quarter is not null
    or halves.half is not null
    or periods.period = reports.quarter
    or (periods.period_kind <> 'quarter' and periods.last_day >= reports.last_day)
