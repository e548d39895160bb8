-- grain: a row of a supplier's or a directorate's return in a basis of C07, C08, F02, F03, S, L or E13, and a period
with served as (
    -- what directorates do themselves; what is rejected or has not come so far is nought, and not unknown
    select step, period, period_kind, sender, role, measure_id, figure, _return_id, _sheet, _row
    from {{ ref('fct_delivery_spans') }}
    where "return" = 'service_returns' and span = 'in period'
    union all
    select step, period, period_kind, sender, role, measure_id, 0, _return_id, _sheet, _row
    from {{ ref('int_delivery_shortfalls') }}
    where "return" = 'service_returns'
),

rows_of as (
    {{ contributions_of(ref('fct_delivery_spans'), 'spans.role') }}
    union all
    -- an indicator for each measure and role
    select services.indicator_id, served.step, served.period, served.sender, served.measure_id, served.figure, 0,
        '', served.role, served._return_id, served._sheet, served._row
    from served
    inner join {{ ref('service_indicators') }} as services
        on served.measure_id = services.measure_id and served.role = services.role
    union all
    -- hours of volunteering for each full-time equivalent, who are counted among the workforce
    select services.indicator_id, 'validated-per-fte', served.period, served.sender, served.measure_id, served.figure, 0,
        '', served.role, served._return_id, served._sheet, served._row
    from served
    inner join {{ ref('service_indicators') }} as services
        on served.measure_id = services.measure_id and served.role = services.role and services.indicator_id = 'E13'
    where served.step = 'validated' and served.period_kind = 'quarter'
    union all
    -- what is not validated has no value in money yet
    select 'F03', replace(worth.kind, ' ', '-') || '-' || worth.estimate, short.period, short.sender,
        short.measure_id, 0, 0, short.contract_reference, short.role, short._return_id, short._sheet, short._row
    from {{ ref('int_delivery_shortfalls') }} as short
    inner join {{ ref('dim_unit_values') }} as worth
        on short.measure_id = worth.measure_id and short.delivered_by between worth.valid_from and worth.valid_to
    where short.step = 'validated' and short.period_kind = 'quarter'
        and coalesce(short.counted_by_person, '') <> 'distinct people'
    union all
    -- shown apart: it counts nowhere
    select 'C07', 'rejected', ends.period, rejected.sender, rejected.measure_id, rejected.figure, 0,
        rejected.contract_reference, rejected.role, rejected._return_id, rejected._sheet, rejected._row
    from {{ ref('fct_deliveries') }} as rejected
    inner join {{ ref('dim_period_ends') }} as ends
        on rejected.first_day between ends.first_day and ends.last_day
        and rejected.contract_start_date <= ends.last_day
    where rejected.counts_as = 'rejected' and not rejected.is_counted_by_person
),

final as (
    select
        indicator_id,
        basis,
        period,
        sender,
        role,
        measure,
        contract,
        cast(numerator as decimal(24, 6)) as numerator,
        cast(denominator as decimal(24, 6)) as denominator,
        _return_id,
        _sheet,
        _row
    from rows_of
)

select {{ as_declared(model) }}
from final
