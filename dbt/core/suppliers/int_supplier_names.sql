-- grain: a supplier's name as written in a return in force
with written as (
    select supplier_name from {{ ref('stg_finance_payments') }}
    union
    select supplier_name from {{ ref('stg_finance_vendors') }}
),

plain as (
    select
        supplier_name,
        {{ plain_name('supplier_name') }} as plain_name
    from written
),

withheld as (
    select distinct plain.supplier_name
    from plain
    inner join {{ ref('redaction_phrases') }} as phrases
        on {{ says_so('plain.plain_name', 'phrases', 'phrase') }}
)

select
    plain.supplier_name,
    {{ without_legal_form('plain.plain_name') }} as clean_name,
    withheld.supplier_name is not null as is_redacted,
    exists (
        select 1 from {{ ref('organisation_words') }} as words
        where {{ has_words('plain.plain_name', 'words.word') }}
    ) as is_organisation
from plain
left join withheld on plain.supplier_name = withheld.supplier_name
