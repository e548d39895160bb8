{# The `key` columns together name one row and none of them is null; each condition of `always` is true of
   every row (macros/unsound.sql). #}
{% test sound(model, key=[], always=[]) %}
{{ social_value.unsound(model, key, always) }}
{% endtest %}
