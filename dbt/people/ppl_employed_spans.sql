-- grain: a person's row in a period, or up to its end, at a step of its claim, as a measure counts it
with measured as (
    select employed.*, measures.measure_id, measures.counted_by_person,
        employed.fte_years as figure, employed.years_count_as as counts_as
    from {{ ref('ppl_employed') }} as employed
    inner join {{ ref('measures') }} as measures on measures.counted_by_person = 'FTE years'
    where employed.lives_here
    union all
    select employed.*, measures.measure_id, measures.counted_by_person, 1, employed.heads_count_as
    from {{ ref('ppl_employed') }} as employed
    inner join {{ ref('measures') }} as measures on measures.counted_by_person = 'distinct people'
    where employed.is_newly_disadvantaged
),

placed as (
    select
        measured.*, steps.step, ends.period as span_period, ends.period_kind, spans.span,
        ends.last_day as span_last_day,
        -- a person counts once: the earliest quarter, then the earliest start, then the first contract
        row_number() over (
            partition by measured.sender, measured.person_key, measured.measure_id, steps.step,
                ends.period, spans.span
            order by measured.first_day, measured.start_date, measured.matched_contract,
                measured._sheet, measured._row
        ) as place
    from measured
    inner join {{ claim_steps() }} as steps on measured.counts_as = steps.counts_as
    inner join {{ ref('dim_period_ends') }} as ends on measured.first_day <= ends.last_day
    inner join (select 'in period' as span union all select 'to date') as spans
        on spans.span = 'to date' or measured.first_day >= ends.first_day
)

select
    sender, matched_contract as contract_reference, measure_id, figure, counted_by_person, step, span,
    span_period as period, period_kind, last_day as delivered_by,
    contract_start_date <= span_last_day as has_started,
    person_key, disadvantaged_group, _return_id, _sheet, _row
from placed
where counted_by_person = 'FTE years' or place = 1
