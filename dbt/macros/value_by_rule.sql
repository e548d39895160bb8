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

{# Which way of a figure is better, in words. #}
{% macro direction(better) -%}
    case {{ better }} when 'higher' then 'higher is better' when 'lower' then 'lower is better' else 'neither' end
{%- endmacro %}
