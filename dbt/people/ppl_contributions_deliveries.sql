-- grain: a person's row of a supplier's return in a basis of C07, C08, F02 or F03, and a period
select
    indicator_id, basis, period, sender, measure, contract,
    cast(numerator as decimal(28, 12)) as numerator,
    cast(denominator as decimal(28, 12)) as denominator,
    _return_id, _sheet, _row
from ({{ contributions_of(ref('ppl_employed_spans'), 'spans.person_key') }}) as rows_of
