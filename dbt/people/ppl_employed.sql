-- grain: a row of a supplier's people sheet whose contract is matched: a person under a contract in a quarter
with told as (
    select
        people.*, quarters.first_day, quarters.last_day, quarters.financial_year,
        {{ dbt.datediff('quarters.first_day', 'quarters.last_day', 'day') }} + 1 as quarter_days,
        case when people.start_date > quarters.first_day then people.start_date else quarters.first_day end
            as first_employed,
        case when people.end_date < quarters.last_day then people.end_date else quarters.last_day end
            as last_employed,
        min(people.start_date) over (partition by people.sender, people.person_key) as first_started
    from {{ ref('stg_supplier_returns_people') }} as people
    inner join {{ ref('dim_calendar') }} as quarters on people.period = quarters.period
),

timed as (
    select *,
        case when last_employed < first_employed then 0
            else {{ dbt.datediff('first_employed', 'last_employed', 'day') }} + 1
        end as days
    from told
),

whole as (
    select *, sum(fte * days) over (partition by _return_id, person_key) as fte_days
    from timed
),

standings as (
    -- a person stands as the return's row of the same contract and measure does: the least of several
    select
        _return_id, contract_reference, counted_by_person,
        min(case counts_as when 'rejected' then 0 when 'claimed' then 1 when 'evidenced' then 2 else 3 end) as least
    from {{ ref('fct_deliveries') }}
    where is_counted_by_person and counts_as not in ('not matched', 'unknown measure')
    group by _return_id, contract_reference, counted_by_person
)

select
    people.*,
    contracts.contract_reference as matched_contract,
    contracts.start_date as contract_start_date,
    -- where the postcode says nothing, the mark does
    case
        when people.home_local_authority_code is not null then districts.district is not null
        else people.is_local
    end as lives_here,
    -- FTE x days / days of the year; of a person with more than one full-time post, scaled down to one
    {{ portion(
        'people.fte', 'people.days * people.quarter_days * cast(1000000 as bigint)',
        '(' ~ dbt.datediff('years.first_day', 'years.last_day', 'day') ~ ' + 1) * cast(1000000'
        ~ ' * case when people.fte_days > people.quarter_days then people.fte_days else people.quarter_days end'
        ~ ' as bigint)'
    ) }} as fte_years,
    coalesce(people.disadvantaged_group, 'none') <> 'none' and people.days > 0
    and people.first_employed < cast({{ dbt.dateadd('month', 12, 'people.first_started') }} as date)
        as is_newly_disadvantaged,
    {{ standing_of('years_of.least') }} as years_count_as,
    {{ standing_of('heads_of.least') }} as heads_count_as
from whole as people
inner join {{ ref('dim_contracts') }} as contracts
    on upper(trim(people.contract_reference)) = contracts.contract_reference
    and people.sender = coalesce('s' || lower(contracts.supplier_id), people.sender)
inner join {{ ref('dim_calendar') }} as years on people.financial_year = years.period and years.period_kind = 'year'
left join {{ ref('dim_districts') }} as districts
    on people.home_local_authority_code = districts.local_authority_code
    and {{ month_label('people.last_day') }} = districts.month
{% for kind, alias in [('FTE years', 'years_of'), ('distinct people', 'heads_of')] -%}
left join standings as {{ alias }}
    on people._return_id = {{ alias }}._return_id and contracts.contract_reference = {{ alias }}.contract_reference
    and {{ alias }}.counted_by_person = '{{ kind }}'
{% endfor %}
