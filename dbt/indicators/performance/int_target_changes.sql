-- grain: a figure, or a part of it, whose target became another within a financial year, in a period of that year since then
{%- set cell = ['indicator_id', 'basis', 'breakdown', 'breakdown_value', 'period_kind'] %}
with aims as (
    select indicator_id, basis, coalesce(breakdown, '') as breakdown, coalesce(breakdown_value, '') as breakdown_value, period_kind,
        target, valid_from, valid_to
    from {{ ref('targets') }} as targets
    where {{ recorded_by_now('targets') }}
),

-- a day on which one begins, or the one before is over
days as (
    select {{ cell | join(', ') }}, valid_from as since
    from aims
    where valid_from is not null
    union
    select {{ cell | join(', ') }}, cast({{ dbt.dateadd('day', 1, 'valid_to') }} as date)
    from aims
    where valid_to is not null
),

changes as (
    select days.*, before.target as target_before
    from days
    {%- for alias, day in [('before', 'cast(' ~ dbt.dateadd('day', -1, 'days.since') ~ ' as date)'), ('now', 'days.since')] %}
    left join aims as {{ alias }}
        on {{ valid_on(alias, day) }}
        {%- for column in cell %}
        and days.{{ column }} = {{ alias }}.{{ column }}
        {%- endfor %}
    {%- endfor %}
    where coalesce(before.target <> now.target, before.target is not null or now.target is not null)
),

dated as (
    select {% for column in cell %}changes.{{ column }}, {% endfor %}periods.period, changes.since as target_since, changes.target_before,
        row_number() over (
            partition by {% for column in cell %}changes.{{ column }}, {% endfor %}periods.period order by changes.since desc
        ) as place
    from changes
    inner join {{ ref('dim_calendar') }} as periods
        on changes.period_kind = periods.period_kind and changes.since <= periods.last_day
    inner join {{ ref('dim_calendar') }} as years
        on years.period_kind = 'year' and periods.last_day between years.first_day and years.last_day
        and changes.since > years.first_day
)

select {{ cell | join(', ') }}, period, target_before, target_since
from dated
where place = 1   -- of several within a year, the last
