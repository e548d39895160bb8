-- grain: an assessment of a key performance indicator of a contract above the threshold, from the newest register
with ranked as (
    select
        kpis.*, contracts.contract_reference as reference, contracts.contract_title, contracts.supplier_name,
        contracts.value, contracts.sender as register_sender, contracts.directorate,
        row_number() over (
            partition by contracts.contract_reference, lower(trim(kpis.kpi)), kpis.assessed_on
            order by registers.first_day desc, kpis._return_id asc, kpis._sheet asc, kpis._row desc
        ) as age
    from {{ ref('stg_procurement_contracts_kpis') }} as kpis
    inner join {{ ref('dim_calendar') }} as registers on kpis.period = registers.period
    inner join {{ ref('int_contracts') }} as contracts
        on upper(trim(kpis.contract_reference)) = contracts.contract_reference
    inner join {{ ref('contract_thresholds') }} as thresholds
        on thresholds.threshold = 'key performance indicators'
        and contracts.value > thresholds.above
        and {{ valid_on('thresholds', 'kpis.assessed_on') }}
    where {{ recorded_by_now('thresholds') }}
),

calculated as (
    -- without a rating, what was achieved of the target decides
    select ranked.*,
        case when ranked.target > 0 and ranked.achieved is not null then (
            select max(cutoffs.at_least)
            from {{ ref('kpi_cutoffs') }} as cutoffs
            where cutoffs.at_least * cast(ranked.target as decimal(24, 6)) <= ranked.achieved
                and {{ valid_on('cutoffs', 'ranked.assessed_on') }}
        ) end as reached
    from ranked
    where ranked.age = 1
),

final as (
    select
        calculated.reference as contract_reference,
        calculated.contract_title,
        calculated.supplier_name,
        calculated.directorate,
        cast(calculated.value as decimal(18, 2)) as value,
        calculated.kpi,
        calculated.assessed_on,
        cast(calculated.target as decimal(24, 6)) as target,
        cast(calculated.achieved as decimal(24, 6)) as achieved,
        coalesce(calculated.rating, cutoffs.rating, 'Other') as rating,
        case
            when calculated.rating is not null then 'given'
            when cutoffs.rating is not null then 'calculated'
            else 'neither'
        end as rated_by,
        calculated.sender,
        calculated._return_id,
        calculated._sheet,
        calculated._row
    from calculated
    left join {{ ref('kpi_cutoffs') }} as cutoffs on calculated.reached = cutoffs.at_least
)

select {{ as_declared(model) }}
from final
