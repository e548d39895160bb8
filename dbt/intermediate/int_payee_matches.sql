-- grain: who was paid, as one sender wrote it in one month, with the one supplier it matches
{{ config(materialized='table') }}

with keyed as (
    select
        payees.*,
        by_person.vendor_key as by_person,
        by_id.vendor_key as by_id,
        by_company.vendor_key as by_company,
        by_charity.vendor_key as by_charity,
        by_name.vendor_key as by_name
    from {{ ref('int_payees') }} as payees
    left join {{ ref('int_vendor_months') }} as masters
        on payees.sender = masters.sender and payees.month = masters.month
    left join {{ ref('int_supplier_overrides') }} as overrides
        on payees.sender = overrides.sender
        and payees.month = overrides.month
        and payees.clean_name = overrides.clean_name
    {%- for key, kind, word in [
        ('by_person', 'supplier id', 'overrides.supplier_id'),
        ('by_id', 'supplier id', 'payees.supplier_id'),
        ('by_company', 'company number', 'payees.company_number'),
        ('by_charity', 'charity number', 'payees.charity_number'),
        ('by_name', 'name', 'payees.clean_name'),
    ] %}
    left join {{ ref('int_vendor_keys') }} as {{ key }}
        on {{ key }}.kind = '{{ kind }}'
        and {{ key }}.word = {{ word }}
        and {{ key }}.sender = masters.sender
        and {{ key }}.vendor_month = masters.vendor_month
    {%- endfor %}
),

matched as (
    select
        *,
        case when is_redacted or exclusion_reason is not null then null
            else coalesce(by_person, by_id, by_company, by_charity, by_name)
        end as vendor_key,
        case
            when is_redacted or exclusion_reason is not null then 'not sought'
            when by_person is not null then 'override'
            when by_id is not null then 'supplier id'
            when by_company is not null then 'company number'
            when by_charity is not null then 'charity number'
            when by_name is not null then 'name'
            else 'unmatched'
        end as match_method
    from keyed
)

select
    matched.sender,
    matched.month,
    matched.supplier_name,
    matched.supplier_id,
    matched.supplier_company_number,
    matched.supplier_charity_number,
    matched.is_redacted,
    matched.exclusion_reason,
    matched.match_method,
    vendors.sender || '/' || vendors.supplier_id as supplier_key,
    vendors.local_authority_code,
    vendors.location_basis, vendors.deprivation_decile,
    vendors.size as supplier_size,
    sme.counts as is_sme,   -- null: not known
    vcse.counts as is_vcse
from matched
left join {{ ref('int_vendors') }} as vendors on matched.vendor_key = vendors.vendor_key
left join {{ ref('int_flags') }} as sme
    on matched.month = sme.month and sme.flag = 'SME' and sme.word = vendors.size
left join {{ ref('int_flags') }} as vcse
    on matched.month = vcse.month
    and vcse.flag = 'VCSE'
    and vcse.word = case when vendors.is_vcse then 'yes' when not vendors.is_vcse then 'no' end
