-- grain: a word of the vendor master about a flag (SME, VCSE), in a month in which its definition held
select
    months.month,
    months.last_day,
    definitions.indicator_id,
    definitions.flag,
    definitions.definition_id,
    definitions.word,
    definitions.counts
from {{ ref('flag_definitions') }} as definitions
inner join {{ ref('dim_months') }} as months on {{ valid_on('definitions', 'months.last_day') }}
where {{ recorded_by_now('definitions') }}
