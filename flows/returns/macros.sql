-- Text to values. Each macro gives null where the text is none; blank text never reaches them.

-- What a cell stays below, and what the cells of a return's column add up to: ratios of a hundred
-- such returns are exact (dbt/macros/ratio.sql), and no framework has come near a hundred billion.
create or replace macro most_money() as 100000000000;
create or replace macro most_money_added() as 1000000000000;
create or replace macro most_number() as 1000000000;
create or replace macro most_number_added() as 1000000000;

-- A sum of money without signs and marks: brackets, a trailing minus and CR make it negative.
-- A space between digits parts thousands as a comma does: `1 234` is a sum, `10 20` is none.
create or replace macro unmarked(t) as
    regexp_replace(
        regexp_replace(
            replace(replace(replace(t, chr(8722), '-'), chr(8211), '-'), chr(65533), ''),
            '(\d)[\s' || chr(160) || chr(8239) || ']+(\d)', '\1,\2', 'g'
        ),
        '[\s' || chr(160) || chr(8239) || chr(163) || chr(194) || ']|GBP', '', 'g'
    );
create or replace macro is_negative(s) as
    s like '(%' or s like '-%' or s like '%-' or upper(s) like '%CR';
create or replace macro closes_its_bracket(s) as
    (s like '(%') = regexp_matches(upper(s), '\)(CR|DR)?$');
create or replace macro digits_of(s) as
    regexp_extract(upper(s), '^[(+-]?((?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?)[)-]?(?:CR|DR)?$', 1);
create or replace macro read_marked_number(t) as
    case when not closes_its_bracket(unmarked(t)) then null
         when is_negative(unmarked(t)) then '-' else '' end
    || nullif(nullif(replace(digits_of(unmarked(t)), ',', ''), ''), '.');
-- The dust that sums leave behind in a spreadsheet. 1E+05 has lost its digits, and is no sum.
create or replace macro read_scientific(t) as
    try_cast(case when regexp_full_match(t, '[-+]?\d(\.\d+)?[eE]-\d{1,3}') then t end as double);
-- The words for nought, and those for no number at all.
create or replace macro says_nil(t) as regexp_full_match(lower(trim(t)), '£? ?(nil|zero)');
create or replace macro says_nothing(t) as
    regexp_full_match(lower(trim(t)), 'n\.?/?a\.?|none|null|not applicable|[-–—]+');
-- A number beyond `most` is a reference in the wrong column: no model could add it up.
create or replace macro below(number, most) as case when abs(number) < most then number end;
create or replace macro read_money(t) as below(coalesce(
    try_cast(case when regexp_full_match(t, '-?\d{1,15}(\.\d+)?') then t end as decimal(18, 2)),
    try_cast(read_marked_number(t) as decimal(18, 2)),
    try_cast(read_scientific(t) as decimal(18, 2)),
    case when says_nil(t) then cast(0 as decimal(18, 2)) end
), most_money());
-- A sum in another currency, by how much of it a pound is: to the penny, a half to the even one, in
-- whole numbers, for a double would not be exact.
create or replace macro half_to_even(n, d) as
    n // d + case when 2 * (n % d) > d or 2 * (n % d) = d and (n // d) % 2 = 1 then 1 else 0 end;
create or replace macro in_pounds(amount, units) as below(try_cast(
    sign(amount) * 0.01 * cast(half_to_even(
        abs(cast(amount * 100 as hugeint)) * 1000000, cast(units * 1000000 as hugeint)
    ) as decimal(24, 0)) as decimal(18, 2)), most_money());
create or replace macro read_number(t) as below(coalesce(
    try_cast(case when regexp_full_match(t, '-?\d{1,11}(\.\d+)?') then t end as decimal(18, 6)),
    try_cast(read_marked_number(t) as decimal(18, 6)),
    try_cast(read_scientific(t) as decimal(18, 6)),
    case when says_nil(t) then cast(0 as decimal(18, 6)) end
), most_number());
-- A share of 1, which may be written as a percentage.
create or replace macro read_share(t) as
    case when t like '%\%' escape '\'
        then cast(read_number(trim(rtrim(t, '%'))) / 100 as decimal(18, 6))
        else read_number(t) end;
create or replace macro read_integer(t) as
    case when read_number(t) = trunc(read_number(t)) then cast(read_number(t) as bigint) end;

-- The day of an instant that says its zone, where the authority is: 23:00 UTC may be the next day.
-- The last minute of a day is how systems write its end, whatever zone they add: it keeps its day.
create or replace macro read_instant(t, zone) as cast(timezone(zone, try_cast(
    case when not regexp_matches(t, '[T ]23:59') and regexp_full_match(
        t, '\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)? ?(Z|[+-]\d{2}(:?\d{2})?)')
    then t end as timestamptz)) as date);

-- A date without its time of day and its ordinal letters: `4th March, 2012` is `4 March 2012`.
create or replace macro day_text(t) as
    trim(regexp_replace(
        regexp_replace(
            regexp_replace(
                regexp_replace(replace(t, chr(160), ' '), '\bSept\b', 'Sep', 'i'),
                '[T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)? ?([AaPp][Mm])?(Z|[+-]\d{2}(:?\d{2})?)?$', ''
            ),
            '^(\d{1,2})(st|nd|rd|th)\b', '\1', 'i'
        ),
        '[\s,./-]+', '-', 'g'
    ), '-');
create or replace macro two_slashes(d) as regexp_full_match(d, '\d{1,2}-\d{1,2}-(\d{2}|\d{4})');
create or replace macro first_number(d) as try_cast(split_part(d, '-', 1) as integer);
create or replace macro second_number(d) as try_cast(split_part(d, '-', 2) as integer);
create or replace macro read_day(d, month_first) as cast(
    case
        when regexp_full_match(d, '\d{4}-\d{1,2}-\d{1,2}') then try_strptime(d, '%Y-%m-%d')
        when regexp_full_match(d, '\d{1,2}-\d{1,2}-\d{4}')
            then try_strptime(d, case when month_first then '%m-%d-%Y' else '%d-%m-%Y' end)
        when regexp_full_match(d, '\d{1,2}-\d{1,2}-\d{2}')
            then try_strptime(d, case when month_first then '%m-%d-%y' else '%d-%m-%y' end)
        when regexp_full_match(d, '\d{1,2}-[A-Za-z]{3,9}-\d{4}')
            then coalesce(try_strptime(d, '%d-%b-%Y'), try_strptime(d, '%d-%B-%Y'))
        when regexp_full_match(d, '\d{1,2}-[A-Za-z]{3,9}-\d{2}')
            then coalesce(try_strptime(d, '%d-%b-%y'), try_strptime(d, '%d-%B-%y'))
        when regexp_full_match(d, '[A-Za-z]{3,9}-\d{1,2}-\d{4}')
            then coalesce(try_strptime(d, '%b-%d-%Y'), try_strptime(d, '%B-%d-%Y'))
        when regexp_full_match(d, '[3-5]\d{4}(-\d+)?')  -- an Excel serial, with its time of day
            then timestamp '1899-12-30' + to_days(cast(split_part(d, '-', 1) as integer))
        when regexp_full_match(d, '(19|20)\d{6}') then try_strptime(d, '%Y%m%d')
    end as date
);
-- A day of birth is one of the past, and may be long past: a year of two digits is read as 1969 to
-- 2068, and spreadsheet serials below 30000 (before 1982) are no days of anything else.
create or replace macro read_birth(t, day, today) as
    case
        when regexp_full_match(day_text(t), '[12]\d{4}(-\d+)?')
            then timestamp '1899-12-30' + to_days(cast(split_part(day_text(t), '-', 1) as integer))
        when day > today and regexp_full_match(day_text(t), '.*-\d{2}') then day - interval 100 year
        else day
    end;
-- A moment in UTC; a time that does not say its zone is taken for UTC, a day for its beginning.
create or replace macro zone_of(t) as regexp_extract(t, ':\d{2}(?:\.\d+)?([+-]\d{2}:?\d{2})$', 1);
create or replace macro zone_minutes(z) as
    case when z = '' then 0 else
        (case when z like '-%' then -1 else 1 end)
        * (60 * cast(substr(z, 2, 2) as integer) + cast(right(z, 2) as integer)) end;
create or replace macro read_moment(t) as
    coalesce(
        try_cast(case when regexp_matches(t, '^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}')
            then regexp_replace(t, '(Z|[+-]\d{2}:?\d{2})$', '') end as timestamp)
            - to_minutes(zone_minutes(zone_of(t))),
        try_strptime(t, ['%d/%m/%Y %H:%M:%S', '%d/%m/%Y %H:%M']),
        cast(read_day(day_text(t), false) as timestamp)
    );
create or replace macro read_month(t) as
    case
        when regexp_full_match(t, '\d{4}-(0[1-9]|1[0-2])') then t
        when regexp_full_match(day_text(t), '[A-Za-z]{3,9}-\d{4}') then strftime(coalesce(
            try_strptime(day_text(t), '%b-%Y'), try_strptime(day_text(t), '%B-%Y')), '%Y-%m')
        when regexp_full_match(day_text(t), '[A-Za-z]{3,9}-\d{2}') then strftime(coalesce(
            try_strptime(day_text(t), '%b-%y'), try_strptime(day_text(t), '%B-%y')), '%Y-%m')
        else strftime(read_day(day_text(t), false), '%Y-%m')
    end;

create or replace macro read_boolean(t) as
    case
        when lower(t) in ('y', 'yes', 'true', 't', '1') then true
        when lower(t) in ('n', 'no', 'false', 'f', '0') then false
    end;
create or replace macro read_postcode(t) as
    nullif(regexp_extract(
        regexp_replace(upper(t), '[^A-Z0-9]', '', 'g'), '^[A-Z]{1,2}\d[A-Z0-9]?\d[A-Z]{2}$', 0
    ), '');

-- The last postcode in an address: in capitals, wherever it stands; else at the end.
create or replace macro dig_postcode(t) as
    read_postcode(coalesce(
        regexp_extract_all(
            t, '(?:^|[^A-Z0-9])([A-Z]{1,2}[0-9][A-Z0-9]? {0,2}[0-9][A-Z]{2})(?:$|[^A-Z0-9])', 1
        )[-1],
        nullif(regexp_extract(
            upper(t), '(?:^|[^A-Z0-9])([A-Z]{1,2}[0-9][A-Z0-9]? {0,2}[0-9][A-Z]{2})[^A-Z0-9]*$', 1
        ), '')
    ));
create or replace macro read_text(t) as
    trim(regexp_replace(replace(t, chr(160), ' '), '\s+', ' ', 'g'));

-- E-mail addresses and UK telephone numbers in narrative. A number has 11 digits after its +44 or
-- 0 (10 where a space follows the area code) and stands alone: a reference such as PO-01514960123
-- is none, nor is a date or a sum.
create or replace macro e_mail() as
    '[A-Za-z0-9._%+''-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}';
create or replace macro uk_phone() as
    '(^|[^\w/#.+-])'
    || '(?:(?:\+|\b00)44[ .-]?(?:\(0\))?[ .-]?[1235789]\d(?:[ ).-]{0,2}\d){7,8}'
    || '|\(?0[1235789]\d(?:[ ).-]{0,2}\d){8}'
    || '|\(?0[158]\d{2,3}\)?[ .-]\d{3}[ .-]?\d{2,3})\b';
create or replace macro names_contacts(t) as
    (contains(t, '@') and regexp_matches(t, e_mail()))
    or regexp_matches(t, uk_phone());
create or replace macro without_contacts(t) as
    regexp_replace(
        regexp_replace(t, e_mail(), '[e-mail removed]', 'g'),
        uk_phone(), '\1[phone removed]', 'g'
    );
-- The whole name of a person who stands in another column of the row: first and last name at least.
create or replace macro names_person(t, person) as
    coalesce(contains(trim(person), ' ') and contains(lower(t), lower(trim(person))), false);
create or replace macro without_person(t, person) as
    case when names_person(t, person)
        then regexp_replace(t, regexp_escape(trim(person)), '[name removed]', 'gi') else t end;
