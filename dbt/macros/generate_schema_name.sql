{# A relation's schema is the folder it lies in (seeds, staging, intermediate, marts, publication),
   with no prefix: analysts rely on the name `marts`. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or node.original_file_path.replace('\\', '/').split('/')[0] }}
{%- endmacro %}
