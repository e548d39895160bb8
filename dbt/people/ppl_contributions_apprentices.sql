-- grain: an employee in a share of E11: apprentices, and apprenticeships started
{{ config(materialized='view') }}

with employees as (
    select *,
        case when apprenticeship_start between quarter_first_day and quarter_last_day then 1 else 0 end as starts,
        case when start_date between quarter_first_day and quarter_last_day then 1 else 0 end as joins
    from {{ ref('ppl_employees') }}
),

headcount_before as (
    -- a headcount is the one before the next quarter, where a return of the next quarter has come
    select employees.*, later.period as next_period
    from employees
    inner join (select distinct sender, period, quarter_first_day from employees) as later
        on employees.sender = later.sender
        and later.quarter_first_day = {{ dbt.dateadd('day', 1, 'employees.quarter_last_day') }}
    where employees.is_in_headcount
),

counted as (
    -- who left in the quarter started all the same
    select 'starts-of-headcount-before' as basis, period, sender, employer, directorate,
        starts as numerator, null as denominator, _return_id, _sheet, _row
    from employees
    union all
    select 'starts-of-headcount-before', next_period, sender, employer, directorate,
        null, 1, _return_id, _sheet, _row
    from headcount_before
    union all
    select 'starts-of-new-employees', period, sender, employer, directorate,
        starts, joins, _return_id, _sheet, _row
    from employees
    union all
    select 'apprentices-of-headcount', period, sender, employer, directorate,
        case when is_apprentice then 1 else 0 end, 1, _return_id, _sheet, _row
    from employees
    where is_in_headcount
)

select 'E11' as indicator_id, basis, period, sender, employer, directorate, sender as _series,
    cast(numerator as decimal(28, 12)) as numerator, cast(denominator as decimal(28, 12)) as denominator,
    _return_id, _sheet, _row
from counted
