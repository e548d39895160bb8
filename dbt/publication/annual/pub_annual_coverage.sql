-- grain: a role and theme of the framework in a financial year that has been reported on
with final as (
    select
        period as year,
        role,
        theme,
        commitments,
        indicators,
        with_figure,
        with_target,
        gaps,
        case when is_hole then 'no figure' when gaps > 0 then 'in part' else 'covered' end as coverage
    from {{ ref('rpt_framework_coverage') }}
    where period_kind = 'year'
)

select {{ as_declared(model) }}
from final
