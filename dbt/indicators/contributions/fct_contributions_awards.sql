-- grain: a contract awarded (C06) or a rating of one (C09), in a basis and a period
with evidenced as (
    select contract_reference, min(last_day) as first_evidenced
    from {{ ref('fct_deliveries') }}
    where "return" = 'supplier_returns' and counts_as in ('evidenced', 'validated') and figure > 0
    group by contract_reference
),

awarded as (
    select
        contracts.sender, contracts.directorate, coalesce(sizes.size, 'Not known') as contract_size, ends.period,
        contracts.value is null as is_without_value,
        contracts.value > thresholds.above as is_above,
        contracts.has_commitment,
        -- before any supplier has reported on the days since the award, nothing is known of what was delivered
        case when contracts.awarded_date <= reported.last_day and contracts.has_commitment is not null
            then contracts.has_commitment and coalesce(evidenced.first_evidenced <= ends.last_day, false) end as has_evidence,
        contracts._return_id, contracts._sheet, contracts._row
    from {{ ref('dim_contracts') }} as contracts
    inner join {{ ref('dim_period_ends') }} as ends
        on contracts.awarded_date between ends.first_day and ends.last_day
    inner join {{ ref('contract_thresholds') }} as thresholds
        on thresholds.threshold = 'social value' and {{ valid_on('thresholds', 'contracts.awarded_date') }}
        and {{ recorded_by_now('thresholds') }}
    left join {{ ref('contract_sizes') }} as sizes
        on contracts.value > sizes.above and contracts.value <= coalesce(sizes.up_to, contracts.value)
    left join evidenced on contracts.contract_reference = evidenced.contract_reference
    cross join (select max(last_day) as last_day from {{ ref('fct_deliveries') }} where "return" = 'supplier_returns') as reported
),

rated as (
    -- of each contract and indicator the latest assessment in the period
    select ratings.*, ends.period,
        row_number() over (
            partition by ratings.contract_reference, lower(ratings.kpi), ends.period
            order by ratings.assessed_on desc
        ) as age
    from {{ ref('fct_kpi_ratings') }} as ratings
    inner join {{ ref('dim_period_ends') }} as ends
        on ratings.assessed_on between ends.first_day and ends.last_day
),

rows_of as (
    -- a contract with a value counts nought among those without: nought of them is known, and not unknown
    {% for basis, is_counted, denominator, condition in [
        ('with-commitment', 'has_commitment', 1, 'is_above and has_commitment is not null'),
        ('with-evidenced-delivery', 'has_evidence', 1, 'is_above and has_evidence is not null'),
        ('without-a-value', 'is_without_value', 0, 'true'),
    ] -%}
    select 'C06' as indicator_id, '{{ basis }}' as basis, period, sender, directorate, contract_size,
        case when {{ is_counted }} then 1 else 0 end as numerator, {{ denominator }} as denominator, _return_id, _sheet, _row
    from awarded
    where {{ condition }}
    union all
    {% endfor -%}
    select 'C09', replace(lower(cutoffs.rating), ' ', '-'), rated.period, rated.sender, rated.directorate, '',
        case when rated.rating = cutoffs.rating then 1 else 0 end, 1, rated._return_id, rated._sheet, rated._row
    from rated
    cross join {{ ref('kpi_cutoffs') }} as cutoffs
    where rated.age = 1
),

final as (
    select
        indicator_id, basis, period, sender, directorate, contract_size,
        cast(numerator as decimal(24, 6)) as numerator,
        cast(denominator as decimal(24, 6)) as denominator,
        _return_id,
        _sheet,
        _row
    from rows_of
)

select {{ as_declared(model) }}
from final
