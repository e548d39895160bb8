-- grain: who was paid, as one sender wrote it in one month: name, number, company and charity number
with payees as (
    select distinct
        sender,
        month,
        supplier_name,
        coalesce(supplier_id, '') as supplier_id,
        coalesce(supplier_company_number, '') as supplier_company_number,
        coalesce(supplier_charity_number, '') as supplier_charity_number
    from {{ ref('stg_finance_payments') }}
),

excluded as (
    select
        names.supplier_name,
        months.month,
        min(exclusions.reason) as exclusion_reason
    from {{ ref('spend_exclusions') }} as exclusions
    inner join {{ ref('int_supplier_names') }} as names on exclusions.said_in = 'payee' and exclusions.words = names.clean_name
    inner join {{ ref('dim_months') }} as months on {{ valid_on('exclusions', 'months.last_day') }}
    where {{ recorded_by_now('exclusions') }}
    group by names.supplier_name, months.month
)

select
    payees.*,
    names.clean_name,
    {{ mended_company_number('payees.supplier_company_number') }} as company_number,
    {{ plain_charity_number('payees.supplier_charity_number') }} as charity_number,
    coalesce(names.is_redacted, false) as is_redacted,
    coalesce(names.is_organisation, false) as is_organisation,
    excluded.exclusion_reason
from payees
left join {{ ref('int_supplier_names') }} as names on payees.supplier_name = names.supplier_name
left join excluded
    on payees.supplier_name = excluded.supplier_name and payees.month = excluded.month
