-- grain: a quarter that has a report: something came in, or it lies between months that have data
with bounds as (
    select min(month) as first_month, max(month) as last_month
    from {{ ref('int_received') }}
    where in_force
),

named as (
    select distinct months.quarter
    from {{ ref('int_months') }} as months
    cross join bounds
    left join {{ ref('int_received') }} as received on months.month = received.month
    where received.month is not null
        or months.month between bounds.first_month and bounds.last_month
)

select
    months.quarter,
    min(months.first_day) as first_day,
    max(months.last_day) as last_day
from {{ ref('int_months') }} as months
inner join named on months.quarter = named.quarter
group by months.quarter
