-- grain: a quarter, or the year that it ends: validated hours of volunteering over full-time equivalents (E13)
with final as (
    select
        ends.last_quarter as quarter,
        cells.period,
        cells.period_kind,
        cells.indicator_id,
        cells.numerator as hours,
        cells.denominator as fte,
        cells.value as hours_per_fte,
        cells.n_reporting,
        cells.n_expected,
        cells.status
    from {{ ref('fct_indicator_values') }} as cells
    inner join {{ ref('dim_period_ends') }} as ends
        on cells.period = ends.period and cells.period_kind = ends.period_kind
    inner join {{ ref('dim_calendar') }} as periods   -- a year that still runs is told by its quarters
        on ends.period = periods.period and ends.period_kind = periods.period_kind
        and ends.last_quarter = periods.quarter
    where cells.indicator_id = 'E13' and cells.basis = 'validated-per-fte'
        and cells.period_kind in ('quarter', 'year') and cells.breakdown = ''
        and cells.denominator > 0 and cells.numerator is not null
)

select {{ as_declared(model) }}
from final
