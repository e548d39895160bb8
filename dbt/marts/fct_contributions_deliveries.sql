-- grain: a row of a supplier's or a directorate's return in a basis of C07, C08, F02, F03, S, L or E13, and a period
with rows_of as (
    {{ contributions_of(ref('int_delivery_spans'), 'spans.role') }}
    union all
    -- what directorates do themselves, an indicator for each measure and role
    select services.indicator_id, spans.step, spans.period, spans.sender, spans.measure_id, spans.figure, 0,
        '', spans.role, spans._return_id, spans._sheet, spans._row
    from {{ ref('int_delivery_spans') }} as spans
    inner join {{ ref('service_indicators') }} as services
        on spans.measure_id = services.measure_id and spans.role = services.role
    where spans."return" = 'service_returns' and spans.span = 'in period'
    union all
    -- hours of volunteering for each full-time equivalent, who are counted among the workforce
    select services.indicator_id, 'validated-per-fte', spans.period, spans.sender, spans.measure_id, spans.figure, 0,
        '', spans.role, spans._return_id, spans._sheet, spans._row
    from {{ ref('int_delivery_spans') }} as spans
    inner join {{ ref('service_indicators') }} as services
        on spans.measure_id = services.measure_id and spans.role = services.role and services.indicator_id = 'E13'
    where spans."return" = 'service_returns' and spans.step = 'validated' and spans.span = 'in period'
        and spans.period_kind = 'quarter'
    union all
    -- shown apart: it counts nowhere
    select 'C07', 'rejected', ends.period, rejected.sender, rejected.measure_id, rejected.figure, 0,
        rejected.contract_reference, rejected.role, rejected._return_id, rejected._sheet, rejected._row
    from {{ ref('int_deliveries') }} as rejected
    inner join {{ ref('int_period_ends') }} as ends
        on rejected.first_day between ends.first_day and ends.last_day
        and rejected.contract_start_date <= ends.last_day
    where rejected.counts_as = 'rejected' and not rejected.is_counted_by_person
)

select
    cast(indicator_id as {{ dbt.type_string() }}) as indicator_id,
    cast(basis as {{ dbt.type_string() }}) as basis,
    cast(period as {{ dbt.type_string() }}) as period,
    cast(sender as {{ dbt.type_string() }}) as sender,
    cast(role as {{ dbt.type_string() }}) as role,
    cast(measure as {{ dbt.type_string() }}) as measure,
    cast(contract as {{ dbt.type_string() }}) as contract,
    cast(numerator as decimal(18, 6)) as numerator,
    cast(denominator as decimal(18, 6)) as denominator,
    cast(_return_id as {{ dbt.type_string() }}) as _return_id,
    cast(_sheet as {{ dbt.type_string() }}) as _sheet,
    cast(_row as {{ dbt.type_bigint() }}) as _row
from rows_of
