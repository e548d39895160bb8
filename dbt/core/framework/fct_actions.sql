-- grain: an action agreed on a commitment, at the end of each quarter until the one in which it is done
with reports as (
    select progress.*, quarters.last_day as reported_to,
        -- an action is known by its words; once the earlier ones are done, the same words agree a new one
        {{ slug('progress.corrective_action') }} as words,
        sum(case when progress.earlier_action = 'done' then 1 else 0 end)
            over (partition by progress.commitment_id order by quarters.last_day) as times_done
    from {{ ref('fct_commitment_progress') }} as progress
    inner join {{ ref('dim_published_quarters') }} as quarters on progress.quarter = quarters.quarter
),

told as (
    -- what the reports up to a quarter's end say of each action: it keeps the post and date of its first ones
    {%- set of_action = 'partition by quarters.quarter, reports.commitment_id, reports.words, reports.times_done' %}
    {%- set dated_first = 'case when reports.action_due is null then 1 else 0 end' %}
    select reports.*, quarters.quarter as told_in, quarters.last_day,
        row_number() over ({{ of_action }} order by reports.reported_to) as nth,
        row_number() over ({{ of_action }} order by {{ dated_first }}, reports.reported_to) as nth_dated,
        row_number() over ({{ of_action }} order by {{ dated_first }}, reports.reported_to desc) as last_dated
    from reports
    inner join {{ ref('dim_published_quarters') }} as quarters on reports.reported_to <= quarters.last_day
    where reports.corrective_action is not null
),

agreed as (
    select told_in as quarter, last_day, commitment_id, times_done,
        {% for column in ['title', 'responsible_post', 'corrective_action'] -%}
        max(case when nth = 1 then {{ column }} end) as {{ column }},
        {% endfor -%}
        max(case when nth = 1 then quarter end) as agreed_in,
        max(case when nth_dated = 1 then action_due end) as due,
        max(case when last_dated = 1 then action_due end) as due_last_given
    from told
    group by told_in, last_day, commitment_id, words, times_done
),

final as (
    select agreed.quarter, agreed.commitment_id, agreed.agreed_in, agreed.title, agreed.responsible_post,
        agreed.corrective_action as action, agreed.due, agreed.due_last_given,
        case
            when done.reported_to = agreed.last_day then 'done'
            when agreed.due < agreed.last_day then 'overdue'
            else 'open'
        end as state,
        case
            when done.reported_to = agreed.last_day then null
            when agreed.due < agreed.last_day then {{ dbt.datediff('agreed.due', 'agreed.last_day', 'day') }}
        end as days_overdue
    from agreed
    left join reports as done
        on agreed.commitment_id = done.commitment_id and done.earlier_action = 'done'
        and agreed.times_done + 1 = done.times_done
    where done.reported_to is null or done.reported_to >= agreed.last_day
)

select {{ as_declared(model) }}
from final
