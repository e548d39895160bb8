-- grain: a full-pay relevant employee in a pay quarter, with the share of him or her that stands in it
{{ config(materialized='view') }}

with ranked as (
    select
        sender, period, employer, sex, _return_id, _sheet, _row,
        -- people on lower pay, on the same pay, and all: of one employer at one snapshot
        rank() over (partition by sender, period, employer order by hourly_pay) - 1 as people_below,
        count(*) over (partition by sender, period, employer, hourly_pay) as people_alike,
        count(*) over (partition by sender, period, employer) as people
    from {{ ref('ppl_employees') }}
    where is_in_headcount and is_full_pay and hourly_pay is not null and sex in ('male', 'female')
        and extract(month from quarter_last_day) = 3
),

quarters as (
    -- sections as equal as can be: of one person left over the lowest has one more, of two the lowest and
    -- the third, of three all but the highest
    {% for name in ['lower', 'lower-middle', 'upper-middle', 'upper'] -%}
    select '{{ name }}' as quarter, ranked.*,
        {{ times_in(loop.index0 ~ ' * people + 3', 4) }} as quarter_begins,
        {{ times_in(loop.index ~ ' * people + 3', 4) }} as quarter_ends
    from ranked
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    sender, period, employer, sex, quarter,
    -- who earns alike is split over a boundary in the same proportion, men and women
    cast(
        cast(least(quarter_ends, people_below + people_alike) - greatest(quarter_begins, people_below) as decimal(28, 12))
        / people_alike as decimal(28, 12)
    ) as share,
    _return_id, _sheet, _row
from quarters
where quarter_ends > people_below and quarter_begins < people_below + people_alike
