-- What is in force is what is modelled: lines and money of every return, to the penny.
with in_force as (
    select _return_id, count(*) as lines, sum(amount) as amount
    from {{ ref('stg_finance_payments') }}
    group by _return_id
),

modelled as (
    select _return_id, count(*) as lines, sum(amount) as amount
    from {{ ref('fct_payments') }}
    group by _return_id
)

select coalesce(in_force._return_id, modelled._return_id) as return_id
from in_force
full outer join modelled on in_force._return_id = modelled._return_id
where in_force.lines is distinct from modelled.lines
    or in_force.amount is distinct from modelled.amount
