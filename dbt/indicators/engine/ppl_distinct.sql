-- grain: a figure of distinct people in a period, by breakdown and part: each person counts once, in one part
{%- set columns = columns_of(people_contribution_models()) %}
with ranked as (
    select contributions.*,
        periods.period as whole_period, periods.period_kind,
        row_number() over (
            partition by contributions.indicator_id, contributions.basis, contributions._person,
                periods.period, periods.period_kind
            order by inner_periods.first_day, contributions._preference,
                contributions._return_id, contributions._sheet, contributions._row
        ) as place
    from {{ ref('ppl_contributions') }} as contributions
    inner join {{ ref('dim_figures') }} as figures
        on contributions.indicator_id = figures.indicator_id
        and contributions.basis = figures.basis
        and figures.rule = 'distinct people'
    inner join {{ ref('fct_indicator_periods') }} as periods
        on contributions.indicator_id = periods.indicator_id
        and contributions.basis = periods.basis
        and contributions._series = periods._series
        and contributions.period = periods.inner_period
    inner join {{ ref('dim_calendar') }} as inner_periods on contributions.period = inner_periods.period
    where contributions.numerator > 0
),

placed as (
    select ranked.*, rules.breakdown, rules.is_two_way,
        {{ word_in('rules.first_column', 'ranked', columns) }} as first_word,
        {{ word_in('rules.second_column', 'ranked', columns) }} as second_word
    from ranked
    inner join {{ ref('dim_breakdowns') }} as rules
        on ranked.indicator_id = rules.indicator_id and rules.is_shown
    where ranked.place = 1
)

select
    indicator_id, basis, whole_period as period, period_kind, breakdown,
    {{ part_of('first_word', 'second_word', 'is_two_way') }} as part,
    count(*) as people
from placed
where {{ stands_in_a_part('breakdown', 'first_word', 'second_word', 'is_two_way') }}
group by indicator_id, basis, whole_period, period_kind, breakdown, is_two_way, first_word, second_word
