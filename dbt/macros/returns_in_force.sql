{# The returns that count, as of: the newest word on their standing says so. For staging models. #}
{% macro returns_in_force() -%}
    {{ return(adapter.dispatch('returns_in_force')()) }}
{%- endmacro %}

{% macro default__returns_in_force() -%}
    (
        select return_id, attempt, "return", sender, period, part
        from (
            select
                return_id, attempt, "return", sender, period, part,
                row_number() over (partition by return_id order by attempt desc) as newest
            from {{ source('ledger', 'returns') }}
            where received_at <= {{ as_of() }}
        ) as attempts
        where newest = 1
            and return_id in (
                select return_id
                from (
                    select
                        return_id, in_force,
                        row_number() over (partition by return_id order by seq desc) as newest
                    from {{ source('ledger', 'standing') }}
                    where "at" <= {{ as_of() }}
                ) as words
                where newest = 1 and in_force
            )
    )
{%- endmacro %}
