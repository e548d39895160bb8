-- grain: an investment award in a basis of I01 to I03 (a view over fct_investments)
{{ config(materialized='view') }}

{% for indicator, basis, numerator, denominator, condition in [
    ('I01', 'invested', 'amount', '0', 'true'),
    ('I01', 'leveraged', 'leveraged', '0', 'leveraged is not null'),
    ('I01', 'leverage', 'coalesce(leveraged, 0)', 'amount', 'true'),
    ('I02', 'created', 'jobs_created', '0', 'jobs_created is not null'),
    ('I02', 'safeguarded', 'jobs_safeguarded', '0', 'jobs_safeguarded is not null'),
    ('I03', 'known', 'case when deprivation_decile <= 2 then amount else 0 end', 'amount',
        'deprivation_decile is not null'),
    ('I03', 'all', 'case when deprivation_decile <= 2 then amount else 0 end', 'amount', 'true'),
] -%}
select
    '{{ indicator }}' as indicator_id, '{{ basis }}' as basis, period, sender, programme, district,
    cast({{ numerator }} as decimal(24, 6)) as numerator,
    cast({{ denominator }} as decimal(24, 6)) as denominator,
    _return_id, _sheet, _row
from {{ same_file('fct_investments') }}
where {{ condition }}
{{ 'union all' if not loop.last }}
{% endfor %}
