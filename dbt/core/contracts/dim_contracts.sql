-- grain: a contract, as the newest register that names it has it
with promised as (
    select distinct contract_reference from {{ ref('int_commitments') }}
)

select
    {% for column in [
        'contract_reference', 'sender', 'contract_title', 'supplier_name', 'supplier_id', 'supplier_company_number',
        'supplier_charity_number', 'supplier_size', 'directorate', 'process'
    ] -%}
    cast(contracts.{{ column }} as {{ dbt.type_string() }}) as {{ column }},
    {% endfor -%}
    contracts.supplier_is_vcse,
    cast(contracts.awarded_date as date) as awarded_date,
    cast(contracts.start_date as date) as start_date,
    cast(contracts.end_date as date) as end_date,
    contracts.value,
    promised.contract_reference is not null as has_commitment,
    cast(contracts._return_id as {{ dbt.type_string() }}) as _return_id,
    cast(contracts._sheet as {{ dbt.type_string() }}) as _sheet,
    cast(contracts._row as {{ dbt.type_bigint() }}) as _row
from {{ ref('int_contracts') }} as contracts
left join promised on contracts.contract_reference = promised.contract_reference
