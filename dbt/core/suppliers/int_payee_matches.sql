-- grain: who was paid, as one sender wrote it in one month, with the one supplier it matches
{%- set ways = [
    ('override', 'supplier_id', 'overrides.supplier_id'),
    ('supplier id', 'supplier_id', 'payees.supplier_id'),
    ('company number', 'company_number', 'payees.company_number'),
    ('charity number', 'charity_number', 'payees.charity_number'),
    ('name', 'clean_name', 'payees.clean_name'),
] %}
with words as (
    -- a word that two suppliers of a vendor master share means neither
    {% for word in ['supplier_id', 'company_number', 'charity_number', 'clean_name'] -%}
    select sender, month as vendor_month, '{{ word }}' as kind, {{ word }} as word, min(vendor_key) as vendor_key
    from {{ ref('int_vendors') }}
    where {{ word }} <> ''
    group by sender, month, {{ word }}
    having count(*) = 1
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

matched as (
    select
        payees.*,
        case when payees.is_redacted or payees.exclusion_reason is not null then null
            else coalesce({% for way in ways %}way_{{ loop.index }}.vendor_key{{ ', ' if not loop.last }}{% endfor %})
        end as vendor_key,
        case
            when payees.is_redacted or payees.exclusion_reason is not null then 'not sought'
            {%- for method, kind, word in ways %}
            when way_{{ loop.index }}.vendor_key is not null then '{{ method }}'
            {%- endfor %}
            else 'unmatched'
        end as match_method
    from {{ ref('int_payees') }} as payees
    left join {{ ref('int_vendor_months') }} as masters
        on payees.sender = masters.sender and payees.month = masters.month
    left join {{ ref('int_supplier_overrides') }} as overrides
        on payees.sender = overrides.sender
        and payees.month = overrides.month
        and payees.clean_name = overrides.clean_name
    {%- for method, kind, word in ways %}
    left join words as way_{{ loop.index }}
        on way_{{ loop.index }}.kind = '{{ kind }}'
        and way_{{ loop.index }}.word = {{ word }}
        and way_{{ loop.index }}.sender = masters.sender
        and way_{{ loop.index }}.vendor_month = masters.vendor_month
    {%- endfor %}
)

select
    matched.sender, matched.month, matched.supplier_name,
    matched.supplier_id, matched.supplier_company_number, matched.supplier_charity_number,
    matched.is_redacted,
    matched.exclusion_reason,
    matched.match_method,
    vendors.sender || '/' || vendors.supplier_id as supplier_key,
    vendors.local_authority_code, vendors.location_basis, vendors.deprivation_decile, vendors.ward_code, vendors.ward,
    -- by a word of its name or a number: of anybody else it is not known that it is no person
    matched.is_organisation or coalesce(
        matched.company_number, matched.charity_number, vendors.company_number, vendors.charity_number
    ) is not null as is_organisation,
    vendors.size as supplier_size,
    sme.counts as is_sme,   -- null: not known
    vcse.counts as is_vcse
from matched
left join {{ ref('int_vendors') }} as vendors on matched.vendor_key = vendors.vendor_key
left join {{ ref('dim_flags') }} as sme
    on matched.month = sme.month and sme.flag = 'SME' and sme.word = vendors.size
left join {{ ref('dim_flags') }} as vcse
    on matched.month = vcse.month
    and vcse.flag = 'VCSE'
    and vcse.word = case when vendors.is_vcse then 'yes' when not vendors.is_vcse then 'no' end
