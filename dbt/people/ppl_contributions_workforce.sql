-- grain: an employee in a basis of an indicator that counts the workforce at the snapshot date
{{ config(materialized='view') }}

{%- set figures = [
    ('E01', 'headcount', '1', 'null', 'true'),
    ('E01', 'fte', 'fte', 'null', 'fte is not null'),
    ('E01', 'profile', '1', '1', 'true'),
    ('E02', 'known', "case when district <> '' then 1 else 0 end", '1', 'is_home_known'),
    ('E02', 'not known', 'case when is_home_known then 0 else 1 end', '1', 'true'),
    ('E03', 'known', 'case when home_deprivation_decile <= 2 then 1 else 0 end', '1',
        'home_deprivation_decile is not null'),
    ('E03', 'not known', 'case when home_deprivation_decile is null then 1 else 0 end', '1', 'true'),
    ('E13', 'validated-per-fte', 'null', 'fte', 'fte is not null'),
] %}
{% for indicator, basis, numerator, denominator, condition in figures -%}
select
    '{{ indicator }}' as indicator_id, '{{ basis }}' as basis, period, sender,
    employer, sex, ethnicity, disability, age_band, grade, district, directorate,
    cast({{ numerator }} as decimal(28, 12)) as numerator,
    cast({{ denominator }} as decimal(28, 12)) as denominator,
    sender as _series,
    _return_id, _sheet, _row
from {{ ref('ppl_employees') }}
where is_in_headcount and {{ condition }}
{{ 'union all' if not loop.last }}
{% endfor %}
