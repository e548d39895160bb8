-- grain: a place in a period that a quarter's report shows
with sums as (
    select
        periods.quarter, periods.period, periods.period_kind, cells.breakdown_value as district,
        sum(case when cells.basis = 'known' then cells.numerator else 0 end) as amount_in_place,
        sum(case when cells.basis = 'known' then cells.denominator else 0 end) as amount_known,
        sum(case when cells.basis = 'all' then cells.denominator else 0 end) as amount_all
    from {{ ref('dim_report_periods') }} as periods
    inner join {{ ref('fct_indicator_values') }} as cells
        on periods.month = cells.period and cells.period_kind = 'month'
    where cells.indicator_id = 'C01' and cells.breakdown in ('', 'district')
    group by periods.quarter, periods.period, periods.period_kind, cells.breakdown_value
),

places as (
    select geography_name, geography_order, geography_code,
        case when kind = 'region' then '' else geography_name end as district
    from {{ ref('geographies') }}
    where valid_to is null
),

final as (
    select
        coverage.quarter,
        coverage.period,
        coverage.period_kind,
        coverage.to_date,
        places.geography_order as place_order,
        places.geography_name as place,
        places.geography_code as place_code,
        cast(coalesce(sums.amount_in_place, 0) as decimal(18, 2)) as amount_in_place,
        cast(coalesce(sums.amount_known, 0) as decimal(18, 2)) as amount_known,
        cast(coalesce(sums.amount_all, 0) as decimal(18, 2)) as amount_all,
        {{ percent('sums.amount_in_place', 'sums.amount_known') }} as percent_of_known,
        {{ percent('sums.amount_in_place', 'sums.amount_all') }} as percent_of_all,
        coverage.months_received,
        coverage.months_expected,
        coverage.status
    from {{ ref('rpt_period_coverage') }} as coverage
    cross join places
    left join sums
        on coverage.quarter = sums.quarter
        and coverage.period = sums.period
        and coverage.period_kind = sums.period_kind
        and places.district = sums.district
    where not coverage.is_past_half
)

select {{ as_declared(model) }}
from final
