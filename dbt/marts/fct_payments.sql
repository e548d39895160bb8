-- grain: a payment line of a return in force
select
    payments.sender,
    payments.month,
    payments.part,
    payments.payment_date,
    payments.supplier_name,
    payments.supplier_id,
    payments.supplier_company_number,
    cast(payments.amount as decimal(18, 2)) as amount,
    cast(payments.irrecoverable_vat as decimal(18, 2)) as irrecoverable_vat,
    payments.transaction_number,
    payments.body_name,
    payments.directorate,
    payments.service,
    payments.expense_type,
    payments.purpose,
    payments.capital_or_revenue,
    payments.invoice_received_date,
    payments.disputed,
    payments.contract_reference,
    payments.supplier_key,
    payments.match_method,
    coalesce(payments.district, places.place_group) as place_group,
    payments.local_authority_code,
    payments.location_basis,
    payments.exclusion_reason,
    payments._return_id,
    payments._sheet,
    payments._row,
    payments._received_at
from {{ ref('int_payments_placed') }} as payments
left join {{ ref('dim_place_groups') }} as places
    on payments.place_kind = places.kind and places.kind <> 'district'
