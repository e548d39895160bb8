{# Which models hold contributions, and what each has beside the columns of all: breakdown columns, and
   `_series` where an indicator is a level (docs/modelling.md). A new model is a new line here. #}
{% macro contribution_models() -%}
    {{ return({
        'fct_contributions_c01': ['district', 'directorate'],
        'fct_contributions_c02_c03': ['directorate'],
        'fct_contributions_c04': ['directorate'],
        'fct_contributions_c05': ['directorate'],
        'fct_contributions_awards': ['directorate', 'contract_size'],
        'fct_contributions_promises': ['measure'],
        'fct_contributions_deliveries': ['role', 'measure'],
        'fct_contributions_cost': [],
        'fct_contributions_investments': ['district', 'programme'],
        'fct_contributions_commitments': ['role', 'theme', 'commitment_class', 'rag'],
    }) }}
{%- endmacro %}

{# The same of those whose rows are about a person: they stay in the schema `people`. #}
{% macro people_contribution_models() -%}
    {{ return({
        'ppl_contributions_workforce': [
            'employer', 'sex', 'ethnicity', 'disability', 'age_band', 'grade', 'district', 'directorate', '_series'
        ],
        'ppl_contributions_deliveries': ['measure'],
        'ppl_contributions_pay_gaps': ['employer', 'ethnicity', '_series', '_amount'],
        'ppl_contributions_pay_shares': ['employer', 'sex', 'directorate', '_series'],
        'ppl_contributions_apprentices': ['employer', 'directorate', '_series'],
    }) }}
{%- endmacro %}

{# The breakdown columns that any of the models has, in the order of dbt_project.yml. #}
{% macro columns_of(models) -%}
    {%- set found = [] -%}
    {%- for column in var('breakdown_columns') if column in models.values() | sum(start=[]) -%}
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
