-- grain: a contract, as the newest register that names it has it
with promised as (
    select distinct contract_reference from {{ ref('int_commitments') }}
),

told as (
    -- up to which day the commitments in force of a sender tell; of one who owes them and has sent none, of no day
    select sender, max(last_day) as last_day
    from (
        select promises.sender, periods.last_day
        from {{ ref('stg_procurement_commitments') }} as promises
        inner join {{ ref('dim_calendar') }} as periods on promises.period = periods.period
        union all
        select sender, null from {{ ref('obligations') }} where "return" = 'procurement_commitments'
    ) as sent_or_owed
    group by sender
),

told_by_anybody as (
    select max(last_day) as last_day from told
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
        -- of what was awarded after the last day that commitments tell of nothing is known, and that is no "no";
        -- who neither owes nor sends them has another sender for it
        case when contracts.awarded_date <= case when told.sender is null then told_by_anybody.last_day else told.last_day end
            then promised.contract_reference is not null end as has_commitment,
        contracts._return_id,
        contracts._sheet,
        contracts._row
    from {{ ref('int_contracts') }} as contracts
    left join promised on contracts.contract_reference = promised.contract_reference
    left join told on contracts.sender = told.sender
    cross join told_by_anybody
)

select {{ as_declared(model) }}
from final
