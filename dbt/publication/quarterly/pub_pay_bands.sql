-- grain: a statutory share of men or women, at an employer: paid a bonus, or in a pay quarter of the snapshot
select
    cast(reports.quarter as {{ dbt.type_string() }}) as quarter,
    cast(shares.indicator_id as {{ dbt.type_string() }}) as indicator_id,
    cast(figures.title as {{ dbt.type_string() }}) as title,
    cast(shares.basis as {{ dbt.type_string() }}) as basis,
    cast(bases.basis_order as integer) as basis_order,
    cast(bases.title as {{ dbt.type_string() }}) as figure,
    cast(coalesce(employers.employer_name, shares.breakdown_value) as {{ dbt.type_string() }}) as employer,
    -- those at the edge of a pay quarter are split, so that people of a sex may be no whole number
    shares.numerator as people,
    shares.denominator as out_of,
    shares.value as percent_of_people,
    shares.n_reporting,
    shares.n_expected,
    cast(shares.status as {{ dbt.type_string() }}) as status
from {{ ref('fct_indicator_values') }} as shares
inner join {{ ref('dim_published_quarters') }} as reports on shares.period = reports.quarter
inner join {{ ref('indicators') }} as figures on shares.indicator_id = figures.indicator_id
inner join {{ ref('indicator_bases') }} as bases
    on shares.indicator_id = bases.indicator_id and shares.basis = bases.basis
left join {{ ref('employers') }} as employers on shares.breakdown_value = employers.employer_id
where shares.period_kind = 'quarter'
    and shares.breakdown = 'employer'
    and shares.indicator_id in ('E08', 'E09')
