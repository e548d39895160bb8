-- grain: an award, a contract awarded or a commitment of the framework, in a financial year
with years as (
    select period as year, first_day, last_day from {{ ref('dim_period_ends') }} where period_kind = 'year'
),

commitments as (
    -- what was last said by the year's end holds: an assessment that is done stays done
    select years.year, years.first_day, progress.*,
        max(quarters.last_day) over (partition by years.year, progress.commitment_id) as held_to,
        row_number() over (
            partition by years.year, progress.commitment_id
            order by case when progress.equality_assessment is null then 1 else 0 end, quarters.last_day desc
        ) as place
    from {{ ref('fct_commitment_progress') }} as progress
    inner join {{ ref('dim_published_quarters') }} as quarters on progress.quarter = quarters.quarter
    inner join years on quarters.last_day <= years.last_day
),

interventions as (
    select years.year, 'awards' as kind, awards.award_reference as reference, awards.equality_assessment,
        awards.sender, awards._return_id, awards._sheet, awards._row
    from {{ ref('fct_investments') }} as awards
    inner join {{ ref('dim_calendar') }} as quarters
        on awards.period = quarters.period and quarters.period_kind = 'quarter'
    inner join years on quarters.first_day >= years.first_day and quarters.last_day <= years.last_day
    union all
    select years.year, 'contracts' as kind, contracts.contract_reference, contracts.equality_assessment,
        contracts.sender, contracts._return_id, contracts._sheet, contracts._row
    from {{ ref('dim_contracts') }} as contracts
    inner join years on contracts.awarded_date >= years.first_day and contracts.awarded_date <= years.last_day
    union all
    select year, 'commitments' as kind, commitment_id, equality_assessment, sender, _return_id, _sheet, _row
    from commitments
    where place = 1 and held_to >= first_day
),

final as (
    select year, kind, coalesce(reference, '') as reference,
        coalesce(equality_assessment, 'not known') as assessment,
        sender, _return_id, _sheet, _row
    from interventions
)

select {{ as_declared(model) }}
from final
