{# A relation named without its database, for views that must still work once the file has been renamed. #}
{% macro same_file(model) -%}
    {{ ref(model).include(database=false) }}
{%- endmacro %}
