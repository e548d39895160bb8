-- grain: a gap between the pay of an ethnic group, or of disabled people, and others', at an employer or at all
with gaps as (
    select *,
        case when breakdown like 'employer%' then 2 else 1 end as employer_order,
        case when basis like 'ethnicity%' then 'ethnicity' else 'disability' end as characteristic,
        -- where an employer has a group too small for a gap, all employers have theirs taken together
        count(case when breakdown = 'employer/ethnicity' and value is null then 1 end)
            over (partition by period) as too_small
    from {{ ref('fct_indicator_values') }}
    where indicator_id = 'E10' and period_kind = 'quarter' and n_numerator > 0
        and (
            (basis like 'ethnicity-me%' and breakdown in ('ethnicity', 'employer', 'employer/ethnicity'))
            or (basis like 'disability-me%' and breakdown in ('', 'employer'))
        )
),

shown as (
    select *, characteristic = 'ethnicity' and breakdown = 'employer' as is_together
    from gaps
    where characteristic = 'disability' or breakdown = 'ethnicity'
        or (breakdown = 'employer') = (too_small > 0)
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
            when gaps.is_together then 'all other groups'
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
    from shown as gaps
    inner join {{ ref('dim_published_quarters') }} as reports on gaps.period = reports.quarter
    left join {{ ref('employers') }} as employers
        on gaps.employer_order = 2 and gaps.breakdown_value || '/' like employers.employer_id || '/%'
)

select {{ as_declared(model) }}
from final
