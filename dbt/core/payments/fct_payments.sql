-- grain: a payment line of a return in force, with its supplier and its place (and no postcode)
with used as (
    -- only the postcodes that payments name: the directory has 2.7 million
    select postcodes.postcode, postcodes.local_authority_code, areas.deprivation_decile, wards.ward_code, wards.ward
    from {{ ref('stg_postcodes') }} as postcodes
    left join {{ ref('int_deprivation') }} as areas on postcodes.postcode = areas.postcode
    left join {{ ref('int_wards') }} as wards on postcodes.postcode = wards.postcode
    where postcodes.postcode in (select supplier_postcode from {{ ref('stg_finance_payments') }})
),

placed as (
    select
        payments.*,
        coalesce(types.exclusion_reason, matches.exclusion_reason) as exclusion_reason,
        matches.is_redacted,
        coalesce(matches.match_method, 'not sought') as match_method,
        matches.supplier_key,
        matches.supplier_size,
        matches.is_sme,
        matches.is_vcse,
        case when matches.match_method <> 'not sought'
            then coalesce(own.local_authority_code, matches.local_authority_code)
        end as local_authority_code,
        -- of the place that the location says: the payment's own, else the supplier's
        case
            when coalesce(matches.match_method, 'not sought') = 'not sought' then null
            when own.local_authority_code is not null then own.deprivation_decile
            else matches.deprivation_decile
        end as deprivation_decile,
        {%- for column in ['ward_code', 'ward'] %}
        -- who may be a person is found in no ward
        case when matches.is_organisation and matches.match_method <> 'not sought'
            then case when own.local_authority_code is not null then own.{{ column }} else matches.{{ column }} end
        end as {{ column }},
        {%- endfor %}
        case
            when coalesce(matches.match_method, 'not sought') = 'not sought' then 'none'
            when own.local_authority_code is not null then 'payment'
            else coalesce(matches.location_basis, 'none')
        end as location_basis
    from {{ ref('stg_finance_payments') }} as payments
    left join {{ ref('int_expense_types') }} as types
        on payments.month = types.month and payments.expense_type = types.expense_type
    -- of what is no purchase by its kind of cost no supplier is sought
    left join {{ ref('int_payee_matches') }} as matches
        on case when types.exclusion_reason is null then payments.supplier_name end
            = matches.supplier_name
        and payments.sender = matches.sender
        and payments.month = matches.month
        and coalesce(payments.supplier_id, '') = matches.supplier_id
        and coalesce(payments.supplier_company_number, '') = matches.supplier_company_number
        and coalesce(payments.supplier_charity_number, '') = matches.supplier_charity_number
    left join used as own on payments.supplier_postcode = own.postcode
),

grouped as (
    select placed.*, coalesce(districts.district, places.place_group) as place_group
    from placed
    left join {{ ref('dim_districts') }} as districts
        on placed.month = districts.month
        and case when placed.exclusion_reason is null and not placed.is_redacted
            then placed.local_authority_code
        end = districts.local_authority_code
    left join {{ ref('dim_place_groups') }} as places
        on places.kind = case
            when districts.district is not null then null
            when placed.exclusion_reason is not null then 'excluded'
            when placed.is_redacted then 'redacted'
            when placed.local_authority_code is not null then 'elsewhere'
            else 'unknown'
        end
)

select {{ as_declared(model) }}
from grouped
