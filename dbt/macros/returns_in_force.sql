{# The returns that count, as of: the newest word on their standing says so. For staging models.
   `dated`: with `was_held_for_dates`, whether they waited for a confirmation because a share of their rows is
   dated outside their period. #}
{% macro returns_in_force(dated=false) -%}
    {{ return(adapter.dispatch('returns_in_force')(dated)) }}
{%- endmacro %}

{% macro default__returns_in_force(dated) -%}
    (
        select
            return_id, attempt, "return", sender, period, part
            {%- if dated %},
            exists (
                select 1 from {{ source('ledger', 'findings') }} as doubts
                where doubts.return_id = attempts.return_id
                    and doubts.attempt = attempts.attempt
                    and doubts.rule = 'return_is_of_its_period'
            ) as was_held_for_dates
            {%- endif %}
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

{# The period that a row of `returns_in_force(dated=true)` counts in: its return's; of a return that was held
   for its dates and confirmed the row's own (`label`), where that `can_be`. #}
{% macro counts_in(label, can_be) -%}
    case when in_force.was_held_for_dates and {{ can_be }} then {{ label }} else in_force.period end
{%- endmacro %}

{# Whether a row can be of that day: periods are known for it, and it is no later than the row came. #}
{% macro can_be_of(day, received_at) -%}
    {{ day }} >= cast('{{ var('first_month') }}-01' as date) and {{ day }} <= {{ received_at }}
{%- endmacro %}
