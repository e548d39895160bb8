-- grain: a role and theme of the framework in a financial year that has been reported on
select
    cast(period as {{ dbt.type_string() }}) as year,
    cast(role as {{ dbt.type_string() }}) as role,
    cast(theme as {{ dbt.type_string() }}) as theme,
    commitments,
    indicators,
    with_figure,
    with_target,
    gaps,
    cast(
        case when is_hole then 'no figure' when gaps > 0 then 'in part' else 'covered' end
        as {{ dbt.type_string() }}
    ) as coverage
from {{ ref('rpt_framework_coverage') }}
where period_kind = 'year'
