-- grain: a figure of cost or of benefit in money, in a financial year that has been reported on
with final as (
    select
        year, indicator_id, title, basis, basis_order, figure, unit, value, value_before, status,
        case
            when indicator_id = 'F05' and basis in ('contract-value', 'extra-cost') then 'cost'
            when indicator_id = 'I01' then 'investment'
            when indicator_id = 'F05' and basis not like 'in-kind-%' then 'spend of supply chains'
            else 'benefit'
        end as side
    from {{ ref('pub_annual_figures') }}
    where indicator_id in ('F05', 'F03', 'C08', 'I01')
)

select {{ as_declared(model) }}
from final
