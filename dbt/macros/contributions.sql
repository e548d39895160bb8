{# What contributions can be broken down by: dbt_project.yml names those that ship, in the order of tables; after
   them stands what models have beside (`meta: {contributions: [...]}`, gathered by flows/modelling/made_files.py). #}
{% macro breakdown_columns() -%}
    {%- set found = var('breakdown_columns') | list -%}
    {%- for has in (contribution_models().values() | list) + (people_contribution_models().values() | list) -%}
        {%- for column in has if column not in found and not column.startswith('_') -%}
            {%- do found.append(column) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{# The breakdown columns that any of the models has, in that order. #}
{% macro columns_of(models) -%}
    {%- set found = [] -%}
    {%- for column in breakdown_columns() if column in models.values() | sum(start=[]) -%}
        {%- do found.append(column) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{# `columns`, each blank where it is not among those that a model `has`. #}
{% macro words_or_blank(columns, has) -%}
    {%- for column in columns -%}
        {{ ', ' if not loop.first }}{{ column if column in has else "'' as " ~ column }}
    {%- endfor -%}
{%- endmacro %}

{# What a row of `rows` says in the column whose name stands in `name`; blank where none does. #}
{% macro word_in(name, rows, columns) -%}
    case {{ name }}
        {%- for column in columns %} when '{{ column }}' then {{ rows }}.{{ column }}{% endfor %} else '' end
{%- endmacro %}

{# The part of its breakdown that a row stands in: its word, or its two words with a slash between. #}
{% macro part_of(first_word, second_word, is_two_way) -%}
    case when {{ is_two_way }} then {{ first_word }} || '/' || {{ second_word }} else {{ first_word }} end
{%- endmacro %}

{# A row without a word for a breakdown stands in none of its parts. #}
{% macro stands_in_a_part(breakdown, first_word, second_word, is_two_way) -%}
    ({{ breakdown }} = '' or ({{ first_word }} <> '' and (not {{ is_two_way }} or {{ second_word }} <> '')))
{%- endmacro %}
