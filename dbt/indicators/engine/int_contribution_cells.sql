-- grain: a basis of an indicator in a period, by breakdown and part: what the rows that count add up to
{%- set columns = breakdown_columns() %}
with placed as (
    select
        summed.*,
        periods.period as whole_period, periods.period_kind, periods.counts_above, periods.counts_below,
        rules.breakdown, rules.whole, rules.is_two_way,
        {{ word_in('rules.first_column', 'summed', columns) }} as first_word,
        {{ word_in('rules.second_column', 'summed', columns) }} as second_word
    from {{ ref('fct_contribution_sums') }} as summed
    inner join {{ ref('fct_indicator_periods') }} as periods
        on summed.indicator_id = periods.indicator_id
        and summed.basis = periods.basis
        and summed._series = periods._series
        and summed.period = periods.inner_period
    inner join {{ ref('dim_breakdowns') }} as rules on summed.indicator_id = rules.indicator_id
)

select
    indicator_id, basis, whole_period as period, period_kind, breakdown, whole,
    {{ part_of('first_word', 'second_word', 'is_two_way') }} as part,
    case when is_two_way then first_word else '' end as whole_part,
    cast(sum(case when counts_above then numerator end) as decimal(30, 12)) as numerator,
    cast(sum(case when counts_below then denominator end) as decimal(30, 12)) as denominator,
    cast(sum(case when counts_above then n_numerator end) as bigint) as n_numerator,
    cast(sum(case when counts_below then n_denominator end) as bigint) as n_denominator
from placed
where {{ stands_in_a_part('breakdown', 'first_word', 'second_word', 'is_two_way') }}
group by indicator_id, basis, whole_period, period_kind, breakdown, whole, is_two_way, first_word, second_word
