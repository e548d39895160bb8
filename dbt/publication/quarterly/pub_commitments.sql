-- grain: a commitment of the framework at the end of a quarter in which it holds
select {{ as_declared(model) }}
from {{ ref('fct_commitment_progress') }}
