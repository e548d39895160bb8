{# Values in money. Rates are floating point; money is rounded to the penny, once, at the end. #}

{# A value in prices of another year: uprated once, by the GDP deflators of the two years. #}
{% macro uprated(value, deflator_from, deflator_to) -%}
    ({{ value }} * {{ social_value.floating(deflator_to) }} / {{ social_value.floating(deflator_from) }})
{%- endmacro %}

{# What a benefit of `first_year` is worth over `years` years: each year less by `drop_off`, and
   discounted from the second year on (the sequence of SROI; 3.5% is the Green Book's rate). #}
{% macro present_value(first_year, years, drop_off, discount_rate) -%}
    {%- set carried = '((1 - ' ~ social_value.floating(drop_off) ~ ') / (1 + '
        ~ social_value.floating(discount_rate) ~ '))' -%}
    ({{ first_year }} * case
        when {{ carried }} = 1 then {{ years }}
        else (1 - power({{ carried }}, {{ years }})) / (1 - {{ carried }})
    end)
{%- endmacro %}

{# As floating point. #}
{% macro floating(number) -%}
    {{ return(adapter.dispatch('floating')(number)) }}
{%- endmacro %}

{% macro default__floating(number) -%}
    cast({{ number }} as double precision)
{%- endmacro %}

{% macro spark__floating(number) -%}
    cast({{ number }} as double)
{%- endmacro %}

{% macro to_the_penny(amount) -%}
    cast({{ social_value.rounded(amount, 2) }} as decimal(18, 2))
{%- endmacro %}

{# A number, floating or not, with so many decimals. #}
{% macro rounded(number, places) -%}
    {{ return(adapter.dispatch('rounded')(number, places)) }}
{%- endmacro %}

{% macro default__rounded(number, places) -%}
    round({{ number }}, {{ places }})
{%- endmacro %}

{# PostgreSQL rounds no floating point. #}
{% macro postgres__rounded(number, places) -%}
    round(cast({{ number }} as numeric), {{ places }})
{%- endmacro %}
