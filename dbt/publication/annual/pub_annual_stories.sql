-- grain: a story of a financial year that those it tells of agreed to publish, and that waits for no word
with final as (
    select
        years.period as year,
        row_number() over (
            partition by years.period
            order by stories.quarter, stories.role, stories.title, stories._return_id, stories._sheet, stories._row
        ) as story_number,
        stories.quarter,
        stories.title,
        stories.role,
        stories.theme,
        stories.district,
        measures.title as measure,
        stories.story,
        stories.what_changed,
        case when stories.has_evidence then 'yes' else 'no' end as evidence
    from {{ ref('fct_stories') }} as stories
    inner join {{ ref('dim_calendar') }} as periods on stories.quarter = periods.period and periods.period_kind = 'quarter'
    inner join {{ ref('dim_period_ends') }} as years
        on years.period_kind = 'year'
        and periods.first_day >= years.first_day and periods.last_day <= years.last_day
    left join {{ ref('measures') }} as measures on stories.measure_id = measures.measure_id
    where not stories.waits
)

select {{ as_declared(model) }}
from final
