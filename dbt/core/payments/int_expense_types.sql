-- grain: an expense type as written in a month, that is no purchase
with written as (
    select distinct month, expense_type
    from {{ ref('stg_finance_payments') }}
    where expense_type is not null
),

plain as (
    select expense_type, {{ plain_name('expense_type') }} as plain_type
    from (select distinct expense_type from written) as types
)

select written.month, written.expense_type, min(exclusions.reason) as exclusion_reason
from written
inner join plain on written.expense_type = plain.expense_type
inner join {{ ref('dim_months') }} as months on written.month = months.month
inner join {{ ref('spend_exclusions') }} as exclusions
    on exclusions.said_in = 'expense type'
    and {{ says_so('plain.plain_type', 'exclusions', 'words') }}
    and {{ valid_on('exclusions', 'months.last_day') }}
    and {{ recorded_by_now('exclusions') }}
group by written.month, written.expense_type
