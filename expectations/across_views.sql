-- What suites across returns may ask beside the landed rows in force: contracts, promises and
-- deliveries as docs/counting-rules.md reads them. Each is worked out only where a suite asks it.

-- A quantity in the measure's own unit; wide enough for millions of pounds in thousandths.
create or replace macro in_own_unit(quantity, unit_factor) as
    cast(quantity as decimal(26, 6)) * cast(unit_factor as decimal(12, 6));

-- grain: a measure's code, its own or a template's
create or replace view measure_codes as
select upper(measure_id) as code, measure_id, cast(1 as decimal(18, 6)) as unit_factor, accumulates = 'yes' as accumulates
from seeds.measures
union all
select upper(a.code), a.measure_id, cast(a.unit_factor as decimal(18, 6)), m.accumulates = 'yes'
from seeds.measure_aliases as a join seeds.measures as m using (measure_id);

-- grain: a contract of a sender's registers, as the newest that names it has it (rule 1)
create or replace view contracts as
with entries as (
    select *, upper(trim(contract_reference)) as reference from procurement_contracts where contract_reference is not null
),
newest as (
    select * from entries qualify _last_day = max(_last_day) over (partition by _sender, reference)
),
told_once as (
    select _sender as sender, reference, value, awarded_date, start_date, end_date, is_extension, supplier_id, contract_title,
           min(_return_id) as return_id, arg_min(_sheet, _row) as _sheet, min(_row) as _row
    from newest group by all
)
select sender, reference, sum(value) as value, min(coalesce(awarded_date, start_date)) as awarded_date,
       min(start_date) as start_date, max(end_date) as end_date,
       arg_min(supplier_id, coalesce(is_extension, false)) as supplier_id,
       arg_min(return_id, _row) as return_id, arg_min(_sheet, _row) as _sheet, min(_row) as _row
from told_once group by sender, reference;

-- grain: a contract's promise of a measure (rule 2)
create or replace view promises as
with rows_of as (
    select upper(trim(p.contract_reference)) as reference, c.measure_id, in_own_unit(p.quantity, c.unit_factor) as quantity, p._last_day
    from procurement_commitments as p join measure_codes as c on c.code = upper(p.measure_code)
),
newest as (
    select * from rows_of qualify _last_day = max(_last_day) over (partition by reference)
)
select reference, measure_id, sum(quantity) as quantity from newest group by reference, measure_id having sum(quantity) > 0;

-- grain: a claim of a supplier's on which an officer has decided (rule 4); of several decisions a rejection stands
create or replace view decisions as
select lower(trim(supplier)) as sender, _period, upper(trim(contract_reference)) as reference, upper(trim(measure_code)) as code,
       quantity, min(decision) as decision
from validations group by all;

-- grain: a row of a supplier's or a directorate's return, its quantity in the measure's unit, and what it adds (rule 3)
create or replace view deliveries as
with rows_of as (
    select 'supplier' as kind, _return_id as return_id, _sheet, _row, _sender as sender, r._period, _first_day, _last_day,
           upper(trim(contract_reference)) as reference, measure_code, r.quantity, reckoning, attributed_share,
           shared_outcome_reference,
           coalesce(d.decision, case status when 'said validated' then 'evidenced' when 'said rejected' then 'rejected' else status end) as status
    from supplier_returns as r
    left join decisions as d
        on d.sender = r._sender and d._period = r._period and d.reference = upper(trim(r.contract_reference))
        and d.code = upper(trim(r.measure_code)) and d.quantity = r.quantity
    union all
    select 'directorate', _return_id, _sheet, _row, _sender, _period, _first_day, _last_day,
           concat_ws(', ', role, programme), measure_code, quantity, reckoning, attributed_share,
           shared_outcome_reference, status
    from service_returns
),
measured as (
    select r.* replace (in_own_unit(r.quantity, c.unit_factor) as quantity), c.measure_id, c.accumulates,
           count(*) filter (where r.reckoning = 'cumulative') over (
               partition by r.kind, r.sender, r.reference, c.measure_id order by r._first_day, r._sheet, r._row
               rows between unbounded preceding and current row) as to_date_rows
    from rows_of as r join measure_codes as c on c.code = upper(r.measure_code)
),
running as (
    select *, coalesce(max(case when reckoning = 'cumulative' then quantity end) over base, 0)
              + coalesce(sum(case when reckoning = 'cumulative' then 0 else quantity end) over up_to_here, 0) as running_total
    from measured
    window base as (partition by kind, sender, reference, measure_id, to_date_rows),
           up_to_here as (partition by kind, sender, reference, measure_id, to_date_rows order by _first_day, _sheet, _row
                          rows between unbounded preceding and current row)
)
select *, case when accumulates
          then running_total - coalesce(lag(running_total) over (
              partition by kind, sender, reference, measure_id order by _first_day, _sheet, _row), 0)
          else quantity end as figure
from running;
