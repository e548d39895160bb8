-- grain: a figure of an indicator that is a share of employees, at an employer or at all, in a quarter
select
    cast(reports.quarter as {{ dbt.type_string() }}) as quarter,
    cast(cells.indicator_id as {{ dbt.type_string() }}) as indicator_id,
    cast(figures.title as {{ dbt.type_string() }}) as title,
    cast(cells.basis as {{ dbt.type_string() }}) as basis,
    cast(bases.basis_order as integer) as basis_order,
    cast(bases.title as {{ dbt.type_string() }}) as figure,
    cast(case when cells.breakdown = '' then 1 else 2 end as integer) as employer_order,
    cast(case when cells.breakdown = '' then 'All'
        else coalesce(employers.employer_name, cells.breakdown_value)
    end as {{ dbt.type_string() }}) as employer,
    cast(cells.numerator as {{ dbt.type_bigint() }}) as people,
    cast(cells.denominator as {{ dbt.type_bigint() }}) as out_of,
    cells.value as percent_of_people,
    cells.n_reporting,
    cells.n_expected,
    cast(cells.status as {{ dbt.type_string() }}) as status
from {{ ref('fct_indicator_values') }} as cells
inner join {{ ref('dim_published_quarters') }} as reports on cells.period = reports.quarter
inner join {{ ref('indicators') }} as figures on cells.indicator_id = figures.indicator_id
inner join {{ ref('indicator_bases') }} as bases
    on cells.indicator_id = bases.indicator_id and cells.basis = bases.basis
left join {{ ref('employers') }} as employers
    on cells.breakdown = 'employer' and cells.breakdown_value = employers.employer_id
where cells.period_kind = 'quarter'
    and cells.breakdown in ('', 'employer')
    and cells.indicator_id in ('E02', 'E03', 'E11', 'E12')
