{# Seeds are read from the folder dbt runs in. dbt would read them where the project lay when it was
   parsed, and that may have been a home that is gone since. #}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {% set load %}
        copy {{ this.render() }} from '{{ model.original_file_path }}' (format csv, header true)
    {% endset %}
    {% do adapter.add_query(load, abridge_sql_log=True) %}
    {{ return(load) }}
{% endmacro %}
