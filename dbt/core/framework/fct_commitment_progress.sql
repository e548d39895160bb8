-- grain: a commitment of the framework at the end of a quarter in which it holds
{%- set before = 'over (partition by commitment_id order by last_day)' %}
with told as (
    select progress.*,
        row_number() over (
            partition by progress.commitment_id, progress.period
            order by progress._return_id asc, progress._sheet asc, progress._row desc
        ) as place
    from {{ ref('stg_commitment_progress') }} as progress
),

held as (
    select
        _return_id, _sheet, _row,
        max(case when "column" = 'narrative' then 1 else 0 end) = 1 as narrative_waits,
        max(case when "column" = 'corrective_action' then 1 else 0 end) = 1 as action_waits
    from {{ ref('int_held_texts') }}
    group by _return_id, _sheet, _row
),

quarterly as (
    select
        commitments.commitment_id, commitments.title, commitments.class, commitments.role, commitments.theme,
        commitments.responsible_post, quarters.quarter, quarters.last_day,
        coalesce(told.rag, 'NOT REPORTED') as rag, words.rag_order, words.is_off_track = 'yes' as is_off_track,
        case when held.narrative_waits then '{{ not_shown() }}' else told.narrative end as narrative,
        case when held.action_waits then '{{ not_shown() }}' else told.corrective_action end as corrective_action,
        told.action_due, told.earlier_action, told.equality_assessment,
        told.sender, told._return_id, told._sheet, told._row
    from {{ ref('commitments') }} as commitments
    inner join {{ ref('dim_published_quarters') }} as quarters on {{ valid_on('commitments', 'quarters.last_day') }}
    left join told
        on commitments.commitment_id = told.commitment_id and quarters.quarter = told.period and told.place = 1
    left join held
        on told._return_id = held._return_id and told._sheet = held._sheet and told._row = held._row
    left join {{ ref('rag_words') }} as words on told.rag = words.rag
    where {{ recorded_by_now('commitments') }}
),

moved as (
    select *,
        {% for back in range(1, 5) -%}
        lag(rag, {{ back }}) {{ before }} as rag_{{ back }}_before,
        {% endfor -%}
        lag(rag_order) {{ before }} as order_before
    from quarterly
),

final as (
    select
        commitment_id, title, class, role, theme, responsible_post, quarter, rag, rag_1_before,
        rag_2_before, rag_3_before, rag_4_before,
        case
            when rag_order is null then 'not reported'
            when order_before is null then 'new'
            when rag_order < order_before then 'better'
            when rag_order > order_before then 'worse'
            else 'the same'
        end as movement,
        coalesce(is_off_track, false) as is_off_track,
        coalesce(is_off_track, false) and corrective_action is null as is_off_track_without_action,
        narrative,
        corrective_action,
        action_due,
        earlier_action,
        equality_assessment,
        coalesce(sender, '') as sender,
        coalesce(_return_id, '') as _return_id,
        coalesce(_sheet, '') as _sheet,
        coalesce(_row, 0) as _row
    from moved
)

select {{ as_declared(model) }}
from final
