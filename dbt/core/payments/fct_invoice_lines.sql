-- grain: a payment line of a purchase whose invoice has a day of receipt and a day of payment
{%- set invoice = ['sender', 'supplier', 'invoice_number', 'invoice_received_date', 'payment_date'] %}
with lines as (
    select
        payments.sender, payments.month, payments.directorate, payments.transaction_number,
        payments.amount, payments.invoice_received_date, payments.payment_date,
        coalesce(payments.supplier_key, payments.supplier_id, payments.supplier_name) as supplier,
        coalesce(payments.transaction_number, payments._return_id || payments._sheet
            || '#' || {{ as_text('payments._row') }}) as invoice_number,   -- without one each line is its own
        case when payments.disputed then 2 when payments.disputed is null then 1 else 0 end as dispute_of_line,
        {{ dbt.datediff('payments.invoice_received_date', 'payments.payment_date', 'day') }} as days_to_pay,
        cast({{ dbt.dateadd('day', 30, 'payments.invoice_received_date') }} as date) as due_date,
        payments._return_id, payments._sheet, payments._row
    from {{ ref('fct_payments') }} as payments
    inner join {{ ref('dim_place_groups') }} as places on payments.place_group = places.place_group
    where payments.invoice_received_date is not null
        and payments.payment_date is not null
        and places.kind <> 'excluded'   -- a name that is withheld is no reason to leave an invoice out
),

-- Few invoices have several lines, and to look at each line beside all others takes as long as the rest.
shared as (
    select {{ hash_of(invoice, 'lines') }} as invoice_hash
    from lines group by {{ hash_of(invoice, 'lines') }} having count(*) > 1
),

invoiced as (
    select lines.*, lines.amount as invoice_amount, lines.dispute_of_line as dispute, 1 as line_number
    from lines left join shared on {{ hash_of(invoice, 'lines') }} = shared.invoice_hash
    where shared.invoice_hash is null
    union all
    select
        lines.*,
        sum(lines.amount) over (partition by {{ invoice | join(', ') }}),
        max(lines.dispute_of_line) over (partition by {{ invoice | join(', ') }}),
        row_number() over (partition by {{ invoice | join(', ') }} order by _return_id, _sheet, _row)
    from lines inner join shared on {{ hash_of(invoice, 'lines') }} = shared.invoice_hash
),

final as (
    select
        lines.sender,
        lines.month,
        lines.directorate,
        lines.transaction_number,
        lines.amount,
        cast(lines.invoice_amount as decimal(18, 2)) as invoice_amount,
        lines.line_number = 1 as stands_for_invoice,
        lines.invoice_received_date,
        lines.payment_date,
        lines.days_to_pay,
        lines.due_date,
        seen.month as due_month,
        lines.payment_date > halves.last_day as is_paid_after_half,
        case
            when lines.invoice_amount <= 0 then 'credit'
            when lines.days_to_pay < 0 then 'paid before receipt'
            when lines.dispute = 2 then 'disputed'
            when lines.dispute = 1 then 'dispute not said'
            else 'undisputed'
        end as counts_as,
        lines._return_id,
        lines._sheet,
        lines._row
    from invoiced as lines
    left join {{ ref('dim_periods') }} as halves
        on halves.period_kind = 'half' and halves.inner_period = {{ month_label('lines.due_date') }}
    left join (
        select distinct sender, month from {{ ref('fct_payment_lines_read') }} where payments_taken > 0
    ) as seen
        on lines.sender = seen.sender and halves.inner_period = seen.month
)

select {{ as_declared(model) }}
from final
