-- grain: a figure of prompt payment, or a kind of payment lines, in a period that a quarter's report shows
with counted as (
    select periods.quarter, periods.period, periods.period_kind, cells.basis,
        cast(sum(cells.numerator) as decimal(18, 2)) as numerator,
        cast(sum(cells.denominator) as decimal(18, 2)) as denominator,
        cast(null as decimal(18, 2)) as amount
    from {{ ref('dim_report_periods') }} as periods
    inner join {{ ref('fct_indicator_values') }} as cells
        on periods.month = cells.period and cells.period_kind = 'month'
    where cells.indicator_id = 'C05' and cells.breakdown = ''
    group by periods.quarter, periods.period, periods.period_kind, cells.basis
    union all
    select periods.quarter, periods.period, periods.period_kind, lines.counts_as,
        cast(sum(lines.payments) as decimal(18, 2)), null, cast(sum(lines.amount) as decimal(18, 2))
    from {{ ref('dim_report_periods') }} as periods
    inner join {{ ref('rpt_invoice_coverage') }} as lines on periods.month = lines.month
    group by periods.quarter, periods.period, periods.period_kind, lines.counts_as
),

waiting as (
    -- of figures that later months complete: whether all of its months can be known, and are whole
    select periods.quarter, periods.period, periods.period_kind, later.basis,
        min(later.months_begun) > 0 as is_known, min(later.months_in - later.later_months) >= 0 as is_whole
    from {{ ref('dim_report_periods') }} as periods
    inner join {{ ref('dim_later_months') }} as later
        on periods.month = later.period and later.period_kind = 'month' and later.indicator_id = 'C05'
    group by periods.quarter, periods.period, periods.period_kind, later.basis
),

final as (
    select
        reports.quarter, reports.period, reports.period_kind, reports.to_date,
        rules.figure_order,
        rules.regulation,
        rules.basis,
        rules.figure,
        -- by the rule in force on the last day that counts; null of payment lines, which no rule asks for
        case when rules.measure <> 'lines' then {{ valid_on('rules', 'reports.last_day') }} end as in_force,
        rules.reporting_period,
        coalesce(
            case when rules.measure = 'lines' then cast(coalesce(counted.numerator, 0) as decimal(24, 6)) end,
            {{ value_by_rule('figures.rule', 'counted.numerator', 'counted.denominator') }}
        ) as value,
        coalesce(figures.unit, 'payment lines') as unit,
        case when rules.measure <> 'lines' then counted.numerator end as numerator,
        case when figures.rule <> 'sum' then counted.denominator end as denominator,
        case when rules.measure = 'lines' then coalesce(counted.amount, cast(0 as decimal(18, 2))) end as amount,
        reports.months_received,
        reports.months_expected,
        case
            when rules.measure <> 'lines' and counted.basis is null then 'not available'
            when not waiting.is_whole then 'provisional'
            else reports.status
        end as status
    from {{ ref('rpt_period_coverage') }} as reports
    cross join {{ ref('prompt_payment_rules') }} as rules
    left join {{ ref('dim_figures') }} as figures
        on figures.indicator_id = 'C05' and rules.basis = figures.basis
    left join waiting
        on reports.quarter = waiting.quarter and rules.basis = waiting.basis
        and reports.period = waiting.period and reports.period_kind = waiting.period_kind
    left join counted
        on reports.quarter = counted.quarter
        and reports.period = counted.period
        and reports.period_kind = counted.period_kind
        and case when coalesce(waiting.is_known, true) then rules.basis end = counted.basis
    -- a half-year that has ended is shown again of what later months complete
    where not reports.is_past_half or waiting.basis is not null
)

select {{ as_declared(model) }}
from final
