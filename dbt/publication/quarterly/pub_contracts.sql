-- grain: a contract above the threshold that is live in a quarter
with live as (
    select contracts.*, reports.quarter,
        {{ plain_name('contracts.supplier_name') }} as plain_name
    from {{ ref('dim_contracts') }} as contracts
    inner join {{ ref('dim_published_quarters') }} as reports
        on contracts.awarded_date <= reports.last_day
        and coalesce(contracts.end_date, reports.last_day) >= reports.first_day
    inner join {{ ref('contract_thresholds') }} as thresholds
        on thresholds.threshold = 'social value' and {{ valid_on('thresholds', 'reports.last_day') }}
        and {{ recorded_by_now('thresholds') }}
    where contracts.value > thresholds.above
),

judged as (
    select live.*, vendors.company_number, vendors.charity_number, vendors.size, vendors.is_vcse,
        vendors.local_authority_code,
        exists (
            select 1 from {{ ref('redaction_phrases') }} as phrases
            where {{ says_so('live.plain_name', 'phrases', 'phrase') }}
        )
        -- only an organisation is named: one with a number, or with a word that only such names have
        or (
            coalesce(vendors.company_number, vendors.charity_number,
                live.supplier_company_number, live.supplier_charity_number) is null
            and not exists (
                select 1 from {{ ref('organisation_words') }} as words
                where {{ has_words('live.plain_name', 'words.word') }}
            )
        ) as is_withheld
    from live
    left join {{ ref('dim_suppliers') }} as vendors
        on live.sender = vendors.sender and live.supplier_id = vendors.supplier_id
),

final as (
    select
        judged.quarter,
        judged.contract_reference,
        judged.contract_title,
        judged.directorate,
        case when judged.is_withheld then 'REDACTED PERSONAL DATA' else judged.supplier_name end as supplier,
        case when not judged.is_withheld
            then coalesce(judged.company_number, judged.supplier_company_number,
                judged.charity_number, judged.supplier_charity_number)
        end as supplier_number,
        case when not judged.is_withheld then 's' || lower(judged.supplier_id) end as sends_as,
        coalesce(judged.supplier_size, judged.size, 'not known') as supplier_size,
        coalesce(judged.supplier_is_vcse, judged.is_vcse) as supplier_is_vcse,
        case
            when judged.is_withheld then 'Supplier name redacted'
            when judged.local_authority_code is null then 'Location unknown'
            else coalesce(districts.district, 'Outside {{ the_region() }}')
        end as district,
        judged.process,
        judged.awarded_date,
        judged.start_date,
        judged.end_date,
        judged.value,
        judged.has_commitment
    from judged
    left join (
        select distinct district, local_authority_code from {{ ref('dim_districts') }}
    ) as districts on judged.local_authority_code = districts.local_authority_code
)

select {{ as_declared(model) }}
from final
