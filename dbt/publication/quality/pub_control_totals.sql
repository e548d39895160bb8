-- grain: a sender's month and part that has a control total or payments, in a quarter
with final as (
    select
        reports.quarter,
        totals.sender,
        totals.month,
        totals.part,
        totals.control_payments,
        totals.loaded_payments,
        totals.quarantined_payments,
        totals.control_amount,
        totals.loaded_amount,
        totals.quarantined_amount,
        totals.difference,
        totals.ties
    from {{ ref('fct_control_totals') }} as totals
    inner join {{ ref('dim_months') }} as months on totals.month = months.month
    inner join {{ ref('dim_published_quarters') }} as reports on months.quarter = reports.quarter
)

select {{ as_declared(model) }}
from final
