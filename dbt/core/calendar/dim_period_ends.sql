-- grain: a quarter, half-year or year that has been reported on, up to its newest reported quarter
select
    periods.period,
    periods.period_kind,
    periods.first_day,
    max(quarters.last_day) as last_day,
    max(quarters.quarter) as last_quarter
from {{ ref('dim_calendar') }} as periods
inner join {{ ref('dim_published_quarters') }} as quarters
    on quarters.first_day >= periods.first_day and quarters.last_day <= periods.last_day
where periods.period_kind in ('quarter', 'half', 'year')
group by periods.period, periods.period_kind, periods.first_day
