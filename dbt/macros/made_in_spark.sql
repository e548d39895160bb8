{# What Spark makes lies in Parquet, with the types that the YAML beside a model promises: it gives sums and products
   of decimals other digits than DuckDB does, and calls a text `string`. It keeps no constraint of Parquet, so a null
   where none may be is looked for as the table is made. #}
{% macro spark__create_table_as(temporary, relation, compiled_code, language='sql') -%}
    create table {{ relation }} using parquet as
    select
        {%- for column in model.columns.values() if model.config.contract.enforced %}
        {{ social_value.promised(column) }}{{ ',' if not loop.last }}
        {%- else %}
        *
        {%- endfor %}
    from (
        {{ compiled_code }}
    ) as made
{%- endmacro %}

{% macro promised(column) -%}
    {%- set name = adapter.quote(column.name) -%}
    {%- set told = 'cast(' ~ name ~ ' as ' ~ social_value.kind(column.data_type) ~ ')' -%}
    {%- if column.constraints | selectattr('type', 'equalto', 'not_null') | list -%}
        {%- set told = "coalesce(" ~ told ~ ", raise_error('" ~ column.name ~ " is null'))" -%}
    {%- endif -%}
    {{ told }} as {{ name }}
{%- endmacro %}

{% macro spark__persist_constraints(relation, model) -%}
{%- endmacro %}

{% macro spark__create_view_as(relation, sql) -%}
    create or replace view {{ relation }} as
    {{ sql }}
{%- endmacro %}

{# A seed lies already, as its file has it (flows/modelling/handed_over.py): it is made as it is filled. #}
{% macro spark__create_csv_table(model, agate_table) %}
    {% set load %}
        create table {{ this.render() }} using parquet as
        select * from given.{{ adapter.quote(this.identifier) }} {{ social_value.is_recorded(model, agate_table) }}
    {% endset %}
    {% call statement('_') %} {{ load }} {% endcall %}
    {{ return(load) }}
{% endmacro %}

{% macro spark__load_csv_rows(model, agate_table) %}
    {{ return('') }}
{% endmacro %}
