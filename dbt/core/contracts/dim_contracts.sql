-- grain: a contract, as the newest register that names it has it
with promised as (
    select distinct contract_reference from {{ ref('int_commitments') }}
),

final as (
    select
        contracts.contract_reference, contracts.sender, contracts.contract_title,
        contracts.supplier_name, contracts.supplier_id, contracts.supplier_company_number,
        contracts.supplier_charity_number, contracts.supplier_size, contracts.directorate,
        contracts.process,
        contracts.supplier_is_vcse,
        contracts.awarded_date,
        contracts.start_date,
        contracts.end_date,
        contracts.value,
        contracts.equality_assessment,
        promised.contract_reference is not null as has_commitment,
        contracts._return_id,
        contracts._sheet,
        contracts._row
    from {{ ref('int_contracts') }} as contracts
    left join promised on contracts.contract_reference = promised.contract_reference
)

select {{ as_declared(model) }}
from final
