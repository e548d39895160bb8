-- grain: a name that was paid in a financial year and matches no supplier of the vendor master
with unmatched as (
    select payments.sender, periods.period as financial_year, payments.supplier_name,
        payments.supplier_id, payments.supplier_company_number, payments.amount, payments.month
    from {{ ref('fct_payments') }} as payments
    inner join {{ ref('dim_periods') }} as periods
        on payments.month = periods.inner_period and periods.period_kind = 'year'
    where payments.match_method = 'unmatched'
),

summed as (
    select sender, financial_year, supplier_name,
        max(supplier_id) as supplier_id,
        max(supplier_company_number) as supplier_company_number,
        count(*) as payments,
        sum(amount) as amount,
        min(month) as first_month,
        max(month) as last_month
    from unmatched
    group by sender, financial_year, supplier_name
),

final as (
    select
        sender,
        financial_year,
        row_number() over (
            partition by sender, financial_year order by amount desc, supplier_name asc
        ) as spend_rank,
        supplier_name,
        supplier_id,
        supplier_company_number,
        payments,
        cast(amount as decimal(18, 2)) as amount,
        first_month,
        last_month
    from summed
)

select {{ as_declared(model) }}
from final
