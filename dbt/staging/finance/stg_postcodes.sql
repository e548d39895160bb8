-- grain: a postcode of the ONS directory that has a local authority
select
    postcode,
    local_authority_code
from {{ source('directory', 'postcodes') }}
