-- grain: a contract, as the newest register that names it has it
{{ config(materialized='table') }}

with named as (
    select contract_rows.*,
        rank() over (
            partition by contract_rows.reference order by periods.first_day desc, contract_rows.sender asc
        ) as age
    from {{ ref('int_contract_rows') }} as contract_rows
    inner join {{ ref('dim_calendar') }} as periods on contract_rows.period = periods.period
),

released as (
    -- of several releases of one OCID the latest counts
    select *, rank() over (partition by reference, ocid order by released_at desc) as release_age
    from named
    where age = 1
),

counted as (
    select *,
        -- rows alike in all that they say count once
        row_number() over (
            partition by reference, ocid, contract_title, supplier_name, supplier_id, directorate, awarded_date,
                start_date, end_date, value, is_extension, process, status
            order by _return_id, _sheet, _row
        ) as copy,
        -- the row that is no extension and starts first speaks for the contract
        row_number() over (
            partition by reference order by coalesce(is_extension, false), start_date, _return_id, _sheet, _row
        ) as place
    from released
    where ocid is null or release_age = 1
)

select
    reference as contract_reference,
    {% for column in [
        'sender', 'contract_title', 'supplier_name', 'supplier_id', 'supplier_company_number',
        'supplier_charity_number', 'supplier_size', 'directorate', 'process', '_return_id', '_sheet', '_row'
    ] -%}
    max(case when place = 1 then {{ column }} end) as {{ column }},
    {% endfor -%}
    {{ dbt.bool_or('case when place = 1 then supplier_is_vcse end') }} as supplier_is_vcse,
    coalesce(min(awarded_date), min(start_date)) as awarded_date,
    min(start_date) as start_date,
    max(end_date) as end_date,
    cast(sum(value) as decimal(18, 2)) as value
from counted
where copy = 1
group by reference
