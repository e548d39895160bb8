-- grain: a control total in force
{{ config(materialized='view') }}

select
    in_force.sender,
    {{ counts_in(
        'totals.month',
        "totals.month between '" ~ var('first_month') ~ "' and " ~ month_label('totals._received_at')
    ) }} as month,
    coalesce({{ slug('totals.part') }}, '') as part,   -- '' is the whole month
    totals.payment_count,
    totals.amount,
    totals._return_id,
    totals._sheet,
    totals._row
from {{ source('landed', 'finance_control_totals') }} as totals
inner join {{ returns_in_force(dated=true) }} as in_force on totals._return_id = in_force.return_id
