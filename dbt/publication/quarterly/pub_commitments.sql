-- grain: a commitment of the framework at the end of a quarter in which it holds
select
    {% for column in [
        'quarter', 'commitment_id', 'title', 'class', 'responsible_post', 'role', 'theme', 'rag', 'movement',
        'rag_1_before', 'rag_2_before', 'rag_3_before', 'rag_4_before', 'narrative', 'corrective_action'
    ] -%}
    cast({{ column }} as {{ dbt.type_string() }}) as {{ column }},
    {% endfor -%}
    is_off_track,
    is_off_track_without_action,
    cast(action_due as date) as action_due
from {{ ref('fct_commitment_progress') }}
