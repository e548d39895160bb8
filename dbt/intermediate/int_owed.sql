-- grain: a return owed by a sender for a month, by part
select
    obligations."return",
    obligations.sender,
    months.month,
    coalesce(obligations.part, '') as part,
    cast(
        {{ dbt.dateadd('day', 'max(obligations.due_days_after_end)', 'max(months.last_day)') }} as date
    ) as due_date
from {{ ref('obligations') }} as obligations
inner join {{ ref('int_months') }} as months
    on months.month >= obligations.first_period
    and months.month <= coalesce(obligations.last_period, '9999-12')
where obligations.every = 'month' and {{ recorded_by_now('obligations') }}
group by obligations."return", obligations.sender, months.month, coalesce(obligations.part, '')
