-- Every whole value of a quarter or a year can be added up again from the rows it is made of; what is not
-- available has no sums. (Pay gaps and distinct people are no sums.)
{{ config(group='people') }}
with rows_of as (
    {% for contributions in ['fct_indicator_contributions', 'ppl_contributions'] -%}
    select
        contributions.indicator_id, contributions.basis, periods.period, periods.period_kind,
        sum(case when periods.counts_above then contributions.numerator end) as numerator,
        sum(case when periods.counts_below then contributions.denominator end) as denominator
    from (
        -- of each period first: there are a dozen rows to a payment, and few periods
        select indicator_id, basis, period, _series, sum(numerator) as numerator, sum(denominator) as denominator
        from {{ ref(contributions) }}
        group by indicator_id, basis, period, _series
    ) as contributions
    inner join {{ ref('dim_figures') }} as figures
        on contributions.indicator_id = figures.indicator_id and contributions.basis = figures.basis
    inner join {{ ref('fct_indicator_periods') }} as periods
        on contributions.indicator_id = periods.indicator_id
        and contributions.basis = periods.basis
        and contributions._series = periods._series
        and contributions.period = periods.inner_period
    where periods.period_kind in ('quarter', 'year')
        and figures.only_by is null
        and figures.rule not in ('mean gap', 'median gap', 'distinct people')
    group by contributions.indicator_id, contributions.basis, periods.period, periods.period_kind
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

added as (
    select indicator_id, basis, period, period_kind,
        sum(numerator) as numerator, sum(denominator) as denominator
    from rows_of
    group by indicator_id, basis, period, period_kind
)

select sums.indicator_id, sums.basis, sums.period
from added
full outer join (
    select
        found.*,
        figures.only_by is null and figures.rule not in ('mean gap', 'median gap', 'distinct people') as is_a_sum
    from {{ ref('fct_indicator_values') }} as found
    inner join {{ ref('dim_figures') }} as figures
        on found.indicator_id = figures.indicator_id and found.basis = figures.basis
    where found.period_kind in ('quarter', 'year') and found.breakdown = ''
) as sums
    on added.indicator_id = sums.indicator_id
    and added.basis = sums.basis
    and added.period = sums.period
    and added.period_kind = sums.period_kind
where (
    coalesce(sums.is_a_sum, true)
    and (
        round(added.numerator, 6) is distinct from sums.numerator
        or (
            round(added.denominator, 6) is distinct from sums.denominator
            and sums.rule not in ('sum', 'count')
        )
    )
)
or (sums.status = 'not available' and sums.value is not null)
