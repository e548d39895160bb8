-- grain: an indicator's value in a period, by basis, breakdown and its part
{%- set is_of_last_quarter = "figures.over_time = 'latest' and cells.period_kind in ('half', 'year')" %}
with cells as (
    select indicator_id, basis, period, period_kind, breakdown, part,
        numerator, denominator, n_numerator, n_denominator, null as value, true as has_rows
    from {{ ref('fct_period_sums') }}
    union all
    select indicator_id, basis, period, period_kind, breakdown, part,
        numerator, denominator, n_numerator, n_denominator, value, true
    from {{ ref('ppl_gaps') }}
    union all
    select indicator_id, basis, period, period_kind, breakdown, part,
        people as numerator, null, people as n_numerator, null, null, true
    from {{ ref('ppl_distinct') }}
    union all
    -- a figure of a reported period that no row speaks of is not available, and that is no zero
    select figures.indicator_id, figures.basis, reported.period, reported.period_kind, '', '',
        null, null, null, null, null, false
    from {{ ref('dim_figures') }} as figures
    cross join (select distinct period, period_kind from {{ ref('dim_report_periods') }}) as reported
    left join {{ ref('fct_indicator_periods') }} as seen
        on figures.indicator_id = seen.indicator_id and figures.basis = seen.basis
        and reported.period = seen.period and reported.period_kind = seen.period_kind
    where seen.indicator_id is null
),

final as (
    select
        cells.indicator_id, cells.basis, cells.breakdown, cells.part as breakdown_value, cells.period, cells.period_kind,
        cast(cells.numerator as decimal(24, 6)) as numerator,
        case when figures.rule not in {{ without_denominator() }} then cast(cells.denominator as decimal(24, 6)) end
            as denominator,
        coalesce(cells.value, {{ value_by_rule('figures.rule', 'cells.numerator', 'cells.denominator') }}) as value,
        coalesce(measures.unit, figures.unit) as unit,
        figures.rule,
        coalesce(cells.n_numerator, 0) as n_numerator,
        coalesce(cells.n_denominator, 0) as n_denominator,
        coalesce(coverage.n_reporting, 0) as n_reporting,
        coalesce(coverage.n_expected, 0) as n_expected,
        coverage.coverage,
        case
            when not cells.has_rows then 'not available'
            when later.months_in < later.later_months then 'provisional'
            else coalesce(coverage.status, 'provisional')
        end as status,
        coalesce(coverage.revision, 0) as revision
    from cells
    inner join {{ ref('dim_figures') }} as figures
        on cells.indicator_id = figures.indicator_id and cells.basis = figures.basis
    left join {{ ref('dim_calendar') }} as ends
        on cells.period = ends.period and cells.period_kind = ends.period_kind
    left join {{ ref('rpt_coverage') }} as coverage
        on figures.fed_by = coverage."return"
        -- of a level the returns of the period's last quarter are what it rests on
        and coverage.period = case when {{ is_of_last_quarter }} then ends.quarter else cells.period end
        and coverage.period_kind = case when {{ is_of_last_quarter }} then 'quarter' else cells.period_kind end
    left join {{ ref('dim_later_months') }} as later
        on cells.indicator_id = later.indicator_id and cells.basis = later.basis
        and cells.period = later.period and cells.period_kind = later.period_kind
    -- of a figure by measure each part has its own unit
    left join {{ ref('measures') }} as measures
        on figures.unit = 'as the measure says'
        and (
            (cells.breakdown = 'measure' and cells.part = measures.measure_id)
            or (cells.breakdown like 'measure/%' and cells.part like measures.measure_id || '/%')
        )
    left join {{ ref('dim_breakdowns') }} as rules
        on cells.indicator_id = rules.indicator_id and cells.breakdown = rules.breakdown
    where coalesce({{ valid_within('figures', 'ends.first_day', 'ends.last_day') }}, true)
        and coalesce({{ valid_within('rules', 'ends.first_day', 'ends.last_day') }}, true)
)

select {{ as_declared(model) }}
from final
