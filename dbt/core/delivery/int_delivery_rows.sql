-- grain: a row of a supplier's or a directorate's return, with what it adds to the running total of its series
with decided as (
    select distinct claim_return_id, claim_sheet, claim_row, standing_decision
    from {{ ref('int_decided_claims') }}
),

claims as (
    select
        'supplier_returns' as "return", told.sender, told.period,
        upper(trim(told.contract_reference)) as contract_named, 'commissioner' as role, '' as programme,
        told.measure_code, told.quantity, told.reckoning, told.attributed_share, told.shared_outcome_reference,
        coalesce(told.attests_contract_only, false) as attests_contract_only,
        coalesce(told.attests_committed, false) as attests_committed, told.evidence_reference,
        -- the authority decides; what a supplier says of it is evidence of no more than that there is some
        coalesce(decided.standing_decision, case told.status
            when 'said validated' then 'evidenced' when 'said rejected' then 'rejected' else told.status
        end) as status,
        told.extra_cost, told.narrative, told._return_id, told._sheet, told._row
    from {{ ref('stg_supplier_returns') }} as told
    left join decided
        on told._return_id = decided.claim_return_id
        and told._sheet = decided.claim_sheet
        and told._row = decided.claim_row
    union all
    select
        'service_returns', sender, period, '', role, coalesce(programme, ''), measure_code, quantity, reckoning,
        attributed_share, shared_outcome_reference, true, true, evidence_reference, status, extra_cost,
        narrative, _return_id, _sheet, _row
    from {{ ref('stg_service_returns') }}
),

placed as (
    select
        claims.*, contracts.contract_reference, contracts.start_date as contract_start_date, codes.measure_id, codes.accumulates, codes.counted_by_person,
        periods.first_day, periods.last_day,
        cast(claims.quantity as decimal(24, 6)) * coalesce(codes.unit_factor, 1) as stated,
        claims.reckoning = 'cumulative' and codes.accumulates as is_to_date
    from claims
    inner join {{ ref('dim_calendar') }} as periods on claims.period = periods.period
    left join {{ ref('dim_measure_codes') }} as codes on upper(trim(claims.measure_code)) = codes.code
    left join {{ ref('int_contracts') }} as contracts
        on claims.contract_named = contracts.contract_reference
        and claims.sender = coalesce('s' || lower(contracts.supplier_id), claims.sender)
),

{%- set series = 'partition by "return", sender, role, contract_named, programme, coalesce(measure_id, measure_code)' %}
{%- set in_order = 'order by first_day, _return_id, _sheet, _row' %}

runs as (
    -- a run is a row to date and the rows in period after it
    select *, count(case when is_to_date then 1 end) over ({{ series }} {{ in_order }}) as run
    from placed
),

totals as (
    select *, sum(stated) over ({{ series }}, run {{ in_order }}) as running_total
    from runs
)

select
    totals.*,
    cast(round(
        cast(
            case when accumulates
                then running_total - coalesce(lag(running_total) over ({{ series }} {{ in_order }}), 0)
                else stated
            end as decimal(28, 12)
        ) * cast(coalesce(attributed_share, 1) as decimal(10, 6)),
        6
    ) as decimal(24, 6)) as figure
from totals
