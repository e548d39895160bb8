-- grain: a payment line of a return in force
{{ config(materialized='view') }}

select
    in_force.sender,
    -- the ledger month: the return's, and not the payment date's but where that was confirmed
    {{ counts_in(
        month_label('payments.payment_date'), can_be_of('payments.payment_date', 'payments._received_at')
    ) }} as month,
    in_force.part,
    payments.payment_date,
    coalesce(payments.supplier_name, '') as supplier_name,
    payments.supplier_id,
    payments.supplier_company_number,
    payments.supplier_charity_number,
    payments.supplier_postcode,
    payments.amount,
    payments.irrecoverable_vat,
    payments.transaction_number,
    payments.body_name,
    coalesce(known.reported_as, payments.directorate) as directorate,
    payments.service,
    payments.expense_type,
    payments.purpose,
    payments.capital_or_revenue,
    payments.invoice_received_date,
    payments.disputed,
    payments.interest_paid,
    payments.interest_liable,
    payments.contract_reference,
    payments._return_id,
    payments._sheet,
    payments._row,
    payments._received_at
from {{ source('landed', 'finance_payments') }} as payments
inner join {{ returns_in_force(dated=true) }} as in_force on payments._return_id = in_force.return_id
left join {{ organisation_names() }} as known on lower(trim(payments.directorate)) = known.name
