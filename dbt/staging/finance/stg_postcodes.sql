-- grain: a postcode of the ONS directory that has a local authority
{{ config(materialized='view') }}

select
    postcode,
    local_authority_code
from {{ source('directory', 'postcodes') }}
