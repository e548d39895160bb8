-- grain: a commitment of the framework in a basis of F01 at the end of a quarter (a view over fct_commitment_progress)
{{ config(materialized='view') }}

{% for basis, numerator in [
    ('commitments', '1'),
    ('better', "case when movement = 'better' then 1 else 0 end"),
    ('worse', "case when movement = 'worse' then 1 else 0 end"),
    ('the-same', "case when movement = 'the same' then 1 else 0 end"),
    ('new', "case when movement = 'new' then 1 else 0 end"),
    ('off-track', 'case when is_off_track then 1 else 0 end'),
    ('off-track-without-action', 'case when is_off_track_without_action then 1 else 0 end'),
] -%}
select
    'F01' as indicator_id, '{{ basis }}' as basis, quarter as period, sender, role, theme,
    class as commitment_class, rag, commitment_id,
    cast({{ numerator }} as decimal(24, 6)) as numerator,
    cast(0 as decimal(24, 6)) as denominator,
    _return_id, _sheet, _row
from {{ same_file('fct_commitment_progress') }}
{{ 'union all' if not loop.last }}
{% endfor %}
