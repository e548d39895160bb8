-- grain: a rule's last word on a return in force
select
    cast(return_id as {{ dbt.type_string() }}) as return_id,
    cast("return" as {{ dbt.type_string() }}) as "return",
    cast(sender as {{ dbt.type_string() }}) as sender,
    cast(period as {{ dbt.type_string() }}) as period,
    cast(rule as {{ dbt.type_string() }}) as rule,
    cast(severity as {{ dbt.type_string() }}) as severity,
    cast(dimension as {{ dbt.type_string() }}) as dimension,
    cast(outcome as {{ dbt.type_string() }}) as outcome,
    cast(rows_checked as {{ dbt.type_bigint() }}) as rows_checked,
    cast(rows_failed as {{ dbt.type_bigint() }}) as rows_failed
from {{ ref('stg_checks') }}
