-- grain: something that the executive team must act on, in a quarter
with figures as (
    select performance.*, indicators.title, bases.title as basis_title, bases.basis_order,
        coalesce(measures.title, nullif(performance.breakdown_value, ''), 'all') as part,
        coalesce(measures.is_people, case when people.basis is null then 'no' else 'yes' end) as counts_people
    from {{ ref('fct_indicator_performance') }} as performance
    inner join {{ ref('indicators') }} as indicators on performance.indicator_id = indicators.indicator_id
    inner join {{ ref('indicator_bases') }} as bases
        on performance.indicator_id = bases.indicator_id and performance.basis = bases.basis
    left join {{ ref('dim_figures_of_people') }} as people
        on performance.indicator_id = people.indicator_id and performance.basis = people.basis
    left join {{ ref('measures') }} as measures
        on performance.breakdown = 'measure' and performance.breakdown_value = measures.measure_id
    where performance.period_kind = 'quarter'
),

slots as (
    select returned.*, periods.quarter from {{ ref('rpt_returns') }} as returned
    inner join {{ ref('dim_calendar') }} as periods on returned.period = periods.period
),

agreed as (
    -- what was agreed earlier stands until it is done, also where a report says nothing of it
    select distinct quarter, commitment_id from {{ ref('fct_actions') }} where state <> 'done'
),

found as (
    select told.quarter, 1 as kind_order, 'Commitment off track' as kind, told.commitment_id || ' ' || title as subject,
        responsible_post as about, told.quarter as period, rag as rating, cast(null as decimal(24, 6)) as figure, cast(null as decimal(24, 6)) as compared_with,
        null as unit, coalesce(corrective_action, case when agreed.commitment_id is null then 'No corrective action is stated.'
            else 'No new corrective action is stated; one agreed earlier is still open.' end) as action, action_due
    from {{ ref('fct_commitment_progress') }} as told
    left join agreed on told.quarter = agreed.quarter and told.commitment_id = agreed.commitment_id
    where is_off_track
    union all
    select quarter, 2, 'Commitment not reported', commitment_id || ' ' || title, responsible_post, quarter as period, rag, null, null, null, null, null
    from {{ ref('fct_commitment_progress') }}
    where rag = 'NOT REPORTED'
    union all
    -- a figure about people is judged by what its own table shows, where it is protected
    select period as quarter, 3, 'Target missed', indicator_id || ' ' || title || ': ' || basis_title, part, period, rag,
        value, target, unit, null, null
    from figures
    where rag not in ('GREEN', 'no target') and counts_people = 'no'
    union all
    -- how late a missing return is grows by the day, and would make a new revision of it
    select quarter, case outcome when 'missing' then 4 when 'loaded' then 6 else 5 end,
        case outcome when 'missing' then 'Return missing' when 'loaded' then 'Return late' else 'Return not taken' end,
        "return", trim(sender || ' ' || part), period, outcome,
        case when outcome = 'loaded' then late_days end, null, case when outcome = 'loaded' then 'days' end, null, null
    from slots
    where (outcome = 'loaded' and late_days > 0) or outcome <> 'loaded'
    union all
    select months.quarter, 7, 'Money held back', 'finance_payments', trim(lines.sender || ' ' || lines.part),
        lines.month, 'quarantined', cast(lines.amount_quarantined as decimal(24, 6)), null, 'GBP', null, null
    from {{ ref('fct_payment_lines_read') }} as lines
    inner join {{ ref('dim_months') }} as months on lines.month = months.month
    where lines.payments_quarantined > 0
    union all
    select figures.period as quarter, 8, 'Large movement', indicator_id || ' ' || figures.title || ': ' || basis_title, part,
        figures.period, movement_short, value, value_before, unit, null, null
    from figures
    inner join {{ ref('review_rules') }} as rules
        on rules.rule_id = 'large-movement'
        and abs(figures.value - figures.value_before) > rules.threshold * abs(cast(figures.value_before as decimal(28, 6)))
    where breakdown = '' and basis_order = 1 and counts_people = 'no'
)

select {{ as_declared(model) }}
from found
where quarter in (select quarter from {{ ref('dim_published_quarters') }})
