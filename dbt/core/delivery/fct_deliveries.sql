-- grain: a row of a supplier's or a directorate's return: its figure, and how far its claim counts
with shared as (
    select
        deliveries.*,
        -- no outcome is claimed more than once, over all senders
        sum(case when status = 'rejected' then 0 else coalesce(attributed_share, 1) end) over (
            partition by shared_outcome_reference, measure_id, period
        ) > 1 and shared_outcome_reference is not null as is_over_claimed
    from {{ ref('int_delivery_rows') }} as deliveries
),

judged as (
    select
        shared.*,
        case
            when not shared.attests_contract_only then 'it is not attested to be of this contract only'
            when not shared.attests_committed then 'it is not attested to be promised in the contract'
            when shared.evidence_reference is null then 'it names no evidence'
            when shared."return" = 'supplier_returns' and promised.measure_id is null
                then 'the contract has no commitment of this measure'
            when shared.is_over_claimed then 'the shares of its shared outcome add up to more than 1'
        end as claimed_only_because
    from shared
    left join (select distinct contract_reference, measure_id from {{ ref('int_commitments') }}) as promised
        on shared.contract_reference = promised.contract_reference
        and shared.measure_id = promised.measure_id
)

select
    judged."return",
    judged.sender,
    judged.period,
    judged.first_day,
    judged.last_day,
    coalesce(judged.contract_reference, '') as contract_reference,
    judged.contract_start_date,
    judged.role,
    judged.programme,
    judged.measure_id,
    judged.accumulates,
    judged.counted_by_person,
    judged.stated,
    judged.figure,
    case
        when judged."return" = 'supplier_returns' and judged.contract_reference is null then 'not matched'
        when judged.measure_id is null then 'unknown measure'
        when judged.status = 'rejected' then 'rejected'
        when judged.claimed_only_because is not null then 'claimed'
        else coalesce(judged.status, 'claimed')
    end as counts_as,
    judged.claimed_only_because,
    judged.counted_by_person is not null and by_person._return_id is not null as is_counted_by_person,
    judged.extra_cost,
    judged._return_id,
    judged._sheet,
    judged._row
from judged
left join (select distinct _return_id from {{ ref('stg_supplier_returns_people') }}) as by_person
    on judged._return_id = by_person._return_id
