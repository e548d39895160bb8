-- grain: a contract, as the newest register that names it has it
with listed as (
    -- what was cancelled, withdrawn, not awarded or is a draft counts in nothing
    select
        registers.*, periods.first_day,
        upper(trim(registers.contract_reference)) as own_reference,
        case when registers.ocid is null or registers.supplier_name is not null or registers.value is not null
            or coalesce(registers.awarded_date, registers.start_date, registers.end_date) is not null
            then 1 else 0 end as says_something
    from {{ ref('stg_procurement_contracts') }} as registers
    inner join {{ ref('dim_calendar') }} as periods on registers.period = periods.period
    where registers.status is null or registers.status not in ('cancelled', 'withdrawn', 'unsuccessful', 'draft')
),

shared as (
    -- a reference of two bodies' registers is one contract only if they call it alike; no title is unlike none
    select one.own_reference
    from listed as one
    inner join listed as other on one.own_reference = other.own_reference and one.sender < other.sender
    group by one.own_reference
    having max(case when lower(trim(coalesce(one.contract_title, other.contract_title, '')))
        = lower(trim(coalesce(other.contract_title, one.contract_title, ''))) then 1 else 0 end) = 0
),

keyed as (
    select listed.*,
        case when shared.own_reference is null then listed.own_reference
            else upper(listed.sender) || ' ' || listed.own_reference end as reference,
        -- a release that amends says what changed alone; what it does not say was said before
        max(says_something) over (partition by listed.own_reference, listed.sender, listed.ocid) as is_said
    from listed
    left join shared on listed.own_reference = shared.own_reference
),

aged as (
    -- the newest register that names a contract, and in it the latest of several releases of one OCID
    select *,
        rank() over (partition by reference order by first_day desc, sender asc) as age,
        rank() over (partition by reference, first_day, sender, ocid order by released_at desc) as release_age
    from keyed
    where says_something = is_said
),

counted as (
    select *,
        -- rows alike in all that they say count once
        row_number() over (
            partition by reference, ocid, contract_title, supplier_name, supplier_id, directorate, awarded_date,
                start_date, end_date, value, is_extension, process, status order by _return_id, _sheet, _row
        ) as copy,
        -- the row that is no extension and starts first speaks for the contract
        row_number() over (partition by reference
            order by coalesce(is_extension, false), start_date, _return_id, _sheet, _row) as place
    from aged
    where age = 1 and (ocid is null or release_age = 1)
)

select
    reference as contract_reference,
    {% for column in [
        'sender', 'contract_title', 'supplier_name', 'supplier_id', 'supplier_company_number', 'supplier_charity_number',
        'supplier_size', 'directorate', 'process', 'equality_assessment', '_return_id', '_sheet', '_row'
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
