{# A relation's schema, with no prefix: analysts rely on the name `marts`. Staging and publication have their own; a
   step between models (int_) goes to `intermediate` and rows about a person (ppl_) to `people`: both are taken out
   of the file that analysts get. Of any other model it is the one given, else `marts`; wherever its file lies. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ {'stg': 'staging', 'int': 'intermediate', 'ppl': 'people', 'pub': 'publication'}.get(node.name.split('_')[0])
        or custom_schema_name
        or ('seeds' if node.resource_type == 'seed' else 'marts') }}
{%- endmacro %}
