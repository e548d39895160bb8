-- grain: a postcode whose ward the authority gives
{{ config(materialized='view') }}

select upper(replace(postcode, ' ', '')) as postcode, ward_code, ward
from {{ ref('wards') }}
