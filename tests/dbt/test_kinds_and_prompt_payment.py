"""Spend by kind of supplier and prompt payment, worked out by hand from the same rows."""

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.support.tiny_warehouse import Return, Row, make_reference, make_warehouse, run_dbt

Q1 = "2022-23 Q1"
D = Decimal


def rows(analysts: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    return analysts.execute(sql).fetchall()


def test_spend_by_kind_of_supplier(analysts: duckdb.DuckDBPyConnection) -> None:
    # Acme is small up to May and large in June; Gamma's size and Delta's mark are not known
    assert rows(
        analysts,
        "select supplier_kind, definition_id, amount_of_kind, amount_not_of_kind, amount_unknown, "
        "amount_redacted, amount_excluded, amount_quarantined, percent_of_known, percent_of_all, "
        f"status from publication.pub_supplier_kinds where quarter = '{Q1}' order by 1",
    ) == [
        (
            "SME",
            "sme-250-employees",
            D("1060.00"),  # 1000 - 100 + 50 + 10 + 100
            D("240.10"),  # 200.10 + 40
            D("410.00"),  # 300 + 70 + 25 + 15
            D("30.00"),
            D("5000.00"),
            D("7.77"),
            D("81.532190"),  # of 1300.10
            D("60.916039"),  # of 1740.10
            "provisional",
        ),
        (
            "VCSE",
            "vcse-vendor-master",
            D("300.00"),
            D("1290.10"),
            D("120.00"),  # 70 + 25 + 10 + 15
            D("30.00"),
            D("5000.00"),
            D("7.77"),
            D("18.866738"),  # of 1590.10
            D("17.240388"),
            "provisional",
        ),
    ]


def test_sme_spend_by_directorate_leads_down_to_its_rows(
    analysts: duckdb.DuckDBPyConnection,
) -> None:
    assert rows(
        analysts,
        "select breakdown_value, numerator, denominator, value from marts.fct_indicator_values "
        f"where indicator_id = 'C02' and basis = 'known' and period = '{Q1}' "
        "and breakdown = 'directorate' order by 1",
    ) == [
        ("Not stated", D("160.00"), D("200.00"), D("80.000000")),
        ("Rail", D("0.00"), D("200.10"), D("0.000000")),
        ("Roads", D("900.00"), D("900.00"), D("100.000000")),
    ]
    assert rows(
        analysts,
        "select period, _row, numerator, denominator from marts.fct_indicator_contributions "
        "where indicator_id = 'C02' and basis = 'known' and directorate = 'Not stated' "
        "order by 1, 2",
    ) == [
        ("2022-04", 4, D("50.00"), D("50.00")),
        ("2022-04", 11, D("10.00"), D("10.00")),
        ("2022-05", 2, D("100.00"), D("100.00")),
        ("2022-06", 2, D("0.00"), D("40.00")),
    ]


def test_what_never_came_is_not_available(analysts: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        analysts,
        "select basis, numerator, denominator, value, coverage, status "
        f"from publication.pub_indicators where indicator_id = 'C04' and quarter = '{Q1}' "
        "order by basis_order",
    ) == [
        ("known", None, None, None, D("0.666667"), "not available"),
        ("all", None, None, None, D("0.666667"), "not available"),
    ]
    assert rows(
        analysts,
        "select period, value, status from marts.fct_indicator_values "
        "where indicator_id = 'C04' and basis = 'all' order by 1",
    ) == [(period, None, "not available") for period in ("2022-23", "2022-23 H1", Q1)]
    assert not rows(
        analysts, "select 1 from marts.fct_indicator_contributions where indicator_id = 'C04'"
    )


def test_every_figure_stands_beside_the_quarantined_money(
    analysts: duckdb.DuckDBPyConnection,
) -> None:
    assert rows(
        analysts,
        "select distinct indicator_id, amount_quarantined from publication.pub_indicators "
        "where amount_quarantined is not null order by 1",
    ) == [(f"C0{number}", D("7.77")) for number in range(1, 6)]


def test_prompt_payment_in_both_forms(analysts: duckdb.DuckDBPyConnection) -> None:
    # eight invoices, paid on days 30, 31, 61 (disputed), 30 (name withheld), 0, 20, 35 and 9
    figures = (
        "select basis, in_force, reporting_period, value, unit, numerator, denominator, status "
        f"from publication.pub_prompt_payment where quarter = '{Q1}' and unit <> 'payment lines'"
    )
    state = "provisional"
    found = [
        ("within-30-days", True, "year", D("71.428571"), "per cent", D("5"), D("7"), state),
        ("interest-paid", True, "year", D("0"), "GBP", D("0"), None, state),
        ("interest-liable", True, "year", D("5.75"), "GBP", D("5.75"), None, state),
        ("mean-days", False, "half", D("27"), "days", D("216"), D("8"), state),
        ("days-1-30", False, "half", D("62.5"), "per cent", D("5"), D("8"), state),
        ("days-31-60", False, "half", D("25"), "per cent", D("2"), D("8"), state),
        ("days-61-on", False, "half", D("12.5"), "per cent", D("1"), D("8"), state),
        # six fell due in the half to September, of which only October can tell what was not paid
        ("due-not-paid", False, "half", None, "per cent", None, None, "not available"),
    ]
    for period in (Q1, "2022-23 H1", "2022-23"):
        assert rows(analysts, f"{figures} and period = '{period}' order by figure_order") == found
    by_basis = {row[0]: row[3] for row in found}
    assert (
        dict(
            analysts.execute(
                "select basis, value from publication.pub_indicators where indicator_id = 'C05'"
            ).fetchall()
        )
        == by_basis
    )


def test_payment_lines_that_are_left_out_are_counted(analysts: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        analysts,
        "select basis, value, amount from publication.pub_prompt_payment "
        f"where quarter = '{Q1}' and period = '{Q1}' and unit = 'payment lines' "
        "order by figure_order",
    ) == [
        ("undisputed", D("7"), D("1110.00")),
        ("dispute not said", D("1"), D("50.00")),
        ("disputed", D("1"), D("200.10")),
        ("no date", D("2"), D("310.00")),
        ("credit", D("0"), D("0.00")),
        ("paid before receipt", D("1"), D("70.00")),
        ("excluded", D("1"), D("5000.00")),
        ("quarantined", D("1"), D("7.77")),
    ]


def test_the_mean_leads_down_to_its_rows(analysts: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        analysts,
        "select period, _row, numerator, denominator from marts.fct_indicator_contributions "
        "where indicator_id = 'C05' and basis = 'mean-days' and _return_id like '%corporate%' "
        "order by 1, 2",
    )
    assert found == [
        ("2022-04", 2, D("30.00"), D("1.00")),
        ("2022-04", 3, D("0.00"), D("0.00")),  # the same invoice
        ("2022-04", 4, D("31.00"), D("1.00")),
        ("2022-04", 5, D("61.00"), D("1.00")),
        ("2022-04", 8, D("30.00"), D("1.00")),  # its supplier's name is withheld
        ("2022-04", 10, D("0.00"), D("1.00")),
        ("2022-05", 2, D("35.00"), D("1.00")),
        ("2022-06", 2, D("9.00"), D("1.00")),
    ]


@pytest.mark.slow
def test_day_thirty_is_in_and_day_thirty_one_falls_in_the_next_half(tmp_path: Path) -> None:
    """Two invoices received on 1 March, paid on 31 March and 1 April; and no vendor master."""

    def sent(month: str, day: str) -> Return:
        row: Row = {
            "payment_date": day,
            "supplier_name": "Acme Limited",
            "amount": D("100.00"),
            "invoice_received_date": "2026-03-01",
        }
        return Return("finance_payments", month, f"{day}T09:00:00", [row])

    both = [sent("2026-03", "2026-03-31"), sent("2026-04", "2026-04-01")]
    make_warehouse(tmp_path / "warehouse.duckdb", both)
    make_reference(tmp_path / "reference.duckdb")
    only_models = ("--exclude-resource-type", "unit_test")
    path = run_dbt(tmp_path, "2026-04-30T00:00:00", *only_models)
    with duckdb.connect(str(path), read_only=True) as then:
        values = (
            "select basis, numerator, denominator, value from marts.fct_indicator_values where "
        )
        assert rows(
            then, f"{values} period = '2025-26 H2' and indicator_id = 'C05' order by 1"
        ) == [
            ("days-1-30", D("1"), D("1"), D("100")),
            ("days-31-60", D("0"), D("1"), D("0")),
            ("days-61-on", D("0"), D("1"), D("0")),
            ("due-not-paid", D("1"), D("2"), D("50")),  # both fell due on 31 March
            ("interest-liable", None, None, None),
            ("interest-paid", None, None, None),
            ("mean-days", D("30"), D("1"), D("30")),
            ("within-30-days", D("1"), D("1"), D("100")),
        ]
        assert rows(then, f"{values} period = '2026-27 Q1' and basis like '%days' order by 1") == [
            ("mean-days", D("31"), D("1"), D("31")),
            ("within-30-days", D("0"), D("1"), D("0")),
        ]
        assert rows(
            then,
            "select distinct regulation, in_force from publication.pub_prompt_payment "
            "where period = '2025-26 H2' and in_force is not null order by 2",
        ) == [
            ("Public Contracts Regulations 2015, regulation 113(7)", False),
            ("Procurement Regulations 2024, regulation 38", True),
        ]
        assert rows(
            then,
            "select distinct value, status from publication.pub_indicators "
            "where indicator_id in ('C02', 'C03')",
        ) == [(None, "not available")]
