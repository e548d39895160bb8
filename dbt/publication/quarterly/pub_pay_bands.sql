-- grain: a statutory share of men or women, at an employer: paid a bonus, or in a pay quarter of the snapshot
with final as (
    select
        reports.quarter,
        shares.indicator_id,
        figures.title,
        shares.basis,
        bases.basis_order,
        bases.title as figure,
        coalesce(employers.employer_name, shares.breakdown_value) as employer,
        -- those at the edge of a pay quarter are split, so that people of a sex may be no whole number
        shares.numerator as people,
        shares.denominator as out_of,
        shares.value as percent_of_people,
        coalesce(duties.is_required = 'yes', false) as is_required,
        shares.n_reporting,
        shares.n_expected,
        shares.status
    from {{ ref('fct_indicator_values') }} as shares
    inner join {{ ref('dim_published_quarters') }} as reports on shares.period = reports.quarter
    inner join {{ ref('indicators') }} as figures on shares.indicator_id = figures.indicator_id
    inner join {{ ref('indicator_bases') }} as bases
        on shares.indicator_id = bases.indicator_id and shares.basis = bases.basis
    left join {{ ref('employers') }} as employers on shares.breakdown_value = employers.employer_id
    left join {{ ref('pay_gap_duties') }} as duties
        on shares.breakdown_value = duties.employer_id and reports.quarter = duties.year || ' Q4'
        and {{ recorded_by_now('duties') }}
    where shares.period_kind = 'quarter'
        and shares.breakdown = 'employer'
        and shares.indicator_id in ('E08', 'E09')
)

select {{ as_declared(model) }}
from final
