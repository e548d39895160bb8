-- grain: an indicator's value in a quarter, half or year, by breakdown and part: beside its target and what it was before
{%- set cell = ['indicator_id', 'basis', 'breakdown', 'breakdown_value', 'period_kind', 'definition'] %}
with dated as (
    select found.*, periods.first_day, periods.last_day, figures.better, coalesce(definitions.definition, 0) as definition,
        -- what still runs, what later months complete, and claims of which none is checked yet are compared with nothing
        periods.last_day < {{ as_of_day() }} and coalesce(later.months_in >= later.later_months, true) and {{ is_checked('found') }} as is_whole,
        case found.period_kind when 'quarter' then -3 when 'half' then -6 else -12 end as months_back
    from {{ ref('fct_indicator_values') }} as found
    inner join (select distinct period, period_kind, first_day, last_day from {{ ref('dim_periods') }}) as periods
        on found.period = periods.period and found.period_kind = periods.period_kind
    inner join {{ ref('dim_figures') }} as figures
        on found.indicator_id = figures.indicator_id and found.basis = figures.basis
    {%- for model, alias in [('dim_later_months', 'later'), ('int_definitions', 'definitions')] %}
    left join {{ ref(model) }} as {{ alias }}
        on found.indicator_id = {{ alias }}.indicator_id and found.basis = {{ alias }}.basis
        and found.period = {{ alias }}.period and found.period_kind = {{ alias }}.period_kind
    {%- endfor %}
    where found.period_kind in ('quarter', 'half', 'year') and found.value is not null
),

whole as (select * from dated where is_whole),  -- joined by equalities alone: else DuckDB compares all with all

compared as (
    select dated.*, before.value as value_before, year_before.value as value_year_before,
        {{ among_whole('count', cell) }} as periods_known,
        {{ among_whole('min', cell) }} as lowest_known, {{ among_whole('max', cell) }} as highest_known
    from dated
    {% for alias, months in [('before', 'dated.months_back'), ('year_before', '-12')] -%}
    left join whole as {{ alias }}
        on case when dated.is_whole
            then cast({{ dbt.dateadd('month', months, 'dated.first_day') }} as date) end = {{ alias }}.first_day
        {%- for column in cell %}
        and dated.{{ column }} = {{ alias }}.{{ column }}
        {%- endfor %}
    {% endfor %}
),

aimed as (
    select compared.*, targets.target, targets.tolerance, targets.scheme_id, changes.target_before, changes.target_since,
        case compared.better when 'higher' then targets.target - compared.value
            else compared.value - targets.target end as shortfall
    from compared
    left join {{ ref('targets') }} as targets
        on compared.indicator_id = targets.indicator_id and compared.basis = targets.basis
        and compared.breakdown = coalesce(targets.breakdown, '')
        and compared.breakdown_value = coalesce(targets.breakdown_value, '')
        and compared.period_kind = targets.period_kind
        and {{ valid_on('targets', 'compared.last_day') }} and {{ recorded_by_now('targets') }}
    left join {{ ref('int_target_changes') }} as changes
        on compared.period = changes.period
        {%- for column in cell if column != 'definition' %} and compared.{{ column }} = changes.{{ column }}{% endfor %}
),

rated as (
    select aimed.*, schemes.rag,
        row_number() over (partition by aimed.{{ cell | join(', aimed.') }}, aimed.period order by schemes.rag_order) as choice
    from aimed
    left join {{ ref('rag_schemes') }} as schemes
        on aimed.scheme_id = schemes.scheme_id
        and (schemes.shortfall_up_to is null or aimed.shortfall <= schemes.shortfall_up_to * aimed.tolerance)
),

final as (
    select
        {{ cell | join(', ') }}, period, value, unit, status, target_since, better,
        {% for column in ['target', 'tolerance', 'target_before'] %}cast({{ column }} as decimal(24, 6)) as {{ column }}, {% endfor %}
        coalesce(rag, 'no target') as rag, value_before, {{ movement('value', 'value_before', 'better') }} as movement_short,
        value_year_before, {{ movement('value', 'value_year_before', 'better') }} as movement_long,
        periods_known, lowest_known, highest_known, {{ standing('value', 'lowest_known', 'highest_known', 'better') }} as standing
    from rated
    where choice = 1
)

select {{ as_declared(model) }}
from final
