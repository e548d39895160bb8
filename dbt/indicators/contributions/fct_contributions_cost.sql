-- grain: a contract, a return owed or a row of a return in a basis of C08, C10 or F05, and a period
with lines as (
    -- of contracts that promise social value and have started
    select contracts.period, deliveries.sender, deliveries.contract_reference, deliveries.measure_id, deliveries.figure, deliveries.counts_as,
        deliveries.extra_cost, deliveries._return_id, deliveries._sheet, deliveries._row
    from {{ ref('fct_deliveries') }} as deliveries
    inner join {{ ref('fct_contract_periods') }} as contracts
        on deliveries.contract_reference = contracts.contract_reference
    inner join {{ ref('dim_period_ends') }} as ends
        on contracts.period = ends.period and deliveries.first_day between ends.first_day and ends.last_day
),

rows_of as (
    select 'F05' as indicator_id, 'contract-value' as basis, period, sender, contract_reference as contract,
        value as numerator, 0 as denominator,
        _return_id, _sheet, _row
    from {{ ref('fct_contract_periods') }}
    where value is not null
    union all
    select 'F05', measures.pounds_as || '-' || steps.step, lines.period, lines.sender, lines.contract_reference, lines.figure, 0,
        lines._return_id, lines._sheet, lines._row
    from lines
    inner join {{ claim_steps() }} as steps on lines.counts_as = steps.counts_as
    inner join {{ ref('measures') }} as measures
        on lines.measure_id = measures.measure_id and measures.pounds_as is not null
    union all
    -- it has been paid, whatever becomes of the claim
    select 'F05', 'extra-cost', period, sender, contract_reference, extra_cost, 0, _return_id, _sheet, _row
    from lines
    where extra_cost is not null
    union all
    select 'C08', kinds.kind, contracts.period, contracts.sender, contracts.contract_reference, 0, contracts.value,
        contracts._return_id, contracts._sheet, contracts._row
    from {{ ref('fct_contract_periods') }} as contracts
    cross join (select distinct replace(kind, ' ', '-') as kind from {{ ref('dim_unit_values') }}) as kinds
    where contracts.value is not null
    union all
    select 'C10', 'contract-value', period, sender, contract_reference, case when is_named then value else 0 end, value,
        _return_id, _sheet, _row
    from {{ ref('fct_contract_periods') }}
    where period_kind = 'quarter' and is_live and value is not null
    union all
    select 'C10', 'without-a-value', period, sender, contract_reference, case when value is null then 1 else 0 end, 0,
        _return_id, _sheet, _row
    from {{ ref('fct_contract_periods') }}
    where period_kind = 'quarter' and is_live
    union all
    -- a return owed stands for itself: of one that is missing there is no file
    select 'C10', figures.basis, slots.period, slots.sender, '',
        case when slots.in_force and (figures.basis = 'returned' or slots.late_days > 0) then 1 else 0 end, 1,
        coalesce(slots.return_id, ''), '', 0
    from {{ ref('rpt_returns') }} as slots
    cross join (select 'returned' as basis union all select 'late') as figures
    where slots."return" = 'supplier_returns' and slots.is_owed
),

final as (
    select
        indicator_id, basis, period, sender, contract,
        cast(numerator as decimal(24, 6)) as numerator,
        cast(denominator as decimal(24, 6)) as denominator,
        _return_id,
        _sheet,
        _row
    from rows_of
)

select {{ as_declared(model) }}
from final
