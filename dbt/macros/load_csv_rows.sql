{# A seed's rows, from the file that dbt has just read. dbt-duckdb's own macro takes the folder in which the
   project was parsed, which is another home's, and perhaps gone (flows/dbt_runner.py shares what was parsed). #}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {%- set sql -%}
        copy {{ this.render() }} from '{{ agate_table.original_abspath | replace("'", "''") }}'
        (format csv, header true, delimiter ',')
    {%- endset -%}
    {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
    {{ return(sql) }}
{% endmacro %}
