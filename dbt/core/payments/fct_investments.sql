-- grain: an investment award
with used as (
    -- only the postcodes that awards name: the directory has 2.7 million
    select postcodes.postcode, postcodes.local_authority_code
    from {{ ref('stg_postcodes') }} as postcodes
    where postcodes.postcode in (select recipient_postcode from {{ ref('stg_finance_investments') }})
)

select
    cast(awards.sender as {{ dbt.type_string() }}) as sender,
    cast(awards.period as {{ dbt.type_string() }}) as period,
    cast(awards.award_reference as {{ dbt.type_string() }}) as award_reference,
    cast(awards.award_date as date) as award_date,
    cast(awards.programme as {{ dbt.type_string() }}) as programme,
    cast(awards.recipient_name as {{ dbt.type_string() }}) as recipient_name,
    cast(coalesce(districts.district, '') as {{ dbt.type_string() }}) as district,
    cast(areas.deprivation_decile as integer) as deprivation_decile,
    cast(awards.amount as decimal(18, 2)) as amount,
    cast(awards.leveraged as decimal(18, 2)) as leveraged,
    cast(awards.jobs_created as decimal(18, 6)) as jobs_created,
    cast(awards.jobs_safeguarded as decimal(18, 6)) as jobs_safeguarded,
    cast(awards.purpose as {{ dbt.type_string() }}) as purpose,
    cast(awards._return_id as {{ dbt.type_string() }}) as _return_id,
    cast(awards._sheet as {{ dbt.type_string() }}) as _sheet,
    cast(awards._row as {{ dbt.type_bigint() }}) as _row
from {{ ref('stg_finance_investments') }} as awards
inner join {{ ref('dim_calendar') }} as quarters on awards.period = quarters.period
left join used on awards.recipient_postcode = used.postcode
left join {{ ref('dim_districts') }} as districts
    on used.local_authority_code = districts.local_authority_code
    and {{ month_label('quarters.last_day') }} = districts.month
left join {{ ref('int_deprivation') }} as areas on awards.recipient_postcode = areas.postcode
