-- grain: what is working well, or where to improve, in a financial year: a figure that a rule speaks of
{%- set is_of_figures = "rule_id not in ('every-return-in', 'returns-missing')" %}
with told as (
    select
        well.*, rules.meaning, coalesce(measures.title, employers.employer_name, well.breakdown_value) as part,
        -- of people the rule is told and the figures are not: they stand in their own tables, protected;
        -- what is said of returns is said of no figure that rests on them
        case when coalesce(measures.is_people, well.counts_people) = 'no' and well.{{ is_of_figures }} then 1 end as is_shown,
        case when well.{{ is_of_figures }} then target end as aim
    from {{ ref('rpt_working_well') }} as well
    inner join {{ ref('review_rules') }} as rules on well.rule_id = rules.rule_id
    left join {{ ref('measures') }} as measures
        on well.breakdown = 'measure' and well.breakdown_value = measures.measure_id
    left join {{ ref('employers') }} as employers
        on well.breakdown = 'employer' and well.breakdown_value = employers.employer_id
    where well.period_kind = 'year' and well.breakdown in ('', 'measure', 'employer')
),

final as (
    select
        period as year,
        row_number() over (
            partition by period order by rule_order, indicator_id, basis, breakdown, breakdown_value
        ) as point,
        kind, rule_id, meaning, role, theme, indicator_id, title, basis, basis_title, unit, rests_on,
        nullif(part, '') as part,
        cast(is_shown * value as decimal(24, 6)) as value,
        cast(aim as decimal(24, 6)) as target,
        cast(is_shown * value_year_before as decimal(24, 6)) as value_year_before,
        cast(n_reporting as integer) as n_reporting,
        n_expected
    from told
)

select {{ as_declared(model) }}
from final
