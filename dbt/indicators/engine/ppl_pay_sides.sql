-- grain: a person's pay on a side of a gap, in a period, breakdown and part where it counts
{%- set columns = columns_of(people_contribution_models()) %}
{%- set cell = 'indicator_id, basis, period, period_kind, breakdown, part' %}
with words as (
    select
        pay.indicator_id, pay.basis, periods.period, periods.period_kind,
        rules.breakdown, rules.rule, rules.is_two_way,
        {{ word_in('rules.first_column', 'pay', columns) }} as first_word,
        {{ word_in('rules.second_column', 'pay', columns) }} as second_word,
        coalesce(pay.numerator, 0) > 0 as is_compared,   -- else it is of the group compared with
        pay._amount as amount
    from {{ ref('ppl_contributions') }} as pay
    inner join {{ ref('dim_figures') }} as figures
        on pay.indicator_id = figures.indicator_id
        and pay.basis = figures.basis
        and figures.rule in ('mean gap', 'median gap')
    inner join {{ ref('fct_indicator_periods') }} as periods
        on pay.indicator_id = periods.indicator_id
        and pay.basis = periods.basis
        and pay._series = periods._series
        and pay.period = periods.inner_period
        and periods.counts_above
    inner join {{ ref('dim_breakdowns') }} as rules
        on pay.indicator_id = rules.indicator_id and rules.is_shown
),

placed as (
    select *, {{ part_of('first_word', 'second_word', 'is_two_way') }} as part
    from words
    where {{ stands_in_a_part('breakdown', 'first_word', 'second_word', 'is_two_way') }}
)

select {{ cell }}, is_compared, amount
from placed
where is_compared or rule = 'within'
union all
-- a share: the group compared with, of the whole, stands beside each part
select parts.indicator_id, parts.basis, parts.period, parts.period_kind, parts.breakdown, parts.part,
    false, whole.amount
from (
    select distinct {{ cell }}, is_two_way, first_word from placed where is_compared and rule = 'share'
) as parts
inner join words as whole
    on parts.indicator_id = whole.indicator_id
    and parts.basis = whole.basis
    and parts.period = whole.period
    and parts.period_kind = whole.period_kind
    and parts.breakdown = whole.breakdown
    and (not parts.is_two_way or parts.first_word = whole.first_word)
where not whole.is_compared
