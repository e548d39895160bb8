-- Every whole value of a financial year can be added up again from the rows it is made of; what is not
-- available has no sums.
with rows_of as (
    select
        contributions.indicator_id, contributions.basis, periods.period,
        sum(contributions.numerator) as numerator, sum(contributions.denominator) as denominator
    from {{ ref('fct_indicator_contributions') }} as contributions
    inner join {{ ref('int_figures') }} as figures
        on contributions.indicator_id = figures.indicator_id
        and contributions.basis = figures.basis
        and figures.is_available
    inner join {{ ref('dim_periods') }} as periods
        on contributions.month = periods.month and periods.period_kind = 'year'
    group by contributions.indicator_id, contributions.basis, periods.period
)

select rows_of.indicator_id, rows_of.basis, rows_of.period
from rows_of
full outer join (
    select * from {{ ref('fct_indicator_values') }} where period_kind = 'year' and breakdown = ''
) as sums
    on rows_of.indicator_id = sums.indicator_id
    and rows_of.basis = sums.basis
    and rows_of.period = sums.period
where rows_of.numerator is distinct from sums.numerator
    or (rows_of.denominator is distinct from sums.denominator and sums.rule <> 'sum')
    or (sums.status = 'not available' and sums.value is not null)
