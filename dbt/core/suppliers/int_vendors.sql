-- grain: a supplier in a vendor master in force, with its place instead of its postcode
select
    vendors._return_id || '#' || vendors._sheet || '#' || {{ as_text('vendors._row') }} as vendor_key,
    vendors.sender,
    vendors.month,
    vendors.supplier_id,
    vendors.supplier_name,
    names.clean_name,
    {{ mended_company_number('vendors.company_number') }} as company_number,
    {{ plain_charity_number('vendors.charity_number') }} as charity_number,
    postcodes.local_authority_code,
    case when postcodes.local_authority_code is not null
        then coalesce(vendors.location_basis, 'not stated')
    end as location_basis,
    areas.deprivation_decile,
    wards.ward_code,
    wards.ward,
    vendors.size,
    vendors.is_vcse,
    vendors.sector,
    vendors._return_id,
    vendors._sheet,
    vendors._row
from {{ ref('stg_finance_vendors') }} as vendors
left join {{ ref('int_supplier_names') }} as names on vendors.supplier_name = names.supplier_name
left join {{ ref('stg_postcodes') }} as postcodes on vendors.postcode = postcodes.postcode
left join {{ ref('int_deprivation') }} as areas on vendors.postcode = areas.postcode
left join {{ ref('int_wards') }} as wards on vendors.postcode = wards.postcode
