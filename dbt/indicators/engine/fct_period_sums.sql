-- grain: a figure in a period, by breakdown and part: numerator and denominator by the breakdown's rule
with districts as (
    -- of a share, a district that no row speaks of is 0
    select whole.indicator_id, whole.basis, whole.period, whole.period_kind, rules.breakdown, whole.breakdown as whole,
        case when rules.is_two_way then whole.part || '/' || places.place_group else places.place_group end as part,
        whole.part as whole_part, 0 as numerator, 0 as n_numerator
    from {{ ref('int_contribution_cells') }} as whole
    inner join {{ ref('dim_breakdowns') }} as rules
        on whole.indicator_id = rules.indicator_id and whole.breakdown = rules.whole
    inner join {{ ref('dim_place_groups') }} as places on places.kind = 'district'
    where rules.rule = 'share' and 'district' in (rules.first_column, rules.second_column)
),

parts as (
    select indicator_id, basis, period, period_kind, breakdown, whole, part, whole_part, numerator, n_numerator
    from {{ ref('int_contribution_cells') }}
    union all
    select * from districts
),

ruled as (
    select cells.indicator_id, cells.basis, cells.period, cells.period_kind, cells.breakdown, cells.part,
        cells.numerator, cells.denominator, cells.n_numerator, cells.n_denominator
    from {{ ref('int_contribution_cells') }} as cells
    inner join {{ ref('dim_breakdowns') }} as rules
        on cells.indicator_id = rules.indicator_id and cells.breakdown = rules.breakdown
    where rules.rule = 'within' and rules.is_shown and coalesce(rules.only_of, cells.basis) = cells.basis
    union all
    -- a share: the part's numerator over the denominator of the whole
    select parts.indicator_id, parts.basis, parts.period, parts.period_kind, parts.breakdown, parts.part,
        sum(parts.numerator), max(whole.denominator), cast(sum(parts.n_numerator) as bigint), max(whole.n_denominator)
    from parts
    inner join {{ ref('dim_breakdowns') }} as rules
        on parts.indicator_id = rules.indicator_id and parts.breakdown = rules.breakdown
    inner join {{ ref('int_contribution_cells') }} as whole
        on parts.indicator_id = whole.indicator_id
        and parts.basis = whole.basis
        and parts.period = whole.period
        and parts.period_kind = whole.period_kind
        and parts.whole = whole.breakdown
        and parts.whole_part = whole.part
    where rules.rule = 'share' and rules.is_shown and coalesce(rules.only_of, parts.basis) = parts.basis
    group by parts.indicator_id, parts.basis, parts.period, parts.period_kind, parts.breakdown, parts.part
)

select ruled.*
from ruled
inner join {{ ref('dim_figures') }} as figures
    on ruled.indicator_id = figures.indicator_id and ruled.basis = figures.basis
where figures.rule not in ('mean gap', 'median gap', 'distinct people')   -- those are no sums
