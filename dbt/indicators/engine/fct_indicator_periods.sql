-- grain: what rows of a series are for, in a period of a figure in which they count
with seen as (
    select indicator_id, basis, _series, period, max(case when n_denominator > 0 then 1 else 0 end) as has_denominator
    from {{ ref('fct_contribution_sums') }}
    group by indicator_id, basis, _series, period
),

spans as (
    select
        seen.indicator_id, seen.basis, seen._series, figures.over_time,
        periods.inner_period, periods.inner_first_day, periods.inner_last_day,
        periods.period, periods.period_kind, periods.first_day,
        max(periods.inner_last_day) over (
            partition by seen.indicator_id, seen.basis, seen._series, periods.period, periods.period_kind
        ) as newest_day,
        max(case when seen.has_denominator = 1 then periods.inner_last_day end) over (
            partition by seen.indicator_id, seen.basis, seen._series, periods.period, periods.period_kind
        ) as newest_denominator_day
    from seen
    inner join {{ ref('dim_figures') }} as figures
        on seen.indicator_id = figures.indicator_id and seen.basis = figures.basis
    inner join {{ ref('dim_periods') }} as periods on seen.period = periods.inner_period
    left join {{ ref('dim_later_months') }} as later
        on seen.indicator_id = later.indicator_id and seen.basis = later.basis
        and periods.period = later.period and periods.period_kind = later.period_kind
    where figures.is_available
        and {{ valid_within('figures', 'periods.inner_first_day', 'periods.inner_last_day') }}
        and coalesce(later.months_begun, 1) > 0   -- what only later months can tell is not known before any
),

counted as (
    select *,
        case over_time
            when 'latest' then inner_last_day = newest_day
            when 'own' then inner_period = period
            else true
        end as counts_above,
        case over_time
            when 'add' then true
            when 'latest' then inner_last_day = newest_day
            when 'own' then inner_period = period
            when 'opening' then inner_first_day = first_day
            when 'closing' then inner_last_day = newest_denominator_day
        end as counts_below
    from spans
),

final as (
    select
        indicator_id,
        basis,
        _series,
        inner_period,
        period,
        period_kind,
        counts_above,
        coalesce(counts_below, false) as counts_below
    from counted
    where counts_above or counts_below
)

select {{ as_declared(model) }}
from final
