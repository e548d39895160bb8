-- grain: a sender's name for a supplier, in a month for which a person has said who it is
select
    matches.sender,
    matches.clean_name,
    months.month,
    min(matches.supplier_id) as supplier_id
from {{ ref('supplier_matches') }} as matches
inner join {{ ref('dim_months') }} as months on {{ valid_on('matches', 'months.last_day') }}
where {{ recorded_by_now('matches') }}
group by matches.sender, matches.clean_name, months.month
having count(distinct matches.supplier_id) = 1
