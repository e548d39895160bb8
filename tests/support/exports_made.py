"""What the tests of exports share: the publication schema with made-up rows, and reading it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import yaml

from exports.definitions.table import TableDefinition, read_tables
from exports.edition.facts import InputReturn, Override, ReleaseFacts
from exports.figures.selection import Selection, select
from flows.common.clock import read_moment
from flows.common.periods import read_period
from flows.common.settings import PROJECT
from tests.support.definitions import PLACES

Change = Callable[..., Path]
Facts = Callable[..., ReleaseFacts]
TABLES = {table.name: table for table in read_tables("quarterly", PLACES.tables)}

PUBLICATION = """
create schema publication;
create table publication.pub_local_spend (
    quarter varchar, period varchar, period_kind varchar, to_date boolean, place_order integer,
    place varchar, place_code varchar, amount_in_place decimal(18, 2), amount_known decimal(18, 2),
    amount_all decimal(18, 2), percent_of_known decimal(18, 6), percent_of_all decimal(18, 6),
    months_received integer, months_expected integer, status varchar);
insert into publication.pub_local_spend values
    ('2022-23 Q1', '2022-23', 'year', true, 0, 'Liverpool City Region', 'E47000004',
     1003858435.21, 1500000000.00, 1600000000.10, 66.923896, 62.741152, 3, 3, 'provisional'),
    ('2022-23 Q1', '2022-23 Q1', 'quarter', false, 1, 'Halton', 'E06000006',
     0.01, 1500000000.00, 1600000000.10, 0.000001, 0.000001, 3, 3, 'provisional'),
    ('2022-23 Q1', '2022-23 Q1', 'quarter', false, 0, 'Liverpool City Region', 'E47000004',
     1003858435.21, 1500000000.00, 1600000000.10, 66.950000, 62.650000, 3, 3, 'provisional'),
    ('2022-23 Q1', '2021-22 Q4', 'quarter', false, 0, 'Liverpool City Region', 'E47000004',
     0.00, 0.00, -25.50, null, null, 1, 3, 'final'),
    ('2022-23 Q2', '2022-23 Q2', 'quarter', false, 0, 'Liverpool City Region', 'E47000004',
     10.00, 20.00, 40.00, 50, 25, 3, 3, 'final');
create table publication.pub_spend_by_place (
    quarter varchar, group_order integer, place_group varchar, payments bigint,
    amount decimal(18, 2), percent_of_all decimal(18, 6));
insert into publication.pub_spend_by_place values
    ('2022-23 Q1', 3, 'Quarantined (in no figure)', 2, 17.00, null),
    ('2022-23 Q1', 2, 'Location unknown', 5, -12.30, -0.040000),
    ('2022-23 Q1', 1, 'Liverpool', 1200, 1003858435.21, 62.741152);
create table publication.pub_spend_by_ward (
    quarter varchar, district varchar, ward_code varchar, ward varchar, ward_order integer,
    payments bigint, suppliers bigint, amount decimal(18, 2));
insert into publication.pub_spend_by_ward values
    ('2022-23 Q1', 'Liverpool', 'E05015278', 'City Centre North', 1, 1100, 40, 1003858000.00),
    ('2022-23 Q1', 'Liverpool', '', 'Not told by ward', 2, 100, null, 435.21);
create table publication.pub_returns (
    quarter varchar, "return" varchar, sender varchar, period varchar, part varchar, due_date date,
    received_at timestamp, outcome varchar, late_days integer, rows_loaded bigint,
    rows_quarantined bigint, rows_dropped bigint);
insert into publication.pub_returns values
    ('2022-23 Q1', 'finance_payments', 'lcrca', '2022-05', 'transport', '2022-06-14', null,
     'missing', 27, null, null, null),
    ('2022-23 Q1', 'finance_payments', 'lcrca', '2022-04', '', '2022-05-14',
     '2022-05-10 09:30:00', 'loaded', 0, 1200, 2, 1),
    ('2022-23 Q1', 'finance_vendors', '=lcrca', '2022-04', '', null,
     '2022-05-10 09:31:00', 'loaded', null, 400, 0, 0);
create table publication.pub_control_totals (
    quarter varchar, sender varchar, month varchar, part varchar, control_payments bigint,
    loaded_payments bigint, quarantined_payments bigint, control_amount decimal(18, 2),
    loaded_amount decimal(18, 2), quarantined_amount decimal(18, 2), difference decimal(18, 2),
    ties varchar);
insert into publication.pub_control_totals values
    ('2022-23 Q1', 'lcrca', '2022-04', '', 1202, 1200, 2, 1003858452.21, 1003858435.21, 17.00,
     0.00, 'yes'),
    ('2022-23 Q1', 'lcrca', '2022-05', 'transport', null, 0, 0, null, 0.00, 0.00, null,
     'no control total');
create table publication.pub_data_quality (
    quarter varchar, "return" varchar, rule varchar, severity varchar, dimension varchar,
    returns_checked bigint, rows_checked bigint, rows_failed bigint);
create table publication.pub_indicators (
    quarter varchar, indicator_id varchar, title varchar, basis varchar, unit varchar,
    numerator decimal(18, 2), denominator decimal(18, 2), value decimal(18, 6), n_reporting bigint,
    n_expected bigint, coverage decimal(18, 6), status varchar, rule varchar, source varchar,
    illustrative varchar, basis_order integer default 1,
    amount_quarantined decimal(18, 2) default 17.00, definition_id varchar,
    direction varchar default 'neither', target decimal(18, 6),
    target_before decimal(18, 6), target_since date, rating varchar,
    value_before decimal(18, 6), change_before decimal(18, 6),
    verdict_before varchar default 'no comparison',
    value_year_before decimal(18, 6), change_year_before decimal(18, 6),
    verdict_year_before varchar default 'no comparison',
    quarters_known bigint, lowest_known decimal(18, 6), highest_known decimal(18, 6),
    verdict_known varchar default 'no comparison');
insert into publication.pub_indicators (quarter, indicator_id, title, basis, unit, numerator,
    denominator, value, n_reporting, n_expected, coverage, status, rule, source, illustrative)
    values
    ('2022-23 Q1', 'C01', 'Local spend', 'known location', 'per cent', 1003858435.21, 1500000000.00,
     66.950000, 2, 3, 0.666667, 'provisional',
     'net spend in the place / net spend with known location', null, 'yes'),
    ('2022-23 Q1', 'C05', 'Days to pay', 'all invoices', 'days', 5.00, 2.00, 2.505000, 3, 3,
     1.000000, 'final', '=sum of days / invoices', 'Procurement Regulations 2024', 'no');
create table publication.pub_definitions (
    quarter varchar, indicator_id varchar, title varchar, role varchar, theme varchar,
    definition varchar, basis varchar, basis_order integer, figure varchar,
    figure_definition varchar, unit varchar, rule varchar, numerator_is varchar,
    denominator_is varchar, source varchar, illustrative varchar, valid_from date, valid_to date,
    definition_since date, what_changed varchar);
insert into publication.pub_definitions values
    ('2022-23 Q1', 'C01', 'Local spend', 'commissioner', 'economic',
     'Net spend in the city region. What is not a purchase is left out.', 'known location', 1,
     'Of spend with a known location', null, 'per cent', 'ratio of sums', 'Net spend in the region',
     'Net spend with a known location', null, 'yes', null, null, null, null),
    ('2022-23 Q1', 'C05', 'Days to pay', 'commissioner', 'economic', 'How soon invoices are paid.',
     'all invoices', 1, 'Mean days', 'Of all invoices', 'days', 'mean', null, null,
     'Procurement Regulations 2024', 'no', null, null, null, null),
    ('2022-23 Q1', 'E01', 'Workforce', 'employer', 'social', 'Who works for the authority.',
     'headcount', 1, 'Headcount', null, 'people', 'count', null, null, null, 'yes', null, null,
     null, null);
create table publication.pub_workforce (
    quarter varchar, employer_order integer, employer varchar, characteristic_order integer,
    characteristic varchar, category varchar, people bigint, percent_of_employer decimal(18, 6),
    n_reporting integer, n_expected integer, status varchar);
insert into publication.pub_workforce values
    ('2022-23 Q1', 1, 'All', 1, 'all', 'All', 95, 100, 1, 1, 'final'),
    ('2022-23 Q1', 1, 'All', 2, 'sex', 'female', 52, 54.736842, 1, 1, 'final'),
    ('2022-23 Q1', 1, 'All', 2, 'sex', 'male', 40, 42.105263, 1, 1, 'final'),
    ('2022-23 Q1', 1, 'All', 2, 'sex', 'undisclosed', 3, 3.157895, 1, 1, 'final');
create table publication.pub_workforce_shares (
    quarter varchar, indicator_id varchar, title varchar, basis varchar, basis_order integer,
    figure varchar, employer_order integer, employer varchar, people bigint, out_of bigint,
    percent_of_people decimal(18, 6), target decimal(18, 6), n_reporting integer,
    n_expected integer, status varchar);
insert into publication.pub_workforce_shares values
    ('2022-23 Q1', 'E02', 'Workforce living in the city region', 'known', 1,
     'Of employees whose home is known', 1, 'All', 70, 92, 76.086957, null, 1, 1, 'final'),
    ('2022-23 Q1', 'E02', 'Workforce living in the city region', 'not known', 2,
     'Home not known', 1, 'All', 3, 95, 3.157895, null, 1, 1, 'final');
create table publication.pub_supplier_kinds (
    quarter varchar, indicator_id varchar, supplier_kind varchar, definition_id varchar,
    amount_of_kind decimal(18, 2), amount_not_of_kind decimal(18, 2),
    amount_unknown decimal(18, 2), amount_redacted decimal(18, 2),
    amount_excluded decimal(18, 2), amount_quarantined decimal(18, 2),
    percent_of_known decimal(18, 6), percent_of_all decimal(18, 6), n_reporting integer,
    n_expected integer, status varchar);
insert into publication.pub_supplier_kinds values
    ('2022-23 Q1', 'C02', 'SME', 'sme-250-employees', 60.00, 30.00, 9.00, 1.00, 5.00, 17.00,
     66.666667, 60.000000, 2, 3, 'provisional');
create table publication.pub_prompt_payment (
    quarter varchar, period varchar, period_kind varchar, to_date boolean, figure_order integer,
    regulation varchar, basis varchar, figure varchar, in_force boolean, reporting_period varchar,
    value decimal(18, 6), unit varchar, numerator decimal(18, 2), denominator decimal(18, 2),
    amount decimal(18, 2), months_received integer, months_expected integer, status varchar);
insert into publication.pub_prompt_payment values
    ('2022-23 Q1', '2022-23 Q1', 'quarter', false, 1, 'Regulation 113(7)', 'within-30-days',
     'Invoices paid within 30 days', true, 'year', 74.000000, 'per cent', 37.00, 50.00, null, 2, 3,
     'provisional'),
    ('2022-23 Q1', '2022-23 Q1', 'quarter', false, 12, 'Payment lines: counted or left out',
     'no date', 'Left out: no day of receipt', null, null, 3.000000, 'payment lines', null, null,
     310.00, 2, 3, 'provisional');
create table publication.pub_release_blocks (
    quarter varchar, kind varchar, what varchar, detail varchar);
"""


def empty_tables() -> Iterator[str]:
    """The publication models that have no made-up rows: each without any, as dbt declares it."""
    for path in sorted((PROJECT / "dbt" / "publication").rglob("pub_*.yml")):
        for model in yaml.safe_load(path.read_text("utf-8")).get("models", []):
            columns = [f'"{one["name"]}" {one["data_type"]}' for one in model.get("columns", [])]
            declared = f"publication.{model['name']} ({', '.join(columns)})"
            yield f"create table if not exists {declared}"


def make_analysts(path: Path, *changes: str) -> Path:
    """An analysts' file at `path`, with further SQL run on it; an older one there goes."""
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute(PUBLICATION)
        for table in empty_tables():
            connection.execute(table)
        for change in changes:
            connection.execute(change)
    return path


def make_facts(
    *overrides: Override,
    period: str = "2022-23 Q1",
    digest: str = "d" * 64,
    sha: str = "a",
    as_of: str = "2022-07-11T09:30:00",
    run: str = "1",
    publication: str = "quarterly",
) -> ReleaseFacts:
    """The facts of a release that rests on two returns."""
    slots = [("finance_payments", sha), ("finance_vendors", "b")]
    return ReleaseFacts(
        publication=publication,
        period=read_period(period),
        as_of=read_moment(as_of),
        ledger_head="e" * 64,
        definitions_digest=digest,
        inputs=[
            InputReturn(f"{name}-{one * 12}/2022-04", name, "lcrca", "2022-04", "", one * 64)
            for name, one in slots
        ],
        definitions={"seeds/indicators.csv": b"id\nC01\n", "contracts/a.yaml": b"a: 1\n"},
        overrides=overrides,
        receipt={"run": run, "host": "here"},
    )


def chosen(path: Path, table: str | TableDefinition, quarter: str = "2022-23 Q1") -> Selection:
    """The rows of a table from the analysts' file at `path`."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return select(connection, TABLES[table] if isinstance(table, str) else table, quarter)
