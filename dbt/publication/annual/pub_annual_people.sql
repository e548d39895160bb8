-- grain: a measure that counts people, delivered and validated in a financial year
with shares as (
    -- the assumptions count nobody: they are told beside a protected count, and what is net is not
    select periods.period, shares.measure_id,
        {% for figure in ['net-low', 'net-central', 'net-high'] -%}
        max(case when shares.figure = '{{ figure }}' then 100 * shares.additional_share end)
            as share_{{ figure[4:] }},
        {% endfor -%}
        max(case when shares.figure = 'net-central' then shares.set_id end) as set_id
    from {{ ref('dim_additional_shares') }} as shares
    inner join {{ ref('dim_period_ends') }} as periods
        on periods.period_kind = 'year' and periods.last_day between shares.valid_from and shares.valid_to
    group by periods.period, shares.measure_id
),

final as (
    select
        found.period as year,
        found.measure_id,
        found.measure_title as measure,
        measures.theme,
        case measures.counted_by_person
            when 'distinct people' then 'by person' when 'FTE years' then 'in FTE years' else 'as returned'
        end as counted,
        cast(case when measures.unit <> 'FTE years' then found.gross end as decimal(24, 6)) as people,
        cast(case when measures.unit = 'FTE years' then found.gross end as decimal(24, 6)) as fte_years,
        {% for share in ['share_low', 'share_central', 'share_high'] -%}
        cast(shares.{{ share }} as decimal(24, 6)) as {{ share }},
        {% endfor -%}
        found.author,
        found.evidence_grade,
        measures.counting_rule
    from {{ ref('fct_additionality') }} as found
    inner join {{ ref('measures') }} as measures on found.measure_id = measures.measure_id
    left join shares on found.measure_id = shares.measure_id and found.period = shares.period
    where found.period_kind = 'year' and measures.is_people = 'yes'
)

select {{ as_declared(model) }}
from final
