-- grain: a measure that counts no people, delivered and validated in a financial year
with final as (
    select
        found.period as year,
        found.measure_id,
        found.measure_title as measure,
        measures.theme,
        found.unit,
        found.gross,
        found.net_low,
        found.net_central,
        found.net_high,
        before.gross as gross_before,
        found.set_id,
        found.form,
        found.author,
        found.evidence_grade,
        found.source
    from {{ ref('fct_additionality') }} as found
    inner join {{ ref('measures') }} as measures on found.measure_id = measures.measure_id
    inner join {{ ref('dim_period_ends') }} as years on found.period = years.period and years.period_kind = 'year'
    left join {{ ref('dim_period_ends') }} as years_before
        on years_before.period_kind = 'year'
        and cast({{ dbt.dateadd('year', -1, 'years.first_day') }} as date) = years_before.first_day
    left join {{ ref('fct_additionality') }} as before
        on found.measure_id = before.measure_id and before.period = years_before.period and before.period_kind = 'year'
    where found.period_kind = 'year' and measures.is_people = 'no'
)

select {{ as_declared(model) }}
from final
