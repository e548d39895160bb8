-- grain: a month that periods are known for
select period as month, first_day, last_day, quarter, half, financial_year
from {{ ref('dim_calendar') }}
where period_kind = 'month'
