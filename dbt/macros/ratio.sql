{# numerator / denominator to six places, halves away from zero; null where the denominator is 0 or less. #}
{% macro ratio(numerator, denominator) -%}
    {{ return(adapter.dispatch('ratio')(numerator, denominator)) }}
{%- endmacro %}

{% macro percent(numerator, denominator) -%}
    {{ social_value.ratio('100 * (' ~ numerator ~ ')', denominator) }}
{%- endmacro %}

{% macro default__ratio(numerator, denominator) -%}
    case when ({{ denominator }}) > 0
        then cast(round({{ social_value.exactly(numerator) }} / ({{ denominator }}), 6) as decimal(24, 6))
    end
{%- endmacro %}

{# As a decimal: of two whole numbers many an engine gives the whole part alone, 0 for every share. #}
{% macro exactly(number) -%}
    {{ return(adapter.dispatch('exactly')(number)) }}
{%- endmacro %}

{% macro default__exactly(number) -%}
    cast({{ number }} as decimal(38, 12))
{%- endmacro %}

{# PostgreSQL gives a quotient the decimals of what it divides: with forty no half is mistaken. #}
{% macro postgres__exactly(number) -%}
    cast({{ number }} as decimal(80, 40))
{%- endmacro %}

{# Spark keeps six places of a quotient of two such decimals, rounded once; of a decimal by a whole number twelve, and
   to round these again would mistake some halves. #}
{% macro spark__ratio(numerator, denominator) -%}
    {{ social_value.default__ratio(numerator, social_value.exactly(denominator)) }}
{%- endmacro %}

{# How many times one whole number holds another; both are above 0 or 0. #}
{% macro times_in(number, whole) -%}
    {{ return(adapter.dispatch('times_in')(number, whole)) }}
{%- endmacro %}

{% macro default__times_in(number, whole) -%}
    cast(floor({{ social_value.exactly(number) }} / ({{ whole }})) as bigint)
{%- endmacro %}

{% macro duckdb__times_in(number, whole) -%}
    ({{ number }}) // ({{ whole }})
{%- endmacro %}

{# DuckDB divides decimals as floating point: whole numbers of the twelfth decimal, divided whole, are
   exact. From 10^13 on they would not fit, and are taken of the sixth: sums so large have no more. #}
{% macro duckdb__ratio(numerator, denominator) -%}
    {%- set is_large = 'greatest(abs(' ~ numerator ~ '), abs(' ~ denominator ~ ')) >= 10000000000000' -%}
    {%- set over = '(' ~ social_value.whole_number(numerator, is_large) ~ ')' -%}
    {%- set under = '(' ~ social_value.whole_number(denominator, is_large) ~ ')' -%}
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

{# How many of its twelfth decimal a number is, or of its sixth if it is large. #}
{% macro whole_number(number, is_large) -%}
    case when {{ is_large }} then cast(cast({{ number }} as decimal(38, 6)) * 1000000 as hugeint)
        else cast(cast({{ number }} as decimal(38, 12)) * 1000000000000 as hugeint) end
{%- endmacro %}
