-- grain: a sheet of a return with rows about people in a figure and the period they are for
select
    cast(indicator_id as {{ dbt.type_string() }}) as indicator_id,
    cast(basis as {{ dbt.type_string() }}) as basis,
    cast(_series as {{ dbt.type_string() }}) as _series,
    cast(period as {{ dbt.type_string() }}) as period,
    cast(_return_id as {{ dbt.type_string() }}) as _return_id,
    cast(_sheet as {{ dbt.type_string() }}) as _sheet,
    cast(count(*) as {{ dbt.type_bigint() }}) as people_rows
from {{ ref('ppl_contributions') }}
group by indicator_id, basis, _series, period, _return_id, _sheet
