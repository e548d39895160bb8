-- grain: an action agreed on a commitment, at the end of each quarter until the one in which it is done
select {{ as_declared(model) }}
from {{ ref('fct_actions') }}
