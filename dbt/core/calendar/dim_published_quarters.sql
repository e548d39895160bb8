-- grain: a quarter that has a report: something came in, or it lies between months that have data
with bounds as (
    select min(periods.first_day) as first_day, max(periods.last_day) as last_day
    from {{ ref('int_received') }} as received
    inner join {{ ref('dim_calendar') }} as periods on received.period = periods.period
    -- a return for a year is in before the year's last quarter has begun
    where received.in_force and received.period_kind in ('month', 'quarter')
),

named as (
    select quarters.period
    from {{ ref('dim_calendar') }} as quarters
    inner join bounds
        on quarters.last_day >= bounds.first_day and quarters.first_day <= bounds.last_day
    where quarters.period_kind = 'quarter'
    union
    select periods.quarter
    from {{ ref('int_received') }} as received
    inner join {{ ref('dim_calendar') }} as periods on received.period = periods.period
    where received.period_kind in ('month', 'quarter')
)

select quarters.period as quarter, quarters.first_day, quarters.last_day
from {{ ref('dim_calendar') }} as quarters
inner join named on quarters.period = named.period
