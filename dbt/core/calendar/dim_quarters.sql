-- grain: a financial quarter
with quarters as (
    select period as quarter, first_day, last_day, half, financial_year,
        lag(period) over (order by first_day) as quarter_before,
        lag(period, 4) over (order by first_day) as quarter_year_before
    from {{ ref('dim_calendar') }}
    where period_kind = 'quarter'
),

final as (
    select quarters.*, reports.quarter is not null as has_report
    from quarters
    left join {{ ref('dim_published_quarters') }} as reports on quarters.quarter = reports.quarter
)

select {{ as_declared(model) }}
from final
