-- grain: an employee of an employer in a workforce return in force
{{ config(materialized='view') }}

select
    in_force.sender,
    {{ counts_in(
        quarter_label('workforce.snapshot_date'),
        can_be_of('workforce.snapshot_date', 'workforce._received_at')
    ) }} as period,
    workforce.employer,
    workforce.snapshot_date,
    workforce.employee_key,
    workforce.age_band,
    workforce.aged_18_on_pay_date,
    workforce.home_local_authority_code,
    workforce.home_deprivation_decile,
    workforce.sex,
    workforce.ethnicity,
    workforce.disability,
    coalesce(known.reported_as, workforce.directorate) as directorate,
    workforce.grade,
    workforce.fte,
    workforce.hourly_pay,
    workforce.is_full_pay,
    workforce.bonus_pay,
    workforce.pay_date,
    workforce.is_apprentice,
    workforce.apprenticeship_start,
    workforce.start_date,
    workforce.leave_date,
    workforce._return_id,
    workforce._sheet,
    workforce._row
from {{ source('landed', 'hr_workforce') }} as workforce
inner join {{ returns_in_force(dated=true) }} as in_force on workforce._return_id = in_force.return_id
left join {{ organisation_names() }} as known on lower(trim(workforce.directorate)) = known.name
