-- grain: an employee on a side of a pay gap at the snapshot of 31 March
{{ config(materialized='view') }}

select
    gaps.indicator_id, gaps.basis, employees.period, employees.sender,
    employees.employer,
    case when gaps.characteristic = 'ethnicity' then employees.ethnicity else '' end as ethnicity,
    employees.sender as _series,
    case gaps.pay when 'hourly' then employees.hourly_pay else employees.bonus_pay end as _amount,
    cast(case when sides.side = 'compared' then 1 end as decimal(28, 12)) as numerator,
    cast(case when sides.side = 'reference' then 1 end as decimal(28, 12)) as denominator,
    employees._return_id, employees._sheet, employees._row
from {{ ref('ppl_employees') }} as employees
inner join {{ ref('pay_gap_groups') }} as sides
    on sides.word = case sides.characteristic
        when 'sex' then employees.sex
        when 'ethnicity' then employees.ethnicity
        when 'disability' then employees.disability
    end
inner join {{ ref('pay_gaps') }} as gaps on sides.characteristic = gaps.characteristic
where employees.is_in_headcount
    and extract(month from employees.quarter_last_day) = 3
    and (
        (gaps.pay = 'hourly' and employees.is_full_pay and employees.hourly_pay is not null)
        -- of relevant employees, full pay or not, those who were paid one
        or (gaps.pay = 'bonus' and employees.bonus_pay > 0)
    )
