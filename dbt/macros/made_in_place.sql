{# A build goes into a new file (decision 0001), where there is nothing to move out of the way: each table and
   view is made under its own name, in one statement where dbt would make another, rename it and drop what
   was there. Who runs dbt again on the same file has the old one dropped first. Hooks and grants, of which we
   have none, are not seen to; what analysts get says what it is, in comments of the database. #}
{% materialization table, adapter='duckdb' %}
    {{ social_value.made_in_place(this.incorporate(type='table')) }}
    {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {{ social_value.made_in_place(this.incorporate(type='view')) }}
    {{ return({'relations': [this.incorporate(type='view')]}) }}
{% endmaterialization %}

{% macro made_in_place(relation) %}
    {% set there = load_cached_relation(this) %}
    {% if there is not none %}
        {% do adapter.drop_relation(there) %}
    {% endif %}
    {% call statement('main') %}
        {% if relation.is_table %}
            {{ create_table_as(False, relation, compiled_code) }}
        {% else %}
            {{ create_view_as(relation, compiled_code) }}
        {% endif %}
    {% endcall %}
    {% if this.schema in ('marts', 'publication') %}
        {% call statement('comments') %}
            comment on {{ relation.type }} {{ relation }} is {{ duckdb_escape_comment(model.description) }};
            {% for column in model.columns.values() %}
            comment on column {{ relation }}."{{ column.name }}" is {{ duckdb_escape_comment(column.description) }};
            {% endfor %}
        {% endcall %}
    {% endif %}
    {% do adapter.commit() %}
{% endmacro %}
