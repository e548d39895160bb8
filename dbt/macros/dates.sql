{# Days and months in Spark: dbt's own macros for it refuse a null, and make moments of days. #}
{% macro spark__dateadd(datepart, interval, from_date_or_timestamp) -%}
    {%- if datepart == 'day' -%}
    date_add({{ from_date_or_timestamp }}, cast({{ interval }} as int))
    {%- else -%}
    add_months({{ from_date_or_timestamp }}, cast({{ interval }} * {{ {'month': 1, 'year': 12}[datepart] }} as int))
    {%- endif -%}
{%- endmacro %}

{% macro spark__datediff(first_date, second_date, datepart) -%}
    {%- if datepart != 'day' -%}
    {{ exceptions.raise_compiler_error('Of two days only the days between are reckoned in Spark') }}
    {%- endif -%}
    datediff({{ second_date }}, {{ first_date }})
{%- endmacro %}

{# dbt counts the days between when it compiles, by a question of its own. #}
{% macro spark__date_spine(datepart, start_date, end_date) -%}
    select explode(sequence({{ start_date }}, {{ end_date }} - interval 1 {{ datepart }}, interval 1 {{ datepart }}))
        as date_{{ datepart }}
{%- endmacro %}

{% macro spark__split_part(string_text, delimiter_text, part_number) -%}
    split_part({{ string_text }}, {{ delimiter_text }}, {{ part_number }})
{%- endmacro %}
