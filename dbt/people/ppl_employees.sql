-- grain: an employee of an employer in a workforce return in force, also one who left in the quarter
select
    workforce.sender,
    workforce.period,
    periods.first_day as quarter_first_day,
    periods.last_day as quarter_last_day,
    workforce.snapshot_date,
    workforce.employee_key,
    -- of one that was renamed or merged: the employer that goes on in its place
    coalesce(kept.reported_id, employers.employer_id, 'not known') as employer,
    coalesce(workforce.sex, 'undisclosed') as sex,
    coalesce(workforce.ethnicity, 'undisclosed') as ethnicity,
    coalesce(workforce.disability, 'undisclosed') as disability,
    coalesce(workforce.age_band, 'undisclosed') as age_band,
    coalesce(workforce.grade, 'Not stated') as grade,
    coalesce(workforce.directorate, 'Not stated') as directorate,
    coalesce(districts.district, '') as district,   -- blank: elsewhere or not known
    workforce.home_local_authority_code is not null as is_home_known,
    workforce.home_deprivation_decile,
    workforce.fte,
    workforce.hourly_pay,
    coalesce(workforce.is_full_pay, false) as is_full_pay,
    not coalesce(workforce.is_full_pay, true) as is_on_reduced_pay,   -- where the return does not say, nobody is
    workforce.bonus_pay,
    workforce.pay_date,
    workforce.aged_18_on_pay_date,
    coalesce(workforce.is_apprentice, false) as is_apprentice,
    workforce.apprenticeship_start,
    workforce.start_date,
    -- a leave date is the last day of employment: on the snapshot date itself it still counts
    coalesce(workforce.start_date, workforce.snapshot_date) <= workforce.snapshot_date
    and coalesce(workforce.leave_date, workforce.snapshot_date) >= workforce.snapshot_date
        as is_in_headcount,
    workforce._return_id,
    workforce._sheet,
    workforce._row
from {{ ref('stg_hr_workforce') }} as workforce
inner join {{ ref('dim_calendar') }} as periods on workforce.period = periods.period
left join {{ ref('employers') }} as employers
    on lower(trim(workforce.employer)) in (lower(employers.employer_id), lower(employers.employer_name))
    or '; ' || lower(employers.also_called) || ';' like '%; ' || lower(trim(workforce.employer)) || ';%'
left join {{ followed('employers', 'employer_id') }} as kept on employers.employer_id = kept.own_id
left join {{ ref('dim_districts') }} as districts
    on workforce.home_local_authority_code = districts.local_authority_code
    and {{ month_label('workforce.snapshot_date') }} = districts.month
