-- grain: a contract, as the newest register that names it has it
{{ config(materialized='table') }}

with listed as (
    -- what was cancelled, withdrawn, not awarded or is a draft counts in nothing
    select
        registers.*,
        periods.first_day,
        upper(trim(registers.contract_reference)) as own_reference,
        case
            when registers.ocid is null
                or coalesce(registers.supplier_name, cast(registers.value as {{ dbt.type_string() }})) is not null
                or coalesce(registers.awarded_date, registers.start_date, registers.end_date) is not null then 1
            else 0
        end as says_something
    from {{ ref('stg_procurement_contracts') }} as registers
    inner join {{ ref('dim_calendar') }} as periods on registers.period = periods.period
    where registers.status is null or registers.status not in ('cancelled', 'withdrawn', 'unsuccessful', 'draft')
),

spoken as (
    -- a release that amends says what changed alone; what it does not say was said before
    select *, max(says_something) over (partition by own_reference, sender, ocid) as is_said
    from listed
),

shared as (
    -- a reference of two bodies' registers is one contract only if they call it alike
    select one.own_reference
    from listed as one
    inner join listed as other on one.own_reference = other.own_reference and one.sender < other.sender
    group by one.own_reference
    having max(case
        when lower(trim(one.contract_title)) = lower(trim(other.contract_title))
            or one.contract_title is null or other.contract_title is null then 1
        else 0 end) = 0
),

keyed as (
    select
        spoken.*,
        case when shared.own_reference is null then spoken.own_reference
            else upper(spoken.sender) || ' ' || spoken.own_reference end as reference
    from spoken
    left join shared on spoken.own_reference = shared.own_reference
    where spoken.says_something = spoken.is_said
),

named as (
    select *, rank() over (partition by reference order by first_day desc, sender asc) as age
    from keyed
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
