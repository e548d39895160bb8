-- grain: a supplier of a sender, as its newest vendor master in force has it
with ranked as (
    select
        *,
        row_number() over (
            partition by sender, supplier_id order by month desc, _return_id asc, _sheet asc, _row asc
        ) as age
    from {{ ref('int_vendors') }}
)

select
    cast(sender || '/' || supplier_id as {{ dbt.type_string() }}) as supplier_key,
    cast(sender as {{ dbt.type_string() }}) as sender,
    cast(supplier_id as {{ dbt.type_string() }}) as supplier_id,
    cast(supplier_name as {{ dbt.type_string() }}) as supplier_name,
    cast(company_number as {{ dbt.type_string() }}) as company_number,
    cast(charity_number as {{ dbt.type_string() }}) as charity_number,
    cast(local_authority_code as {{ dbt.type_string() }}) as local_authority_code,
    cast(location_basis as {{ dbt.type_string() }}) as location_basis,
    cast(size as {{ dbt.type_string() }}) as size,
    is_vcse,
    cast(sector as {{ dbt.type_string() }}) as sector,
    cast(month as {{ dbt.type_string() }}) as last_seen_in,
    cast(_return_id as {{ dbt.type_string() }}) as _return_id,
    cast(_sheet as {{ dbt.type_string() }}) as _sheet,
    cast(_row as {{ dbt.type_bigint() }}) as _row
from ranked
where age = 1 and supplier_id <> ''
