-- grain: a gap between the pay of an ethnic group, or of disabled people, and others', at an employer or at all
with gaps as (
    select *,
        case when breakdown like 'employer%' then 2 else 1 end as employer_order,
        case
            when breakdown like '%ethnicity' then 'ethnicity'
            else 'disability'
        end as characteristic
    from {{ ref('fct_indicator_values') }}
    where indicator_id = 'E10' and period_kind = 'quarter' and n_numerator > 0
        and (
            (basis like 'ethnicity-me%' and breakdown in ('ethnicity', 'employer/ethnicity'))
            or (basis like 'disability-me%' and breakdown in ('', 'employer'))
        )
),

final as (
    select
        reports.quarter,
        gaps.employer_order,
        case when gaps.employer_order = 1 then 'All'
            else coalesce(employers.employer_name, gaps.breakdown_value)
        end as employer,
        gaps.characteristic,
        case
            when gaps.characteristic = 'disability' then 'disabled'
            when gaps.employer_order = 1 then gaps.breakdown_value
            else replace(gaps.breakdown_value, coalesce(employers.employer_id, '') || '/', '')
        end as compared,
        case when gaps.characteristic = 'disability' then 'not disabled' else 'white' end as compared_with,
        case when gaps.basis like '%-mean' then 'mean' else 'median' end as typical,
        gaps.n_numerator as people_compared,
        gaps.n_denominator as people_compared_with,
        gaps.value as gap,
        gaps.n_reporting,
        gaps.n_expected,
        gaps.status
    from gaps
    inner join {{ ref('dim_published_quarters') }} as reports on gaps.period = reports.quarter
    left join {{ ref('employers') }} as employers
        on gaps.employer_order = 2 and gaps.breakdown_value || '/' like employers.employer_id || '/%'
)

select {{ as_declared(model) }}
from final
