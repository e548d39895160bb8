-- grain: a kind of intervention in a financial year: of how many an equality impact assessment was done
with kinds as (
    select 'awards' as kind
    union all
    select 'contracts' as kind
    union all
    select 'commitments' as kind
),

final as (
    select
        years.period as year,
        kinds.kind,
        count(assessed.assessment) as interventions,
        {% for column, words in [
            ('needed', "'done', 'missing'"), ('done', "'done'"), ('missing', "'missing'"),
            ('not_needed', "'not needed'"), ('not_known', "'not known'")
        ] -%}
        count(case when assessed.assessment in ({{ words }}) then 1 end) as {{ column }}{{ ',' if not loop.last }}
        {% endfor -%}
    from {{ ref('dim_period_ends') }} as years
    cross join kinds
    left join {{ ref('fct_equality_assessments') }} as assessed
        on years.period = assessed.year and kinds.kind = assessed.kind
    where years.period_kind = 'year'
    group by years.period, kinds.kind
)

select {{ as_declared(model) }}
from final
