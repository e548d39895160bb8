-- grain: a row of the newest commitments return that names its contract: a promise of one measure
with named as (
    select
        contracts.contract_reference,
        codes.measure_id,
        cast(round(cast(promises.quantity as decimal(20, 6)) * codes.unit_factor, 6) as decimal(24, 6))
            as quantity,
        coalesce(promises.start_date, contracts.start_date) as start_date,
        coalesce(promises.end_date, contracts.end_date, contracts.start_date) as end_date,
        rank() over (
            partition by contracts.contract_reference order by periods.first_day desc, promises.sender asc
        ) as age,
        promises._return_id, promises._sheet, promises._row
    from {{ ref('stg_procurement_commitments') }} as promises
    inner join {{ ref('int_contracts') }} as contracts
        on upper(trim(promises.contract_reference)) = contracts.contract_reference
    inner join {{ ref('dim_calendar') }} as periods on promises.period = periods.period
    left join {{ ref('dim_measure_codes') }} as codes on upper(trim(promises.measure_code)) = codes.code
)

select contract_reference, measure_id, quantity, start_date, end_date, _return_id, _sheet, _row
from named
where age = 1 and quantity > 0 and measure_id is not null
