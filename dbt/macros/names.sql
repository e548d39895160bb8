{# Supplier names and numbers, made comparable. Costly on a million rows: use them on distinct names. #}

{# Capitals, no accents, `&` as AND, no trading name, punctuation gone, blanks folded. #}
{% macro plain_name(name) -%}
    {{ return(adapter.dispatch('plain_name')(name)) }}
{%- endmacro %}

{% macro default__plain_name(name) -%}
    trim(regexp_replace(
        regexp_replace(
            regexp_replace(
                replace(upper({{ name }}), '&', ' AND '),
                '\s+(T/A|T\\A|TRADING AS)\s.*$', '', 'g'
            ),
            '[''’.]', '', 'g'
        ),
        '[^A-Z0-9]+', ' ', 'g'
    ))
{%- endmacro %}

{% macro duckdb__plain_name(name) -%}
    {{ social_value.default__plain_name('strip_accents(' ~ name ~ ')') }}
{%- endmacro %}

{# Each accent is taken from its letter, and out. #}
{% macro postgres__plain_name(name) -%}
    {%- set bare -%}
        regexp_replace(normalize({{ name }}, NFD), '[\u0300-\u036f]', '', 'g')
    {%- endset -%}
    {{ social_value.default__plain_name(bare) }}
{%- endmacro %}

{# Whether a plain name has a phrase among its words, whole. #}
{% macro has_words(plain_name, phrase) -%}
    ' ' || {{ plain_name }} || ' ' like '% ' || {{ phrase }} || ' %'
{%- endmacro %}

{# Whether a plain name is what a row of a seed says, or has it among its words, by the row's `how`. #}
{% macro says_so(plain_name, alias, phrase) -%}
    (
        ({{ alias }}.how = 'is' and {{ plain_name }} = {{ alias }}.{{ phrase }})
        or ({{ alias }}.how = 'has the words' and {{ social_value.has_words(plain_name, alias ~ '.' ~ phrase) }})
    )
{%- endmacro %}

{# The plain name without THE in front and the legal form behind; a name that is nothing else stays. #}
{% macro without_legal_form(plain_name) -%}
    {{ return(adapter.dispatch('without_legal_form')(plain_name)) }}
{%- endmacro %}

{% macro default__without_legal_form(plain_name) -%}
    coalesce(
        nullif(
            regexp_replace(
                regexp_replace({{ plain_name }}, '^THE ', '', 'g'),
                '( (LIMITED|LTD|PLC|LLP|LP|CIC|CIO|INC|CO|COMPANY|COMMUNITY INTEREST COMPANY'
                || '|PUBLIC LIMITED COMPANY|LIMITED LIABILITY PARTNERSHIP))+$', '', 'g'
            ),
            ''
        ),
        {{ plain_name }}
    )
{%- endmacro %}

{# A Companies House number with the leading zeros that a spreadsheet took; null if it can be none. #}
{% macro mended_company_number(number) -%}
    {{ return(adapter.dispatch('mended_company_number')(number)) }}
{%- endmacro %}

{% macro default__mended_company_number(number) -%}
    {%- set bare -%}
        regexp_replace(regexp_replace(upper({{ number }}), '\.0$', '', 'g'), '[^A-Z0-9]', '', 'g')
    {%- endset -%}
    case
        when {{ social_value.matches(bare, '^0*$') }} then null
        when {{ social_value.matches(bare, '^[0-9]{3,8}$') }} then lpad({{ bare }}, 8, '0')
        when {{ social_value.matches(bare, '^[A-Z]{2}[0-9]{1,6}$') }}
            then substr({{ bare }}, 1, 2) || lpad(substr({{ bare }}, 3), 6, '0')
        when {{ social_value.matches(bare, '^[A-Z0-9]{8}$') }} then {{ bare }}
    end
{%- endmacro %}

{# A charity number without blanks, hyphens and the like; null if nothing but zeros is left. #}
{% macro plain_charity_number(number) -%}
    {{ return(adapter.dispatch('plain_charity_number')(number)) }}
{%- endmacro %}

{% macro default__plain_charity_number(number) -%}
    nullif(
        regexp_replace(
            regexp_replace(regexp_replace(upper({{ number }}), '\.0$', '', 'g'), '[^A-Z0-9]', '', 'g'),
            '^0+', '', 'g'
        ), ''
    )
{%- endmacro %}

{# A word as file names write it: lower case, hyphens. #}
{% macro slug(word) -%}
    {{ return(adapter.dispatch('slug')(word)) }}
{%- endmacro %}

{% macro default__slug(word) -%}
    trim(regexp_replace(lower({{ word }}), '[^a-z0-9]+', '-', 'g'), '-')
{%- endmacro %}

{# Whether a pattern is found in a text. #}
{% macro matches(text, pattern) -%}
    {{ return(adapter.dispatch('matches')(text, pattern)) }}
{%- endmacro %}

{% macro default__matches(text, pattern) -%}
    regexp_like({{ text }}, '{{ pattern }}')
{%- endmacro %}

{% macro duckdb__matches(text, pattern) -%}
    regexp_matches({{ text }}, '{{ pattern }}')
{%- endmacro %}

{% macro postgres__matches(text, pattern) -%}
    ({{ text }} ~ '{{ pattern }}')
{%- endmacro %}
