-- grain: a row of a register that counts, under the reference of its contract
{{ config(materialized='table') }}

with listed as (
    -- what was cancelled, withdrawn, not awarded or is a draft counts in nothing
    select
        registers.*,
        upper(trim(registers.contract_reference)) as own_reference,
        case
            when registers.ocid is null
                or coalesce(registers.supplier_name, cast(registers.value as {{ dbt.type_string() }})) is not null
                or coalesce(registers.awarded_date, registers.start_date, registers.end_date) is not null then 1
            else 0
        end as says_something
    from {{ ref('stg_procurement_contracts') }} as registers
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
)

select
    case when shared.own_reference is null then spoken.own_reference
        else upper(spoken.sender) || ' ' || spoken.own_reference end as reference,
    {% for column in [
        'period', 'sender', 'contract_title', 'supplier_name', 'supplier_id', 'supplier_company_number',
        'supplier_charity_number', 'supplier_size', 'supplier_is_vcse', 'directorate', 'process', 'status',
        'is_extension', 'awarded_date', 'start_date', 'end_date', 'value', 'ocid', 'released_at',
        '_return_id', '_sheet', '_row'
    ] -%}
    spoken.{{ column }}{{ ',' if not loop.last }}
    {% endfor -%}
from spoken
left join shared on spoken.own_reference = shared.own_reference
where spoken.says_something = spoken.is_said
