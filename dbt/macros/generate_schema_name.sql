{# A relation's schema, with no prefix: analysts rely on the name `marts`. A step between models (int_) goes to
   `intermediate` and rows about a person (ppl_) to `people`, wherever they lie: both are taken out of the
   file that analysts get. Of any other it is the one given, else `marts` for core and indicators, else the
   first folder (staging, publication, seeds). #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- set layer = node.original_file_path.replace('\\', '/').split('/')[0] -%}
    {{ {'int': 'intermediate', 'ppl': 'people'}.get(node.name.split('_')[0])
        or custom_schema_name
        or {'core': 'marts', 'indicators': 'marts'}.get(layer, layer) }}
{%- endmacro %}
