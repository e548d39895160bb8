-- grain: what is working well, or where to improve, in a financial year: a figure that a rule speaks of
{%- set of_returns = "rule_id in ('every-return-in', 'returns-missing')" %}
with told as (
    select
        well.*, rules.meaning, coalesce(measures.title, employers.employer_name, well.breakdown_value) as part,
        -- what is said of returns is said of no figure that rests on them
        case when not well.{{ of_returns }} then 1 end as is_shown
    from {{ ref('rpt_working_well') }} as well
    inner join {{ ref('review_rules') }} as rules on well.rule_id = rules.rule_id
    left join {{ ref('measures') }} as measures
        on well.breakdown = 'measure' and well.breakdown_value = measures.measure_id
    left join {{ ref('employers') }} as employers
        on well.breakdown = 'employer' and well.breakdown_value = employers.employer_id
    where well.period_kind = 'year' and well.breakdown in ('', 'measure', 'employer')
        -- a rule runs on true figures: of people it would tell which way a hidden one went. They are judged
        -- by what their own tables show, where they are protected
        and (coalesce(measures.is_people, well.counts_people) = 'no' or well.{{ of_returns }})
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
        cast(is_shown * target as decimal(24, 6)) as target,
        cast(is_shown * value_year_before as decimal(24, 6)) as value_year_before,
        cast(n_reporting as integer) as n_reporting,
        n_expected
    from told
)

select {{ as_declared(model) }}
from final
