{# Labels of periods as `flows/common/periods.py` writes them: 2022-04, 2022-23 Q1, 2022-23 H1, 2022-23. #}
{% macro as_text(number) -%}
    cast(cast({{ number }} as integer) as {{ dbt.type_string() }})
{%- endmacro %}

{% macro month_label(day) -%}
    {{ social_value.as_text('extract(year from ' ~ day ~ ')') }}
    || '-' || lpad({{ social_value.as_text('extract(month from ' ~ day ~ ')') }}, 2, '0')
{%- endmacro %}

{% macro financial_year_label(first_year) -%}
    {{ social_value.as_text(first_year) }}
    || '-' || lpad({{ social_value.as_text('mod(' ~ first_year ~ ' + 1, 100)') }}, 2, '0')
{%- endmacro %}

{% macro quarter_label(day) -%}
    {%- set first_year = 'extract(year from ' ~ day ~ ') - case when extract(month from ' ~ day ~ ') < 4 then 1 else 0 end' -%}
    {{ social_value.financial_year_label('(' ~ first_year ~ ')') }}
    || ' Q' || {{ social_value.as_text('floor(mod(extract(month from ' ~ day ~ ') + 8, 12) / 3) + 1') }}
{%- endmacro %}
