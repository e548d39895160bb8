"""The figures of the first quarter, added up by hand."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.support.first_quarter import make_first_quarter
from tests.support.tiny_warehouse import run_dbt

Q1 = "2022-23 Q1"
D = Decimal


def rows(analysts: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    return analysts.execute(sql).fetchall()


def test_local_spend_of_the_quarter_and_its_places(analysts: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        analysts,
        "select period, period_kind, to_date, place, amount_in_place, amount_known, amount_all, "
        "percent_of_known, percent_of_all, months_received, months_expected, status "
        f"from publication.pub_local_spend where quarter = '{Q1}' order by period, place_order",
    )
    tail = (D("1615.10"), D("1740.10"))
    state = (1, 3, "provisional")
    quarter = [row for row in found if row[1] == "quarter"]
    assert quarter == [
        (
            Q1,
            "quarter",
            False,
            "Liverpool City Region",
            D("1275.10"),
            *tail,
            D("78.948672"),
            D("73.277398"),
            *state,
        ),
        (Q1, "quarter", False, "Halton", D("0.00"), *tail, D("0.000000"), D("0.000000"), *state),
        (Q1, "quarter", False, "Knowsley", D("0.00"), *tail, D("0.000000"), D("0.000000"), *state),
        (
            Q1,
            "quarter",
            False,
            "Liverpool",
            D("1050.00"),
            *tail,
            D("65.011454"),
            D("60.341360"),
            *state,
        ),
        (Q1, "quarter", False, "Sefton", D("0.00"), *tail, D("0.000000"), D("0.000000"), *state),
        (Q1, "quarter", False, "St Helens", D("0.00"), *tail, D("0.000000"), D("0.000000"), *state),
        (
            Q1,
            "quarter",
            False,
            "Wirral",
            D("225.10"),
            *tail,
            D("13.937218"),
            D("12.936038"),
            *state,
        ),
    ]
    to_date = {(row[0], row[2], row[4]) for row in found if row[3] == "Liverpool City Region"}
    assert to_date == {
        (Q1, False, D("1275.10")),
        ("2022-23 H1", True, D("1275.10")),
        ("2022-23", True, D("1275.10")),
    }


def test_where_the_spend_stands(analysts: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        analysts,
        "select place_group, payments, amount, percent_of_all from publication.pub_spend_by_place "
        f"where quarter = '{Q1}' and payments > 0 order by group_order",
    ) == [
        ("Liverpool", 4, D("1050.00"), D("60.341360")),
        ("Wirral", 2, D("225.10"), D("12.936038")),
        ("Elsewhere in the UK", 2, D("340.00"), D("19.539107")),
        ("Location unknown", 3, D("95.00"), D("5.459456")),
        ("Supplier name redacted", 1, D("30.00"), D("1.724039")),
        ("Excluded (not purchases)", 1, D("5000.00"), None),
        ("Quarantined (in no figure)", 1, D("7.77"), None),
    ]


def test_how_each_payment_was_matched_and_placed(analysts: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        analysts,
        "select supplier_name, supplier_key, match_method, place_group, location_basis "
        "from marts.fct_payments where month = '2022-04' order by part, _row",
    ) == [
        ("Acme Limited", "lcrca/S1", "supplier id", "Liverpool", "not stated"),
        ("The ACME LTD.", "lcrca/S1", "name", "Liverpool", "not stated"),
        ("Someone", "lcrca/S1", "company number", "Liverpool", "not stated"),
        ("Beta Limited", "lcrca/S2", "name", "Wirral", "branch"),
        ("Gamma", "lcrca/S3", "name", "Elsewhere in the UK", "not stated"),
        ("Twin", None, "unmatched", "Location unknown", "none"),
        ("REDACTED PERSONAL DATA", None, "not sought", "Supplier name redacted", "none"),
        ("HMRC", None, "not sought", "Excluded (not purchases)", "none"),
        ("Nobody we know", None, "unmatched", "Wirral", "payment"),
        ("Delta", "lcrca/S6", "name", "Location unknown", "none"),
        ("Redactive Publishing Ltd", None, "unmatched", "Location unknown", "none"),
    ]


def test_values_carry_numerator_denominator_and_coverage(
    analysts: duckdb.DuckDBPyConnection,
) -> None:
    wanted = "indicator_id = 'C01' and basis = 'known' and period"
    columns = "numerator, denominator, value, n_reporting, n_expected, coverage, status, revision"
    assert rows(
        analysts,
        f"select {columns} from marts.fct_indicator_values "
        f"where {wanted} = '{Q1}' and breakdown = ''",
    ) == [(D("1275.10"), D("1615.10"), D("78.948672"), 4, 6, D("0.666667"), "provisional", 1)]
    assert rows(
        analysts,
        "select breakdown_value, numerator, denominator, value from marts.fct_indicator_values "
        f"where {wanted} = '2022-04' and breakdown = 'directorate' order by 1",
    ) == [
        ("Not stated", D("75.00"), D("75.00"), D("100.000000")),
        ("Rail", D("200.10"), D("200.10"), D("100.000000")),
        ("Roads", D("900.00"), D("1200.00"), D("75.000000")),
    ]
    final = rows(
        analysts,
        "select distinct period from marts.fct_indicator_values where status = 'final'",
    )
    assert final == [("2022-04",)]


def test_contributions_lead_down_to_rows_without_the_warehouse(
    analysts: duckdb.DuckDBPyConnection,
) -> None:
    assert rows(
        analysts,
        "select _return_id, _row, numerator, denominator from marts.fct_indicator_contributions "
        "where indicator_id = 'C01' and basis = 'all' and district = 'Wirral' order by _row",
    ) == [
        ("finance_payments-corporate000002/2022-04", 5, D("200.10"), D("200.10")),
        ("finance_payments-corporate000002/2022-04", 10, D("25.00"), D("25.00")),
    ]


def test_what_was_owed_and_what_came(analysts: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        analysts,
        "select period, part, due_date, received_at::date, outcome, late_days, rows_loaded, "
        "rows_quarantined, rows_dropped from publication.pub_returns "
        f"where quarter = '{Q1}' and \"return\" = 'finance_payments' order by 1, 2",
    ) == [
        (
            "2022-04",
            "corporate",
            dt.date(2022, 5, 15),
            dt.date(2022, 5, 10),
            "loaded",
            0,
            10,
            0,
            1,
        ),
        (
            "2022-04",
            "transport",
            dt.date(2022, 5, 15),
            dt.date(2022, 5, 20),
            "loaded",
            5,
            1,
            0,
            1,
        ),
        (
            "2022-05",
            "corporate",
            dt.date(2022, 6, 15),
            dt.date(2022, 6, 1),
            "loaded",
            0,
            1,
            0,
            1,
        ),
        ("2022-05", "transport", dt.date(2022, 6, 15), None, "missing", None, 0, 0, 0),
        (
            "2022-06",
            "corporate",
            dt.date(2022, 7, 15),
            dt.date(2022, 7, 5),
            "loaded",
            0,
            1,
            1,
            1,
        ),
        (
            "2022-06",
            "transport",
            dt.date(2022, 7, 15),
            dt.date(2022, 7, 14),
            "rejected",
            0,
            0,
            0,
            1,
        ),
    ]


def test_control_totals_and_reasons_to_block(analysts: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        analysts,
        "select month, part, control_payments, loaded_payments, quarantined_payments, "
        "control_amount, loaded_amount, quarantined_amount, difference, ties "
        f"from publication.pub_control_totals where quarter = '{Q1}' order by 1, 2",
    ) == [
        (
            "2022-04",
            "corporate",
            10,
            10,
            0,
            D("6585.10"),
            D("6585.10"),
            D("0.00"),
            D("0.00"),
            "yes",
        ),
        ("2022-04", "transport", 1, 1, 0, D("16.00"), D("15.00"), D("0.00"), D("-1.00"), "no"),
        ("2022-05", "", 2, 1, 0, D("150.00"), D("100.00"), D("0.00"), D("-50.00"), "no"),
        ("2022-06", "corporate", 2, 1, 1, D("47.77"), D("40.00"), D("7.77"), D("0.00"), "yes"),
    ]
    # May does not tie because a return is missing: that shows in coverage, and blocks nothing
    assert rows(
        analysts,
        "select quarter, kind, what, detail from publication.pub_release_blocks order by 2",
    ) == [
        (
            Q1,
            "control total does not tie",
            "lcrca 2022-04 transport",
            "Payments read differ from the control total by 0 lines and GBP -1.00.",
        ),
        (Q1, "open finding", "open", "Mend open."),
    ]


def test_checks_and_registry(analysts: duckdb.DuckDBPyConnection) -> None:
    assert rows(analysts, "select * from publication.pub_data_quality") == [
        (Q1, "finance_payments", "amounts", "warn", "validity", 2, 12, 2)
    ]
    assert rows(
        analysts,
        "select indicator_id, title, basis, unit, value, n_reporting, n_expected, status, rule, "
        f"illustrative from publication.pub_indicators where quarter = '{Q1}' "
        "and indicator_id = 'C01' order by basis_order",
    ) == [
        (
            "C01",
            "Local spend",
            "known",
            "per cent",
            D("78.948672"),
            4,
            6,
            "provisional",
            "ratio of sums",
            "yes",
        ),
        (
            "C01",
            "Local spend",
            "all",
            "per cent",
            D("73.277398"),
            4,
            6,
            "provisional",
            "ratio of sums",
            "yes",
        ),
    ]


@pytest.mark.slow
def test_an_earlier_moment_shows_what_was_known_then(tmp_path: Path) -> None:
    make_first_quarter(tmp_path)
    only_models = ("--exclude-resource-type", "unit_test", "test")
    path = run_dbt(tmp_path, "2022-05-12T00:00:00", *only_models)
    with duckdb.connect(str(path), read_only=True) as then:
        assert rows(
            then,
            "select amount_in_place, amount_known, months_received, status "
            "from publication.pub_local_spend where period_kind = 'quarter' and place_order = 0",
        ) == [(D("999999.00"), D("999999.00"), 0, "provisional")]


def test_who_matches_no_supplier_is_listed_by_spend(analysts: duckdb.DuckDBPyConnection) -> None:
    listed = rows(
        analysts,
        "select supplier_name, amount, payments, spend_rank from marts.fct_unmatched_suppliers "
        "order by spend_rank",
    )
    by_name = rows(
        analysts,
        "select supplier_name, sum(amount) as amount, count(*) from marts.fct_payments "
        "where match_method = 'unmatched' group by supplier_name order by amount desc, 1",
    )
    assert [row[:3] for row in listed] == by_name
    assert [row[3] for row in listed] == list(range(1, len(listed) + 1))
    assert len(listed) > 1, "the quarter has names that match nobody"
