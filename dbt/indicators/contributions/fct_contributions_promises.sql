-- grain: a row of a commitment or of its profile in a basis of C07, committed and due, and a period
with due as (
    select 'committed' as what, ends.period, promised.contract_reference, promised.measure_id, promised.quantity,
        promised._return_id, promised._sheet, promised._row
    from {{ ref('int_commitments') }} as promised
    cross join {{ ref('dim_period_ends') }} as ends
    union all
    select 'profiled-to-date', ends.period, profiled.contract_reference, profiled.measure_id,
        profiled.due_to_date, profiled._return_id, profiled._sheet, profiled._row
    from {{ ref('int_commitments_profiled') }} as profiled
    inner join {{ ref('dim_period_ends') }} as ends on profiled.quarter = ends.last_quarter
    union all
    select 'profiled', ends.period, profiled.contract_reference, profiled.measure_id,
        sum(profiled.due_to_date - profiled.due_before), profiled._return_id, profiled._sheet, profiled._row
    from {{ ref('int_commitments_profiled') }} as profiled
    inner join {{ ref('dim_published_quarters') }} as quarters on profiled.quarter = quarters.quarter
    inner join {{ ref('dim_period_ends') }} as ends
        on quarters.first_day between ends.first_day and ends.last_day
    group by ends.period, profiled.contract_reference, profiled.measure_id,
        profiled._return_id, profiled._sheet, profiled._row
),

figures as (
    -- each is a figure of its own, and the denominator of a ratio
    select 'committed' as what, 'committed' as basis, 1 as of_numerator
    union all select 'committed', 'validated-of-committed', 0
    union all select 'profiled-to-date', 'profiled-to-date', 1
    union all select 'profiled-to-date', 'validated-of-profiled', 0
    union all select 'profiled', 'profiled', 1
),

final as (
    select
        'C07' as indicator_id,
        figures.basis,
        due.period,
        contracts.sender,
        due.measure_id as measure,
        due.contract_reference as contract,
        cast(due.quantity * figures.of_numerator as decimal(24, 6)) as numerator,
        cast(due.quantity * (1 - figures.of_numerator) as decimal(24, 6)) as denominator,
        due._return_id,
        due._sheet,
        due._row
    from due
    inner join {{ ref('fct_contract_periods') }} as contracts
        on due.contract_reference = contracts.contract_reference and due.period = contracts.period
    inner join {{ ref('measures') }} as measures on due.measure_id = measures.measure_id
    inner join figures on due.what = figures.what
    -- of heads there is no ratio: promised heads and distinct people are not counted alike
    where figures.of_numerator = 1 or coalesce(measures.counted_by_person, '') <> 'distinct people'
)

select {{ as_declared(model) }}
from final
