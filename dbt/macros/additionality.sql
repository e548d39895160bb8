{# What share of a gross effect is additional, from a row of the seed additionality_sets (alias `a`).
   HCA Additionality Guide, 4th edition:
     AI = [GI x (1-L) x (1-Dp) x (1-S) x M] - [GI* x (1-L*) x (1-Dp*) x (1-S*) x M*]
   The starred rates are those of the reference case. With GI* = deadweight x GI both sides can be divided
   by GI, so the share holds for any quantity. Rates have at most four decimals: the product is exact. #}
{% macro additional_share(a) -%}
    case {{ a }}.form
        when 'equation' then {{ share_by_equation(a) }}
        when 'short form' then {{ share_by_short_form(a) }}
    end
{%- endmacro %}

{% macro share_by_equation(a) -%}
    cast(
        {{ kept(a ~ '.leakage') }} * {{ kept(a ~ '.displacement') }} * {{ kept(a ~ '.substitution') }}
        * cast({{ a }}.multiplier as decimal(6, 4))
        - cast({{ a }}.deadweight as decimal(6, 4))
        * {{ kept(a ~ '.reference_leakage') }} * {{ kept(a ~ '.reference_displacement') }}
        * {{ kept(a ~ '.reference_substitution') }} * cast({{ a }}.reference_multiplier as decimal(6, 4))
        as decimal(24, 20)
    )
{%- endmacro %}

{# The percentage short form: net = gross x (1-deadweight) x (1-Dp) x (1-L) x (1-S) x M. #}
{% macro share_by_short_form(a) -%}
    cast(
        {{ kept(a ~ '.deadweight') }} * {{ kept(a ~ '.displacement') }} * {{ kept(a ~ '.leakage') }}
        * {{ kept(a ~ '.substitution') }} * cast({{ a }}.multiplier as decimal(6, 4))
        as decimal(24, 20)
    )
{%- endmacro %}

{# What a rate leaves: 1 - rate. #}
{% macro kept(rate) -%}
    cast(1 - {{ rate }} as decimal(6, 4))
{%- endmacro %}
