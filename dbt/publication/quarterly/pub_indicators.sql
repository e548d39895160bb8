-- grain: a figure (a basis of an indicator) in a quarter
with held as (
    select months.quarter, cast(sum(lines.amount_quarantined) as decimal(18, 2)) as amount_quarantined
    from {{ ref('fct_payment_lines_read') }} as lines
    inner join {{ ref('dim_months') }} as months on lines.month = months.month
    group by months.quarter
),

final as (
    select
        reports.quarter,
        figures.indicator_id,
        figures.title,
        figures.basis,
        figures.basis_order,
        figures.unit,
        sums.numerator,     -- null: not available, which is not 0
        sums.denominator,
        sums.value,
        {{ direction('figures.better') }} as direction,
        {% for before, movement in [('before', 'movement_short'), ('year_before', 'movement_long')] -%}
        performance.value_{{ before }},
        cast(sums.value - performance.value_{{ before }} as decimal(24, 6)) as change_{{ before }},
        coalesce(performance.{{ movement }}, 'no comparison') as verdict_{{ before }},
        {% endfor -%}
        performance.target,
        performance.target_before,
        performance.target_since,
        case when performance.target is not null then performance.rag end as rating,
        performance.periods_known as quarters_known,
        performance.lowest_known,
        performance.highest_known,
        coalesce(performance.standing, 'no comparison') as verdict_known,
        coalesce(coverage.n_reporting, 0) as n_reporting,
        coalesce(coverage.n_expected, 0) as n_expected,
        coverage.coverage,
        coalesce(sums.status, 'not available') as status,
        -- beside every figure of payments: what was read and is in none
        case when 'finance_payments' in (figures.fed_by, figures.also_needs)
            then coalesce(held.amount_quarantined, cast(0 as decimal(18, 2)))
        end as amount_quarantined,
        flags.definition_id,
        figures.rule,
        figures.source,
        figures.illustrative
    from {{ ref('dim_published_quarters') }} as reports
    cross join {{ ref('dim_figures') }} as figures
    left join {{ ref('fct_indicator_values') }} as sums
        on figures.indicator_id = sums.indicator_id
        and figures.basis = sums.basis
        and reports.quarter = sums.period
        and sums.period_kind = 'quarter'
        and sums.breakdown = ''
    left join {{ ref('fct_indicator_performance') }} as performance
        on figures.indicator_id = performance.indicator_id and figures.basis = performance.basis
        and reports.quarter = performance.period and performance.period_kind = 'quarter' and performance.breakdown = ''
    left join {{ ref('rpt_coverage') }} as coverage
        on figures.fed_by = coverage."return"
        and reports.quarter = coverage.period
        and coverage.period_kind = 'quarter'
    left join (
        select distinct indicator_id, last_day, definition_id from {{ ref('dim_flags') }}
    ) as flags
        on figures.indicator_id = flags.indicator_id and reports.last_day = flags.last_day
    left join held on reports.quarter = held.quarter
    left join {{ ref('dim_figures_of_people') }} as people
        on figures.indicator_id = people.indicator_id and figures.basis = people.basis
    -- figures about people, and those that have no whole, are published by tables of their own
    where people.indicator_id is null and figures.only_by is null
        and {{ valid_within('figures', 'reports.first_day', 'reports.last_day') }}
)

select {{ as_declared(model) }}
from final
