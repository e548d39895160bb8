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
)

select
    cast(reports.quarter as {{ dbt.type_string() }}) as quarter,
    cast(gaps.employer_order as integer) as employer_order,
    cast(case when gaps.employer_order = 1 then 'All'
        else coalesce(employers.employer_name, gaps.breakdown_value)
    end as {{ dbt.type_string() }}) as employer,
    cast(gaps.characteristic as {{ dbt.type_string() }}) as characteristic,
    cast(case
        when gaps.characteristic = 'disability' then 'disabled'
        when gaps.employer_order = 1 then gaps.breakdown_value
        else replace(gaps.breakdown_value, coalesce(employers.employer_id, '') || '/', '')
    end as {{ dbt.type_string() }}) as compared,
    cast(case when gaps.characteristic = 'disability' then 'not disabled' else 'white' end
        as {{ dbt.type_string() }}) as compared_with,
    cast(case when gaps.basis like '%-mean' then 'mean' else 'median' end as {{ dbt.type_string() }}) as typical,
    gaps.n_numerator as people_compared,
    gaps.n_denominator as people_compared_with,
    gaps.value as gap,
    gaps.n_reporting,
    gaps.n_expected,
    cast(gaps.status as {{ dbt.type_string() }}) as status
from gaps
inner join {{ ref('dim_published_quarters') }} as reports on gaps.period = reports.quarter
left join {{ ref('employers') }} as employers
    on gaps.employer_order = 2 and gaps.breakdown_value || '/' like employers.employer_id || '/%'
