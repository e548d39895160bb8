-- grain: a pay gap in the period of its snapshot, by breakdown and part
{%- set cell = 'indicator_id, basis, period, period_kind, breakdown, part' %}
with ranked as (
    select *,
        row_number() over (partition by {{ cell }}, is_compared order by amount) as place,
        count(*) over (partition by {{ cell }}, is_compared) as people
    from {{ ref('ppl_pay_sides') }}
),

typical as (
    -- the mean is over all, the median over the one or the two in the middle
    select ranked.indicator_id, ranked.basis, ranked.period, ranked.period_kind, ranked.breakdown, ranked.part,
        ranked.is_compared, ranked.people, sum(ranked.amount) as amount, count(*) as counted
    from ranked
    inner join {{ ref('dim_figures') }} as figures
        on ranked.indicator_id = figures.indicator_id and ranked.basis = figures.basis
    where figures.rule = 'mean gap' or 2 * ranked.place between ranked.people and ranked.people + 2
    group by ranked.indicator_id, ranked.basis, ranked.period, ranked.period_kind, ranked.breakdown, ranked.part,
        ranked.is_compared, ranked.people
),

paired as (
    select compared.indicator_id, compared.basis, compared.period, compared.period_kind, compared.breakdown,
        compared.part,
        compared.people as n_numerator,
        reference.people as n_denominator,
        compared.people >= gaps.minimum_group_size and reference.people >= gaps.minimum_group_size
            as is_large_enough,
        compared.people >= gaps.pay_shown_from and reference.people >= gaps.pay_shown_from
            as is_pay_shown,
        {{ ratio('compared.amount', 'compared.counted') }} as typical_compared,
        {{ ratio('reference.amount', 'reference.counted') }} as typical_reference,
        -- (R / r - C / c) / (R / r), in whole numbers: exact, where the two means rounded would not be
        {{ percent('reference.amount * compared.counted - compared.amount * reference.counted',
            'reference.amount * compared.counted') }} as gap
    from typical as compared
    inner join typical as reference
        on compared.indicator_id = reference.indicator_id
        and compared.basis = reference.basis
        and compared.period = reference.period
        and compared.period_kind = reference.period_kind
        and compared.breakdown = reference.breakdown
        and compared.part = reference.part
    inner join {{ ref('pay_gaps') }} as gaps
        on compared.indicator_id = gaps.indicator_id and compared.basis = gaps.basis
    where compared.is_compared and not reference.is_compared
)

select
    indicator_id, basis, period, period_kind, breakdown, part, n_numerator, n_denominator,
    case when is_large_enough and is_pay_shown then typical_compared end as numerator,
    case when is_large_enough and is_pay_shown then typical_reference end as denominator,
    case when is_large_enough then gap end as value
from paired
