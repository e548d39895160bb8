-- grain: a word (number or name) that means one supplier only in a sender's vendor master of a month
with words as (
    select sender, month, vendor_key, 'supplier id' as kind, supplier_id as word
    from {{ ref('int_vendors') }}
    union all
    select sender, month, vendor_key, 'company number', company_number
    from {{ ref('int_vendors') }}
    union all
    select sender, month, vendor_key, 'charity number', charity_number
    from {{ ref('int_vendors') }}
    union all
    select sender, month, vendor_key, 'name', clean_name
    from {{ ref('int_vendors') }}
)

select
    sender,
    month as vendor_month,
    kind,
    word,
    min(vendor_key) as vendor_key
from words
where word <> ''
group by sender, month, kind, word
having count(*) = 1   -- a word that two suppliers share matches neither
