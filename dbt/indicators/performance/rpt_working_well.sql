-- grain: a figure in a period that a rule of the review speaks of, with all that its sentence rests on (F04)
with told as (
    select
        performance.*, indicators.title, indicators.role, indicators.theme, bases.title as basis_title,
        case when people.indicator_id is null then 'no' else 'yes' end as counts_people,
        found.n_reporting, found.n_expected, found.coverage,
        case performance.better when 'higher' then performance.target - performance.value
            else performance.value - performance.target end as shortfall,
        figures.fed_by as rests_on,
        -- an indicator is judged once: by its targets, or else by where its first figure went, if all of it is checked
        figures.basis_order = 1
        and performance.breakdown = case when figures.only_by = 'employer' then 'employer' else '' end
        and count(performance.target) over (
            partition by performance.indicator_id, performance.period, performance.period_kind
        ) = 0
        and not {{ is_checked_in_part('performance') }} as is_judged_by_movement,
        -- of returns it is said once, not again of each figure that rests on them
        row_number() over (
            partition by figures.fed_by, performance.period, performance.period_kind
            order by performance.indicator_id, figures.basis_order, performance.breakdown, performance.breakdown_value
        ) as place
    from {{ ref('fct_indicator_performance') }} as performance
    inner join {{ ref('fct_indicator_values') }} as found
        {%- for column in ['indicator_id', 'basis', 'breakdown', 'breakdown_value', 'period', 'period_kind'] %}
        {{ 'on' if loop.first else 'and' }} performance.{{ column }} = found.{{ column }}
        {%- endfor %}
    inner join {{ ref('dim_figures') }} as figures
        on performance.indicator_id = figures.indicator_id and performance.basis = figures.basis
    inner join {{ ref('indicators') }} as indicators on performance.indicator_id = indicators.indicator_id
    inner join {{ ref('indicator_bases') }} as bases
        on performance.indicator_id = bases.indicator_id and performance.basis = bases.basis
    left join {{ ref('dim_figures_of_people') }} as people
        on performance.indicator_id = people.indicator_id and performance.basis = people.basis
),

final as (
    select
        rules.kind,
        rules.rule_id,
        rules.rule_order,
        rules.sentence,
        told.indicator_id, told.title, told.role, told.theme, told.basis, told.basis_title,
        told.breakdown, told.breakdown_value, told.period, told.period_kind, told.rests_on, told.unit,
        told.rag, told.counts_people,
        told.value,
        told.target,
        told.tolerance,
        told.value_before,
        told.value_year_before,
        told.n_reporting,
        told.n_expected,
        told.coverage
    from told
    inner join {{ ref('review_rules') }} as rules
        on (rules.rule_id = 'target-met' and told.shortfall <= 0)
        or (rules.rule_id = 'target-missed' and told.shortfall > 0)
        {%- for word in ['better', 'worse'] %}
        {%- for rule, movement, before in [('-than-before', 'short', 'value_before'),
            ('-than-a-year-before', 'long', 'value_year_before')] %}
        or (rules.rule_id = '{{ word ~ rule }}' and told.is_judged_by_movement and told.movement_{{ movement }} = '{{ word }}'
            {%- if movement == 'short' %} and told.period_kind <> 'year'   -- the same as a year before{% endif %}
            and abs(told.value - told.{{ before }}) >= rules.threshold * abs(told.{{ before }}))
        {%- endfor %}
        {%- endfor %}
        or (rules.rule_id = 'every-return-in' and told.place = 1 and told.n_expected > 0
            and told.n_reporting = told.n_expected)
        or (rules.rule_id = 'returns-missing' and told.place = 1 and told.coverage < rules.threshold)
)

select {{ as_declared(model) }}
from final
