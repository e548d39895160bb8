-- grain: an award of a return in force
{{ config(materialized='view') }}

select
    in_force.sender,
    {{ counts_in(
        quarter_label('awards.award_date'), can_be_of('awards.award_date', 'awards._received_at')
    ) }} as period,
    awards.award_reference,
    awards.award_date,
    awards.programme,
    awards.recipient_name,
    awards.recipient_company_number,
    awards.recipient_charity_number,
    awards.recipient_postcode,
    awards.amount,
    awards.leveraged,
    awards.jobs_created,
    awards.jobs_safeguarded,
    awards.purpose,
    awards.equality_assessment,
    awards._return_id,
    awards._sheet,
    awards._row
from {{ source('landed', 'finance_investments') }} as awards
inner join {{ returns_in_force(dated=true) }} as in_force on awards._return_id = in_force.return_id
