-- grain: a quarter's validated hours of volunteering over the employer's full-time equivalents (E13)
with final as (
    select
        cells.period as quarter,
        cells.indicator_id,
        cells.numerator as hours,
        cells.denominator as fte,
        cells.value as hours_per_fte,
        cells.n_reporting,
        cells.n_expected,
        cells.status
    from {{ ref('fct_indicator_values') }} as cells
    inner join {{ ref('dim_published_quarters') }} as reports on cells.period = reports.quarter
    where cells.indicator_id = 'E13' and cells.basis = 'validated-per-fte'
        and cells.period_kind = 'quarter' and cells.breakdown = ''
        and cells.denominator > 0 and cells.numerator is not null
)

select {{ as_declared(model) }}
from final
