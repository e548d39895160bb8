-- grain: a disadvantaged group of a measure that counts distinct people, claimed in a financial year
{%- set small, step = 4, 5 %}
with people as (
    -- one step of the claim and one kind of period: two would tell of each other
    select period, measure_id, disadvantaged_group, count(*) as people
    from {{ ref('ppl_employed_spans') }}
    where counted_by_person = 'distinct people' and has_started
        and step = 'claimed' and span = 'in period' and period_kind = 'year'
    group by period, measure_id, disadvantaged_group
),

hidden as (
    select period, measure_id, count(*) as hidden_groups, sum(people) as hidden_people
    from people
    where people <= {{ small }}
    group by period, measure_id
),

final as (
    select
        people.period,
        people.measure_id,
        people.disadvantaged_group,
        -- to nearest {{ step }}
        case
            when people.people > {{ small }} and (
                hidden.hidden_groups is null
                -- each hidden number can be each from 1 to {{ small }}, even to who knows all the others' sum
                or hidden.hidden_people between hidden.hidden_groups + {{ small - 1 }}
                    and {{ small }} * hidden.hidden_groups - {{ small - 1 }}
            ) then people.people + 2 - mod(people.people + 2, {{ step }})
        end as people
    from people
    left join hidden on people.period = hidden.period and people.measure_id = hidden.measure_id
)

select {{ as_declared(model) }}
from final
