{# The moment the figures are for. Never the clock: the pipeline says it, so that a build can be repeated. #}
{% macro as_of() -%}
    {%- set moment = var('as_of', none) -%}
    {%- if moment is none and execute and flags.WHICH not in ['parse', 'list', 'docs', 'generate'] -%}
        {{ exceptions.raise_compiler_error(
            "The build does not know which moment it is for: give --vars '{as_of: \"2022-07-31T12:00:00\"}'."
        ) }}
    {%- endif -%}
    cast('{{ moment }}' as {{ dbt.type_timestamp() }})
{%- endmacro %}

{% macro as_of_day() -%}
    cast({{ as_of() }} as date)
{%- endmacro %}

{# A dated seed row counts if it had been recorded by then... #}
{% macro recorded_by_now(alias) -%}
    coalesce({{ alias }}.recorded_on, cast('1900-01-01' as date)) <= {{ as_of_day() }}
{%- endmacro %}

{# ...and applies to a month if it is valid on that month's last day. #}
{% macro valid_on(alias, day) -%}
    coalesce({{ alias }}.valid_from, cast('1900-01-01' as date)) <= {{ day }}
    and coalesce({{ alias }}.valid_to, cast('9999-12-31' as date)) >= {{ day }}
{%- endmacro %}
