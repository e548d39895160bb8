-- grain: a supplier of a sender, as its newest vendor master in force has it
with ranked as (
    select
        *,
        row_number() over (
            partition by sender, supplier_id order by month desc, _return_id asc, _sheet asc, _row asc
        ) as age
    from {{ ref('int_vendors') }}
),

final as (
    select
        sender || '/' || supplier_id as supplier_key,
        sender,
        supplier_id,
        supplier_name,
        company_number,
        charity_number,
        local_authority_code,
        location_basis,
        size,
        is_vcse,
        sector,
        month as last_seen_in,
        _return_id,
        _sheet,
        _row
    from ranked
    where age = 1 and supplier_id <> ''
)

select {{ as_declared(model) }}
from final
