{# What declared indicators add (indicators/*.yaml): a row of `rows` in each figure in which it counts.
   `told`: the columns, the figures with what a row adds as SQL, which rows count, and the type of a number. #}
{% macro declared_contributions(rows, told) -%}
    {%- for figure in told.figures %}
    select
        '{{ figure.indicator }}' as indicator_id,
        '{{ figure.basis }}' as basis,
        {%- for name, sql in told.columns.items() %}
        {{ sql }}{{ ' as ' ~ name if sql != name }},
        {%- endfor %}
        cast({{ figure.numerator }} as {{ told.number }}) as numerator,
        cast({{ figure.denominator }} as {{ told.number }}) as denominator,
        _return_id,
        _sheet,
        _row
    from {{ rows }}
    where ({{ told.where }}) and ({{ figure.where }})
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{# The rows of a landed table that are of returns in force, each with its return's sender, period and part. #}
{% macro landed(table, columns) -%}
    select
        in_force.sender,
        in_force.period,
        in_force.part,
        {%- for column in columns + ['_return_id', '_sheet', '_row', '_received_at'] %}
        rows_of.{{ adapter.quote(column) }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ source('landed', table) }} as rows_of
    inner join {{ social_value.returns_in_force() }} as in_force on rows_of._return_id = in_force.return_id
{%- endmacro %}
