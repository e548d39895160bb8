{# numerator / denominator to six places, halves away from zero; null where the denominator is 0 or less. #}
{% macro ratio(numerator, denominator) -%}
    {{ return(adapter.dispatch('ratio')(numerator, denominator)) }}
{%- endmacro %}

{% macro percent(numerator, denominator) -%}
    {{ social_value.ratio('100 * (' ~ numerator ~ ')', denominator) }}
{%- endmacro %}

{% macro default__ratio(numerator, denominator) -%}
    case when ({{ denominator }}) > 0
        then cast(round(({{ numerator }}) / ({{ denominator }}), 6) as decimal(24, 6))
    end
{%- endmacro %}

{# DuckDB divides decimals as floating point: whole numbers of the twelfth decimal, divided whole, are
   exact. The larger may come to 10^14. #}
{% macro duckdb__ratio(numerator, denominator) -%}
    {%- set over = 'cast(cast(' ~ numerator ~ ' as decimal(38, 12)) * 1000000000000 as hugeint)' -%}
    {%- set under = 'cast(cast(' ~ denominator ~ ' as decimal(38, 12)) * 1000000000000 as hugeint)' -%}
    case when ({{ denominator }}) > 0
        then cast(
            cast(
                (case when {{ over }} < 0 then -1 else 1 end)
                * ((abs({{ over }}) * 2000000 + {{ under }}) // (2 * {{ under }}))
                as decimal(24, 0)
            ) * cast('0.000001' as decimal(7, 6))
            as decimal(24, 6)
        )
    end
{%- endmacro %}
