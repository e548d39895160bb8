-- grain: a contract with a commitment in a period by whose end it has started
with committed as (
    select distinct contract_reference from {{ ref('int_commitments') }}
),

named as (
    -- a supplier's return of the quarter speaks of the contract
    select distinct contract_reference, period
    from {{ ref('fct_deliveries') }}
    where "return" = 'supplier_returns' and counts_as <> 'not matched'
)

select
    contracts.contract_reference, contracts.contract_title, contracts.supplier_id, contracts.supplier_name,
    contracts.directorate, contracts.value, contracts.start_date, contracts.end_date,
    ends.period, ends.period_kind, ends.last_day,
    coalesce(contracts.end_date, ends.last_day) >= ends.first_day as is_live,
    named.contract_reference is not null as is_named,
    contracts.sender, contracts._return_id, contracts._sheet, contracts._row
from {{ ref('int_contracts') }} as contracts
inner join committed on contracts.contract_reference = committed.contract_reference
inner join {{ ref('dim_period_ends') }} as ends on contracts.start_date <= ends.last_day
left join named
    on contracts.contract_reference = named.contract_reference and ends.period = named.period
