{# An indicator's value from its sums, by the rule that the registry names; null where it has none. #}
{% macro value_by_rule(rule, numerator, denominator) -%}
    case {{ rule }}
        when 'ratio of sums' then {{ social_value.percent(numerator, denominator) }}
        when 'mean' then {{ social_value.ratio(numerator, denominator) }}
        when 'sum' then cast({{ numerator }} as decimal(18, 6))
    end
{%- endmacro %}
