-- grain: a district of the region, in a month in which its code held
select
    months.month,
    places.geography_code as local_authority_code,
    places.geography_name as district
from {{ ref('geographies') }} as places
inner join {{ ref('dim_months') }} as months on {{ valid_on('places', 'months.last_day') }}
where places.kind = 'district' and {{ recorded_by_now('places') }}
