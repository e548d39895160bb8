-- grain: an investment award
with used as (
    -- only the postcodes that awards name: the directory has 2.7 million
    select postcodes.postcode, postcodes.local_authority_code
    from {{ ref('stg_postcodes') }} as postcodes
    where postcodes.postcode in (select recipient_postcode from {{ ref('stg_finance_investments') }})
),

final as (
    select
        awards.sender,
        awards.period,
        awards.award_reference,
        awards.award_date,
        awards.programme,
        awards.recipient_name,
        coalesce(districts.district, '') as district,
        areas.deprivation_decile,
        cast(awards.amount as decimal(18, 2)) as amount,
        cast(awards.leveraged as decimal(18, 2)) as leveraged,
        cast(awards.jobs_created as decimal(24, 6)) as jobs_created,
        cast(awards.jobs_safeguarded as decimal(24, 6)) as jobs_safeguarded,
        awards.purpose,
        awards.equality_assessment,
        awards._return_id,
        awards._sheet,
        awards._row
    from {{ ref('stg_finance_investments') }} as awards
    inner join {{ ref('dim_calendar') }} as quarters on awards.period = quarters.period
    left join used on awards.recipient_postcode = used.postcode
    left join {{ ref('dim_districts') }} as districts
        on used.local_authority_code = districts.local_authority_code
        and {{ month_label('quarters.last_day') }} = districts.month
    left join {{ ref('int_deprivation') }} as areas on awards.recipient_postcode = areas.postcode
)

select {{ as_declared(model) }}
from final
