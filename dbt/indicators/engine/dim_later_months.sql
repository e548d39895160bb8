-- grain: a period of a figure that later months complete: how many of those months have come
with needed as (
    -- a figure of payments is whole once the months after the half-year that it speaks of are in
    select figures.indicator_id, figures.basis, figures.fed_by, figures.later_months,
        periods.period, periods.period_kind, max(halves.last_day) as last_day
    from {{ ref('dim_figures') }} as figures
    inner join {{ ref('dim_periods') }} as periods
        on periods.inner_kind = 'month' and figures.later_months is not null
    inner join {{ ref('dim_periods') }} as halves
        on halves.period_kind = 'half' and periods.inner_period = halves.inner_period
    group by figures.indicator_id, figures.basis, figures.fed_by, figures.later_months,
        periods.period, periods.period_kind
)

select
    needed.indicator_id,
    needed.basis,
    needed.period,
    needed.period_kind,
    needed.later_months,
    -- of a month of which nothing is owed, what came is all of it
    count(case when coverage.n_reporting > 0 or coverage.n_expected = 0 then 1 end) as months_begun,
    count(case when coverage.n_reporting = coverage.n_expected then 1 end) as months_in
from needed
left join {{ ref('dim_months') }} as months
    on needed.last_day < months.first_day
    and months.first_day <= {{ dbt.dateadd('month', 'needed.later_months', 'needed.last_day') }}
left join {{ ref('rpt_coverage') }} as coverage
    on needed.fed_by = coverage."return"
    and months.month = coverage.period
    and coverage.period_kind = 'month'
group by needed.indicator_id, needed.basis, needed.period, needed.period_kind, needed.later_months
