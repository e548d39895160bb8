-- grain: an employee in a share that pay is about: bonus, pay quarter, undisclosed, Real Living Wage
{{ config(materialized='view') }}

with relevant as (
    select * from {{ ref('ppl_employees') }} where is_in_headcount
),

rates as (
    select relevant._return_id, relevant._sheet, relevant._row, max(rates.in_force_from) as in_force_from
    from relevant
    inner join {{ ref('living_wage_rates') }} as rates
        on rates.in_force_from <= relevant.pay_date and {{ recorded_by_now('rates') }}
    where rates.area = 'UK'
    group by relevant._return_id, relevant._sheet, relevant._row
),

paid as (
    select relevant.*, wages.hourly_rate,
        aged_18_on_pay_date and hourly_pay is not null and wages.hourly_rate is not null as is_wage_known
    from relevant
    left join rates
        on relevant._return_id = rates._return_id
        and relevant._sheet = rates._sheet
        and relevant._row = rates._row
    left join {{ ref('living_wage_rates') }} as wages
        on rates.in_force_from = wages.in_force_from and wages.area = 'UK'
),

shares as (
    {% for sex, basis in [('male', 'men'), ('female', 'women')] -%}
    select 'E08' as indicator_id, '{{ basis }}' as basis, period, sender, employer, '' as sex, '' as directorate,
        case when bonus_pay > 0 then 1 else 0 end as numerator, 1 as denominator, _return_id, _sheet, _row
    from relevant
    where sex = '{{ sex }}' and extract(month from quarter_last_day) = 3
    union all
    select 'E09', quarter || '-{{ basis }}', period, sender, employer, '', '',
        case when sex = '{{ sex }}' then share else 0 end, share, _return_id, _sheet, _row
    from {{ ref('ppl_pay_quarters') }}
    union all
    {% endfor %}
    {%- for characteristic in ['ethnicity', 'disability'] -%}
    select 'E10', '{{ characteristic }}-undisclosed', period, sender, employer, '', '',
        case when {{ characteristic }} = 'undisclosed' then 1 else 0 end, 1, _return_id, _sheet, _row
    from relevant
    where is_full_pay and hourly_pay is not null and extract(month from quarter_last_day) = 3
    union all
    {% endfor -%}
    select 'E12', 'known', period, sender, employer, sex, directorate,
        case when hourly_pay >= hourly_rate then 1 else 0 end, 1, _return_id, _sheet, _row
    from paid
    where is_wage_known
    union all
    -- accreditation does not ask it of apprentices, and reduced pay is nobody's rate
    select 'E12', case when is_apprentice or is_on_reduced_pay then 'not covered' else 'accreditation' end,
        period, sender, employer, sex, directorate,
        case when hourly_pay >= hourly_rate then 1 else 0 end, 1, _return_id, _sheet, _row
    from paid
    where is_wage_known
    union all
    -- who is known to be under 18 is in neither figure
    select 'E12', 'not known', period, sender, employer, sex, directorate,
        case when is_wage_known then 0 else 1 end, 1, _return_id, _sheet, _row
    from paid
    where coalesce(aged_18_on_pay_date, true)
)

select indicator_id, basis, period, sender, employer, sex, directorate, sender as _series,
    cast(numerator as decimal(28, 12)) as numerator, cast(denominator as decimal(28, 12)) as denominator,
    _return_id, _sheet, _row
from shares
