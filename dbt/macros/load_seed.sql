{# Seeds are read from the folder dbt runs in. dbt would read them where the project lay when it was
   parsed, and that may have been a home that is gone since.
   A dated row that had not been recorded by the build's moment is not known yet. What somebody has
   published (`meta: {copied: true}`: deflators, proxies) is dated by when we copied it, and is known always;
   each release keeps the seeds it used. #}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {% set load %}
        copy {{ this.render() }} from '{{ model.original_file_path }}' (format csv, header true)
    {% endset %}
    {% do adapter.add_query(load) %}
    {% if 'recorded_on' in agate_table.column_names and not model.config.get('meta', {}).get('copied') %}
        {% set forget %}
            delete from {{ this.render() }} where recorded_on > {{ social_value.as_of_day() }}
        {% endset %}
        {% do adapter.add_query(forget) %}
    {% endif %}
    {{ return(load) }}
{% endmacro %}

{# In PostgreSQL a seed lies already, as its file has it (flows/modelling/handed_over.py). #}
{% macro postgres__load_csv_rows(model, agate_table) %}
    {% set load %}
        insert into {{ this.render() }} select * from given.{{ adapter.quote(this.identifier) }}
        {{ social_value.is_recorded(model, agate_table) }}
    {% endset %}
    {% do adapter.add_query(load) %}
    {% do adapter.add_query('analyze ' ~ this.render()) %}
    {{ return(load) }}
{% endmacro %}

{# Which rows of a seed that lies in `given` are known at the build's moment. #}
{% macro is_recorded(model, agate_table) -%}
    {%- if 'recorded_on' in agate_table.column_names and not model.config.get('meta', {}).get('copied') -%}
    where recorded_on is null or recorded_on <= {{ social_value.as_of_day() }}
    {%- endif -%}
{%- endmacro %}
