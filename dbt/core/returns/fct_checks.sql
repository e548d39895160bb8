-- grain: a rule's last word on a return in force
select {{ as_declared(model) }}
from {{ ref('stg_checks') }}
