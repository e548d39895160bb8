-- grain: a statutory gap between men's and women's pay, at an employer, in the quarter of its snapshot
with final as (
    select
        reports.quarter,
        gaps.indicator_id,
        figures.title,
        coalesce(employers.employer_name, gaps.breakdown_value) as employer,
        gaps.n_numerator as women,
        gaps.n_denominator as men,
        gaps.value as gap,
        coalesce(of_quarter.target, of_year.target) as target,
        {{ direction('figures.better') }} as direction,
        coalesce(duties.is_required = 'yes', false) as is_required,
        gaps.n_reporting,
        gaps.n_expected,
        gaps.status
    from {{ ref('fct_indicator_values') }} as gaps
    inner join {{ ref('dim_published_quarters') }} as reports on gaps.period = reports.quarter
    inner join {{ ref('dim_calendar') }} as periods on reports.quarter = periods.period
    inner join {{ ref('indicators') }} as figures on gaps.indicator_id = figures.indicator_id
    left join {{ ref('employers') }} as employers on gaps.breakdown_value = employers.employer_id
    left join {{ ref('pay_gap_duties') }} as duties
        on gaps.breakdown_value = duties.employer_id and reports.quarter = duties.year || ' Q4'
        and {{ recorded_by_now('duties') }}
    {%- for kind, period in [('quarter', 'reports.quarter'), ('year', 'periods.financial_year')] %}
    left join {{ ref('fct_indicator_performance') }} as of_{{ kind }}
        on of_{{ kind }}.period_kind = '{{ kind }}' and of_{{ kind }}.period = {{ period }}
        {%- for column in ['indicator_id', 'basis', 'breakdown', 'breakdown_value'] %}
        and of_{{ kind }}.{{ column }} = gaps.{{ column }}
        {%- endfor %}
    {%- endfor %}
    where gaps.period_kind = 'quarter'
        and gaps.breakdown = 'employer'
        and gaps.indicator_id in ('E04', 'E05', 'E06', 'E07')
)

select {{ as_declared(model) }}
from final
