-- grain: a period that a quarter's report shows, with how many of its months are in
select
    periods.quarter,
    periods.period,
    periods.period_kind,
    periods.to_date,
    periods.is_past_half,
    max(periods.month_last_day) as last_day,   -- of the months that count
    -- a month is in when every payments return owed for it is in
    count(case when coverage.n_expected > 0 then 1 end) as months_expected,
    count(case when coverage.n_expected > 0 and coverage.n_reporting = coverage.n_expected then 1 end)
        as months_received,
    case
        when periods.to_date then 'provisional'   -- the period is not over yet
        when sum(coverage.n_expected - coverage.n_reporting) > 0 then 'provisional'
        when max(coalesce(coverage.last_due_date, periods.month_last_day)) < {{ as_of_day() }}
            and max(periods.month_last_day) < {{ as_of_day() }} then 'final'
        else 'provisional'
    end as status
from {{ ref('dim_report_periods') }} as periods
left join {{ ref('rpt_coverage') }} as coverage
    on periods.month = coverage.period
    and coverage.period_kind = 'month'
    and coverage."return" = 'finance_payments'
group by periods.quarter, periods.period, periods.period_kind, periods.to_date, periods.is_past_half
