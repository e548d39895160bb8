-- grain: a category of a characteristic, at an employer or at all of them, in a quarter
with cells as (
    select
        counted.period,
        coalesce(employers.employer_id, '') as employer_id,
        coalesce(employers.employer_name, 'All') as employer,
        case when counted.breakdown = 'employer' then ''
            else replace(counted.breakdown, 'employer/', '')
        end as characteristic,
        case when counted.breakdown = 'employer' then ''
            else replace(counted.breakdown_value, coalesce(employers.employer_id, '') || '/', '')
        end as category,
        counted.numerator as people,
        counted.n_reporting, counted.n_expected, counted.status
    from {{ ref('fct_indicator_values') }} as counted
    left join {{ ref('employers') }} as employers
        on case when counted.breakdown like 'employer%' then counted.breakdown_value || '/' end
        like employers.employer_id || '/%'
    where counted.indicator_id = 'E01' and counted.basis = 'headcount'
        and counted.period_kind = 'quarter'
        and counted.breakdown <> 'directorate' -- which is not told of each employer
        and counted.numerator is not null
),

wholes as (
    select period, employer_id, people from cells where characteristic = ''
),

final as (
    select
        reports.quarter,
        case when cells.employer_id = '' then 1 else 2 end as employer_order,
        cells.employer,
        case cells.characteristic
            when '' then 1 when 'sex' then 2 when 'ethnicity' then 3 when 'disability' then 4
            when 'age_band' then 5 else 6
        end as characteristic_order,
        case when cells.characteristic = '' then 'all' else cells.characteristic end as characteristic,
        case when cells.category = '' then 'All' else cells.category end as category,
        cells.people,
        {{ percent('cells.people', 'wholes.people') }} as percent_of_employer,
        cells.n_reporting,
        cells.n_expected,
        cells.status
    from cells
    inner join {{ ref('dim_published_quarters') }} as reports on cells.period = reports.quarter
    inner join wholes on cells.period = wholes.period and cells.employer_id = wholes.employer_id
)

select {{ as_declared(model) }}
from final
