-- grain: a figure of an indicator that is a share of employees, at an employer or at all, in a quarter
with final as (
    select
        reports.quarter,
        cells.indicator_id,
        figures.title,
        cells.basis,
        bases.basis_order,
        bases.title as figure,
        case when cells.breakdown = '' then 1 else 2 end as employer_order,
        case when cells.breakdown = '' then 'All'
            else coalesce(employers.employer_name, cells.breakdown_value)
        end as employer,
        cells.numerator as people,
        cells.denominator as out_of,
        cells.value as percent_of_people,
        performance.target,
        cells.n_reporting,
        cells.n_expected,
        cells.status
    from {{ ref('fct_indicator_values') }} as cells
    inner join {{ ref('dim_published_quarters') }} as reports on cells.period = reports.quarter
    inner join {{ ref('indicators') }} as figures on cells.indicator_id = figures.indicator_id
    inner join {{ ref('indicator_bases') }} as bases
        on cells.indicator_id = bases.indicator_id and cells.basis = bases.basis
    left join {{ ref('employers') }} as employers
        on cells.breakdown = 'employer' and cells.breakdown_value = employers.employer_id
    left join {{ ref('fct_indicator_performance') }} as performance
        {%- for column in ['indicator_id', 'basis', 'breakdown', 'breakdown_value', 'period', 'period_kind'] %}
        {{ 'on' if loop.first else 'and' }} cells.{{ column }} = performance.{{ column }}
        {%- endfor %}
    where cells.period_kind = 'quarter'
        and cells.breakdown in ('', 'employer')
        and cells.indicator_id in ('E02', 'E03', 'E11', 'E12')
)

select {{ as_declared(model) }}
from final
