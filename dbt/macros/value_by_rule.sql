{# An indicator's value from its numerator and denominator, by the rule that the registry names; null where it has none. #}
{% macro value_by_rule(rule, numerator, denominator) -%}
    case
        when {{ rule }} = 'ratio of sums' then {{ social_value.percent(numerator, denominator) }}
        when {{ rule }} = 'mean' then {{ social_value.ratio(numerator, denominator) }}
        when {{ rule }} in ('mean gap', 'median gap')
            then {{ social_value.percent(denominator ~ ' - ' ~ numerator, denominator) }}
        when {{ rule }} in ('sum', 'count', 'distinct people') then cast({{ numerator }} as decimal(24, 6))
    end
{%- endmacro %}

{# Rules whose value is the numerator alone. #}
{% macro without_denominator() -%}
    ('sum', 'count', 'distinct people')
{%- endmacro %}

{# Where a value went, in words: better or worse where the registry says which way is, else up or down. #}
{% macro movement(value, before, better) -%}
    case
        when {{ before }} is null then 'no comparison'
        when {{ value }} = {{ before }} then 'the same'
        when {{ better }} is null then case when {{ value }} > {{ before }} then 'up' else 'down' end
        when ({{ value }} > {{ before }}) = ({{ better }} = 'higher') then 'better'
        else 'worse'
    end
{%- endmacro %}

{# An aggregate of the values of all like periods that are whole, up to a row's own; null where that is not. #}
{% macro among_whole(aggregate, cell) -%}
    case when dated.is_whole then {{ aggregate }}(case when dated.is_whole then dated.value end)
        over (partition by dated.{{ cell | join(', dated.') }} order by dated.first_day) end
{%- endmacro %}

{# What is claimed beside a figure of what was validated of it, or of what has evidence; null where nothing is. #}
{% macro claimed_beside(rows) -%}
    max(case when {{ rows }}.basis like 'claimed%' then {{ rows }}.value end) over (
        partition by {{ rows }}.indicator_id,
            replace(replace({{ rows }}.basis, 'validated', 'claimed'), 'evidenced', 'claimed'),
            {{ rows }}.breakdown, {{ rows }}.breakdown_value, {{ rows }}.period, {{ rows }}.period_kind
    )
{%- endmacro %}

{# Whether a figure is other than 0 validated, or 0 with evidence, beside claims: of those none has been checked yet. #}
{% macro is_checked(rows) -%}
    (({{ rows }}.basis not like 'validated%' and {{ rows }}.basis not like 'evidenced%')
        or {{ rows }}.value <> 0 or coalesce({{ social_value.claimed_beside(rows) }}, 0) <= 0)
{%- endmacro %}

{# Whether more is claimed than was validated so far: what is checked in part is no movement. #}
{% macro is_checked_in_part(rows) -%}
    ({{ rows }}.basis like 'validated%'
        and {{ rows }}.value < coalesce({{ social_value.claimed_beside(rows) }}, {{ rows }}.value))
{%- endmacro %}

{# Where a value stands between the lowest and the highest known, itself included. #}
{% macro standing(value, lowest, highest, better) -%}
    case
        when {{ lowest }} is null or {{ lowest }} = {{ highest }} then 'no comparison'
        when {{ value }} > {{ lowest }} and {{ value }} < {{ highest }} then 'between'
        when {{ better }} is null then case when {{ value }} = {{ highest }} then 'highest' else 'lowest' end
        when ({{ value }} = {{ highest }}) = ({{ better }} = 'higher') then 'best'
        else 'worst'
    end
{%- endmacro %}

{# Which way of a figure is better, in words. #}
{% macro direction(better) -%}
    case {{ better }} when 'higher' then 'higher is better' when 'lower' then 'lower is better' else 'neither' end
{%- endmacro %}
