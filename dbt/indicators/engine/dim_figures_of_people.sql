-- grain: a figure that counts people, or that is worth so much for each of them
select indicator_id, basis
from {{ ref('dim_figures') }}
where counts_people = 'yes'
    or unit = 'hours for each FTE'  -- who knows the hours knows the people
union
-- so many pounds a person tell how many people there are
select figures.indicator_id, figures.basis
from {{ ref('dim_figures') }} as figures
inner join {{ ref('proxies') }} as proxies
    on figures.basis = replace(proxies.kind, ' ', '-')
    or figures.basis like replace(proxies.kind, ' ', '-') || '-%'
inner join {{ ref('measure_proxies') }} as worth on proxies.proxy_id = worth.proxy_id
inner join {{ ref('measures') }} as measures on worth.measure_id = measures.measure_id
where figures.indicator_id in ('C08', 'F03') and measures.is_people = 'yes'
