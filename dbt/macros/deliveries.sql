{# Words that models about deliveries share; docs/counting-rules.md says what they mean. #}

{# The steps of a claim, each with the standings it holds: a relation (step, counts_as). #}
{% macro claim_steps() -%}
    (
        {%- for step, standings in [
            ('validated', ['validated']),
            ('evidenced', ['evidenced', 'validated']),
            ('claimed', ['claimed', 'evidenced', 'validated']),
        ] %}
        {%- set outer_last = loop.last %}
        {%- for standing in standings %}
        select '{{ step }}' as step, '{{ standing }}' as counts_as
        {{- ' union all' if not (outer_last and loop.last) }}
        {%- endfor %}
        {%- endfor %}
    )
{%- endmacro %}

{# `quantity` x `part` / `whole`, half up to six decimals; both are whole numbers, `whole` above 0. #}
{% macro portion(quantity, part, whole) -%}
    {{ return(adapter.dispatch('portion')(quantity, part, whole)) }}
{%- endmacro %}

{% macro default__portion(quantity, part, whole) -%}
    cast(round({{ social_value.exactly(quantity) }} * ({{ part }}) / ({{ whole }}), 6) as decimal(24, 6))
{%- endmacro %}

{# DuckDB divides as floating point: whole millionths, divided whole, are exact. #}
{% macro duckdb__portion(quantity, part, whole) -%}
    {%- set over = 'cast(cast(' ~ quantity ~ ' as decimal(28, 6)) * 1000000 as hugeint) * (' ~ part ~ ')' -%}
    cast(
        cast((2 * {{ over }} + ({{ whole }})) // (2 * ({{ whole }})) as decimal(24, 0))
        * cast('0.000001' as decimal(7, 6))
        as decimal(24, 6)
    )
{%- endmacro %}

{# The standing that a number of the ladder means; where there is none, a person is claimed. #}
{% macro standing_of(number) -%}
    case coalesce({{ number }}, 1) when 0 then 'rejected' when 1 then 'claimed' when 2 then 'evidenced'
        else 'validated' end
{%- endmacro %}

{# What rows of `spans` (fct_delivery_spans, or ppl_employed_spans for rows about a person) add to C07, C08,
   F02 and F03: one text for both, so that a figure means the same however it was counted.
   `extra`: further columns of the rows, which differ between the two. #}
{% macro contributions_of(spans, extra) -%}
    {%- set basis %}spans.step || case
            when spans.counted_by_person = 'distinct people' then '{{ '-people' if 'person' in extra else '-not-deduplicated' }}'
            else ''
        end || case spans.span when 'to date' then '-to-date' else '' end{% endset -%}
    {#- heads that are not de-duplicated are neither netted nor valued -#}
    {%- set counted_once = 'true' if 'person' in extra
        else "coalesce(spans.counted_by_person, '') <> 'distinct people'" -%}
    {%- set lineage = 'spans.contract_reference as contract, ' ~ extra
        ~ ', spans._return_id, spans._sheet, spans._row' -%}
    select 'C07' as indicator_id, {{ basis }} as basis, spans.period, spans.sender, spans.measure_id as measure,
        spans.figure as numerator, 0 as denominator, {{ lineage }}
    from {{ spans }} as spans
    where spans.has_started
    union all
    select 'C07', ratios.basis, spans.period, spans.sender, spans.measure_id, spans.figure, 0, {{ lineage }}
    from {{ spans }} as spans
    cross join (select 'validated-of-profiled' as basis union all select 'validated-of-committed') as ratios
    where spans.has_started and spans.step = 'validated' and spans.span = 'to date'
        and coalesce(spans.counted_by_person, '') <> 'distinct people'
    union all
    -- gross, and net by each estimate of the measure's set
    select 'F02', shares.figure,
        spans.period, spans.sender, spans.measure_id,
        cast(round(spans.figure * shares.additional_share, 6) as decimal(24, 6)), 0, {{ lineage }}
    from {{ spans }} as spans
    inner join {{ ref('dim_additional_shares') }} as shares
        on spans.measure_id = shares.measure_id
        and spans.delivered_by between shares.valid_from and shares.valid_to
    where spans.step = 'validated' and spans.span = 'in period' and {{ counted_once }}
    union all
    select 'F03', replace(worth.kind, ' ', '-') || '-' || worth.estimate, spans.period, spans.sender,
        spans.measure_id, {{ to_the_penny('spans.figure * worth.unit_value') }}, 0, {{ lineage }}
    from {{ spans }} as spans
    inner join {{ ref('dim_unit_values') }} as worth
        on spans.measure_id = worth.measure_id
        and spans.delivered_by between worth.valid_from and worth.valid_to
    where spans.step = 'validated' and spans.span = 'in period' and spans.period_kind = 'quarter'
        and {{ counted_once }}
    union all
    -- per GBP of the contracts that promise social value: what has been delivered of it up to the period's end
    select 'C08', replace(worth.kind, ' ', '-'), contracts.period, spans.sender, spans.measure_id,
        {{ to_the_penny('spans.figure * worth.unit_value') }}, 0, {{ lineage }}
    from {{ spans }} as spans
    inner join {{ ref('dim_unit_values') }} as worth
        on spans.measure_id = worth.measure_id and worth.estimate = 'central'
        and spans.delivered_by between worth.valid_from and worth.valid_to
    inner join {{ ref('fct_contract_periods') }} as contracts
        on spans.contract_reference = contracts.contract_reference
        and spans.delivered_by <= contracts.last_day
    where spans.step = 'validated' and spans.span = 'in period' and spans.period_kind = 'quarter'
        and {{ counted_once }}
{%- endmacro %}

{# What contracts deliver of the measures in pounds, by what the pounds are (measures) and how far it is shown:
   columns, and with dashes bases of F05. Never added up: spend of supply chains is no value and may overlap. #}
{% macro pounds_delivered() -%}
    {%- set found = [] -%}
    {%- for pounds in ['local_spend', 'vcse_spend', 'in_kind'] -%}
        {%- for step in ['validated', 'evidenced', 'claimed'] -%}
            {%- do found.append(pounds ~ '_' ~ step) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}
