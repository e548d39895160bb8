{# Supplier names and numbers, made comparable. Costly on a million rows: use them on distinct names. #}

{# Capitals, no accents, `&` as AND, no trading name, punctuation gone, blanks folded. #}
{% macro plain_name(name) -%}
    {{ return(adapter.dispatch('plain_name')(name)) }}
{%- endmacro %}

{% macro default__plain_name(name) -%}
    {{ social_value.plain_words('upper(' ~ name ~ ')') }}
{%- endmacro %}

{% macro duckdb__plain_name(name) -%}
    {{ social_value.default__plain_name('strip_accents(' ~ name ~ ')') }}
{%- endmacro %}

{# Each accent is taken from its letter, and out. #}
{% macro postgres__plain_name(name) -%}
    {{ social_value.default__plain_name(
        social_value.replaced('normalize(' ~ name ~ ', NFD)', '[\\u0300-\\u036f]', '')
    ) }}
{%- endmacro %}

{# Spark takes no accent from a letter, and makes two capitals of some: each letter of the Latin alphabet with accents
   (Unicode, NFD) is named with its capital, and those that have such a capital without any. #}
{% macro spark__plain_name(name) -%}
    {%- set capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' -%}
    {%- set accented = {
        'A': 'ÀÁÂÃÄÅàáâãäåĀāĂăĄąǍǎǞǟǠǡǺǻȀȁȂȃȦȧḀḁẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặÅ',
        'B': 'ḂḃḄḅḆḇ',
        'C': 'ÇçĆćĈĉĊċČčḈḉ',
        'D': 'ĎďḊḋḌḍḎḏḐḑḒḓ',
        'E': 'ÈÉÊËèéêëĒēĔĕĖėĘęĚěȄȅȆȇȨȩḔḕḖḗḘḙḚḛḜḝẸẹẺẻẼẽẾếỀềỂểỄễỆệ',
        'F': 'Ḟḟ',
        'G': 'ĜĝĞğĠġĢģǦǧǴǵḠḡ',
        'H': 'ĤĥȞȟḢḣḤḥḦḧḨḩḪḫẖ',
        'I': 'ÌÍÎÏìíîïĨĩĪīĬĭĮįİǏǐȈȉȊȋḬḭḮḯỈỉỊịı',
        'J': 'Ĵĵǰ',
        'K': 'ĶķǨǩḰḱḲḳḴḵK',
        'L': 'ĹĺĻļĽľḶḷḸḹḺḻḼḽ',
        'M': 'ḾḿṀṁṂṃ',
        'N': 'ÑñŃńŅņŇňǸǹṄṅṆṇṈṉṊṋ',
        'O': 'ÒÓÔÕÖòóôõöŌōŎŏŐőƠơǑǒǪǫǬǭȌȍȎȏȪȫȬȭȮȯȰȱṌṍṎṏṐṑṒṓỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợ',
        'P': 'ṔṕṖṗ',
        'R': 'ŔŕŖŗŘřȐȑȒȓṘṙṚṛṜṝṞṟ',
        'S': 'ŚśŜŝŞşŠšȘșṠṡṢṣṤṥṦṧṨṩſẛ',
        'T': 'ŢţŤťȚțṪṫṬṭṮṯṰṱẗ',
        'U': 'ÙÚÛÜùúûüŨũŪūŬŭŮůŰűŲųƯưǓǔǕǖǗǘǙǚǛǜȔȕȖȗṲṳṴṵṶṷṸṹṺṻỤụỦủỨứỪừỬửỮữỰự',
        'V': 'ṼṽṾṿ',
        'W': 'ŴŵẀẁẂẃẄẅẆẇẈẉẘ',
        'X': 'ẊẋẌẍ',
        'Y': 'ÝýÿŶŷŸȲȳẎẏẙỲỳỴỵỶỷỸỹ',
        'Z': 'ŹźŻżŽžẐẑẒẓẔẕ'
    } -%}
    {%- set letters = namespace(small=capitals | lower, large=capitals) -%}
    {%- for capital, others in accented.items() -%}
        {%- set letters.small = letters.small ~ others -%}
        {%- set letters.large = letters.large ~ capital * others | length -%}
    {%- endfor -%}
    {%- set bare = social_value.replaced(name, '[\\u0300-\\u036f]', '') -%}
    {{ social_value.plain_words("translate(" ~ bare ~ ", '" ~ letters.small ~ "', '" ~ letters.large ~ "')") }}
{%- endmacro %}

{# What is plain of a name in capitals without accents. #}
{% macro plain_words(capitals) -%}
    {%- set spelled -%} replace({{ capitals }}, '&', ' AND ') {%- endset -%}
    {%- set own = social_value.replaced(spelled, '\\s+(T/A|T\\\\A|TRADING AS)\\s.*$', '') -%}
    {%- set joined = social_value.replaced(own, "[''’.]", '') -%}
    trim({{ social_value.replaced(joined, '[^A-Z0-9]+', ' ') }})
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
    {%- set forms = '( (LIMITED|LTD|PLC|LLP|LP|CIC|CIO|INC|CO|COMPANY|COMMUNITY INTEREST COMPANY'
        ~ '|PUBLIC LIMITED COMPANY|LIMITED LIABILITY PARTNERSHIP))+$' -%}
    {%- set bare = social_value.replaced(social_value.replaced(plain_name, '^THE ', ''), forms, '') -%}
    coalesce(nullif({{ bare }}, ''), {{ plain_name }})
{%- endmacro %}

{# A Companies House number with the leading zeros that a spreadsheet took; null if it can be none. #}
{% macro mended_company_number(number) -%}
    {{ return(adapter.dispatch('mended_company_number')(number)) }}
{%- endmacro %}

{% macro default__mended_company_number(number) -%}
    {%- set bare = social_value.letters_and_digits(number) -%}
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
    nullif({{ social_value.replaced(social_value.letters_and_digits(number), '^0+', '') }}, '')
{%- endmacro %}

{# A number in capitals and digits alone, without the decimal that a spreadsheet gave it. #}
{% macro letters_and_digits(number) -%}
    {%- set whole = social_value.replaced('upper(' ~ number ~ ')', '[.]0$', '') -%}
    {{ social_value.replaced(whole, '[^A-Z0-9]', '') }}
{%- endmacro %}

{# A word as file names write it: lower case, hyphens. #}
{% macro slug(word) -%}
    {{ return(adapter.dispatch('slug')(word)) }}
{%- endmacro %}

{% macro default__slug(word) -%}
    trim(both '-' from {{ social_value.replaced('lower(' ~ word ~ ')', '[^a-z0-9]+', '-') }})
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

{# Spark takes a backslash in a text for the start of an escape. #}
{% macro spark__matches(text, pattern) -%}
    regexp_like({{ text }}, '{{ pattern | replace('\\', '\\\\') }}')
{%- endmacro %}

{# A text with every place where a pattern is found made into another. #}
{% macro replaced(text, pattern, by) -%}
    {{ return(adapter.dispatch('replaced')(text, pattern, by)) }}
{%- endmacro %}

{% macro default__replaced(text, pattern, by) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ by }}', 'g')
{%- endmacro %}

{% macro spark__replaced(text, pattern, by) -%}
    regexp_replace({{ text }}, '{{ pattern | replace('\\', '\\\\') }}', '{{ by }}')
{%- endmacro %}
