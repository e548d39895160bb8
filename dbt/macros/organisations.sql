{# What returns may call an organisation, and as which one its rows are reported: a relation (name, reported_id,
   reported_as), one row a name. Renamed or merged it is the last that went on in its place; else itself, with its
   last day where it ended. For staging models, which match texts of returns to it. #}
{% macro organisation_names() -%}
    (
        with called as (
            select organisation_id, lower(trim(organisation_name)) as name from {{ ref('organisations') }}
            union all
            select organisation_id, lower(organisation_id) as name from {{ ref('organisations') }}
            union all
            select organisation_id, lower(trim(alias)) as name from {{ ref('organisation_aliases') }}
        )

        select
            called.name,
            -- a name of two (which tests/an_organisation_has_its_names_alone finds) doubles no row
            min(kept.reported_id) as reported_id,
            min(
                ends.organisation_name
                || coalesce(' (until ' || cast(ends.valid_to as {{ dbt.type_string() }}) || ')', '')
            ) as reported_as
        from called
        inner join {{ followed('organisations', 'organisation_id') }} as kept on called.organisation_id = kept.own_id
        inner join {{ ref('organisations') }} as ends on kept.reported_id = ends.organisation_id
        group by called.name
    )
{%- endmacro %}

{# Who goes on in whose place, by `succeeded_by` of a seed: a relation (own_id, reported_id), one row an organisation. #}
{% macro followed(seed, key) -%}
    (
        with recursive kept as (
            select {{ key }} as own_id, {{ key }} as reported_id, succeeded_by, 0 as steps
            from {{ ref(seed) }}
            union all
            select kept.own_id, successors.{{ key }} as reported_id, successors.succeeded_by, kept.steps + 1
            from kept
            inner join {{ ref(seed) }} as successors on kept.succeeded_by = successors.{{ key }}
            where kept.steps < 50   -- a ring of successors is nobody
        )

        select own_id, reported_id
        from kept
        where succeeded_by is null
    )
{%- endmacro %}
