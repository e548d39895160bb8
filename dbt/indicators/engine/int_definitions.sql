-- grain: a figure with a break in its definition, in a period: which definition it is by
-- (breaks before it and breaks by its end, added up: two periods come to the same only with no break in or between them)
select figures.indicator_id, figures.basis, periods.period, periods.period_kind,
    cast(sum(
        case when breaks.first_day <= periods.first_day then 1 else 0 end
        + case when breaks.first_day <= periods.last_day then 1 else 0 end
    ) as bigint) as definition
from {{ ref('definition_breaks') }} as breaks
inner join {{ ref('dim_figures') }} as figures
    on breaks.indicator_id = figures.indicator_id and coalesce(breaks.basis, figures.basis) = figures.basis
cross join (select distinct period, period_kind, first_day, last_day from {{ ref('dim_periods') }}) as periods
where {{ recorded_by_now('breaks') }}
group by figures.indicator_id, figures.basis, periods.period, periods.period_kind
