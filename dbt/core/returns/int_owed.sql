-- grain: a return owed by a sender for a period, by part
select
    obligations."return",
    obligations.sender,
    periods.period,
    periods.period_kind,
    coalesce(obligations.part, '') as part,
    cast(
        {{ dbt.dateadd('day', 'max(obligations.due_days_after_end)', 'max(periods.last_day)') }} as date
    ) as due_date
from {{ ref('obligations') }} as obligations
inner join {{ ref('dim_calendar') }} as first_owed
    on obligations.first_period = first_owed.period and obligations.every = first_owed.period_kind
left join {{ ref('dim_calendar') }} as last_owed
    on obligations.last_period = last_owed.period and obligations.every = last_owed.period_kind
inner join {{ ref('dim_calendar') }} as periods
    on obligations.every = periods.period_kind
    and periods.first_day >= first_owed.first_day
    and (obligations.last_period is null or periods.first_day <= last_owed.first_day)
where {{ recorded_by_now('obligations') }}
group by obligations."return", obligations.sender, periods.period, periods.period_kind,
    coalesce(obligations.part, '')
