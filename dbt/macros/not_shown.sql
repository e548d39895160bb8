{# What stands in the place of an officer's text from which something personal was taken, until a person accepts it. #}
{% macro not_shown() -%}
    Not shown until somebody has read it
{%- endmacro %}
