-- grain: a sheet of a return with rows about people in a figure and the period they are for
with final as (
    select
        indicator_id,
        basis,
        _series,
        period,
        _return_id,
        _sheet,
        count(*) as people_rows
    from {{ ref('ppl_contributions') }}
    group by indicator_id, basis, _series, period, _return_id, _sheet
)

select {{ as_declared(model) }}
from final
