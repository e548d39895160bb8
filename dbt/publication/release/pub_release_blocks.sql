-- grain: a reason not to publish a quarter
with untied as (
    -- a return that is missing, held or rejected shows in coverage and is no reason of its own
    select quarters.quarter, totals.sender, totals.month, totals.part, totals.difference,
        totals.loaded_payments + totals.quarantined_payments - totals.control_payments as payments_over
    from {{ ref('fct_control_totals') }} as totals
    inner join {{ ref('dim_months') }} as quarters on totals.month = quarters.month
    where totals.ties = 'no' and totals.returns_awaited = 0
),

open_findings as (
    select quarters.quarter, findings.finding_id, findings.message
    from {{ ref('fct_findings') }} as findings
    inner join {{ ref('dim_calendar') }} as quarters on findings.period = quarters.period
    where findings.severity = 'block release'
        and findings.is_about_figures
        and not findings.is_accepted
),

thin as (
    -- where none came there is no figure: nothing rests on too little, unless the quarter rests on it
    select reports.quarter, indicators.indicator_id, coverage.n_reporting, coverage.n_expected,
        minimum.minimum_coverage
    from {{ ref('dim_published_quarters') }} as reports
    inner join {{ ref('rpt_coverage') }} as coverage
        on reports.quarter = coverage.period and coverage.period_kind = 'quarter'
    inner join {{ ref('indicators') }} as indicators
        on coverage."return" = indicators.fed_by and {{ valid_within('indicators', 'reports.first_day', 'reports.last_day') }}
    inner join {{ ref('minimum_coverage') }} as minimum
        on indicators.indicator_id = minimum.indicator_id
        and {{ valid_on('minimum', 'reports.last_day') }}
        and {{ recorded_by_now('minimum') }}
    where coverage.n_expected > 0
        and coverage.coverage < minimum.minimum_coverage
        and (coverage.n_reporting > 0 or minimum.holds_at_none = 'yes')
),

reasons as (
    select quarter, 'control total does not tie' as kind, trim(sender || ' ' || month || ' ' || part) as what,
        'Payments read differ from the control total by ' || {{ as_text('payments_over') }}
        || ' lines and GBP ' || cast(difference as {{ dbt.type_string() }}) || '.' as detail
    from untied
    union all
    select quarter, 'open finding', finding_id, message from open_findings
    union all
    select quarter, 'coverage below minimum', indicator_id,
        {{ as_text('n_reporting') }} || ' of ' || {{ as_text('n_expected') }}
        || ' owed returns are in; the least share is '
        || cast(minimum_coverage as {{ dbt.type_string() }}) || '.'
    from thin
),

final as (
    select
        reasons.quarter,
        reasons.kind,
        reasons.what,
        reasons.detail
    from reasons
    inner join {{ ref('dim_published_quarters') }} as reports on reasons.quarter = reports.quarter
)

select {{ as_declared(model) }}
from final
