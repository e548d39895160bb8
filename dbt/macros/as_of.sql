{# The moment the figures are for. Never the clock: the pipeline writes it into the new file before it
   calls dbt (flows/modelling/dbt_runner.py), so that a build can be repeated. In a table, not in a variable: dbt
   would parse the whole project anew for each moment. Unit tests give a variable. #}
{% macro as_of() -%}
    {%- set moment = var('as_of', none) -%}
    {%- if moment is none -%}
        (select as_of from {{ social_value.moment() }})
    {%- else -%}
        cast('{{ moment }}' as {{ dbt.type_timestamp() }})
    {%- endif -%}
{%- endmacro %}

{# The table that the moment stands in. #}
{% macro moment() -%}
    {{ return(adapter.dispatch('moment')()) }}
{%- endmacro %}

{% macro default__moment() -%}
    {{ adapter.quote(target.database) }}.build.moment
{%- endmacro %}

{# In Spark no database stands above schemas. #}
{% macro spark__moment() -%}
    build.moment
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

{# ...and to a period if they have a day in common. #}
{% macro valid_within(alias, first_day, last_day) -%}
    coalesce({{ alias }}.valid_from, cast('1900-01-01' as date)) <= {{ last_day }}
    and coalesce({{ alias }}.valid_to, cast('9999-12-31' as date)) >= {{ first_day }}
{%- endmacro %}
