-- grain: a postcode, with its deprivation decile as the newest reference return has it
select postcode, deprivation_decile
from (
    select
        areas.postcode, areas.deprivation_decile,
        row_number() over (
            partition by areas.postcode
                order by periods.last_day desc, areas._return_id asc, areas._sheet asc, areas._row asc
        ) as age
    from {{ ref('stg_reference_deprivation') }} as areas
    inner join {{ ref('dim_calendar') }} as periods on areas.period = periods.period
) as ranked
where age = 1
