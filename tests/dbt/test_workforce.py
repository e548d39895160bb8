"""The employer's figures against what was published, and against sums by hand."""

from decimal import Decimal
from fractions import Fraction

import duckdb
import pytest

from flows.common.settings import Settings

D = Decimal


@pytest.fixture
def figures(workforce_home: Settings) -> duckdb.DuckDBPyConnection:
    """The analysts' file."""
    return duckdb.connect(str(workforce_home.analysts), read_only=True)


def value(
    figures: duckdb.DuckDBPyConnection,
    figure: str,
    period: str,
    breakdown: str = "",
    part: str = "",
) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Numerator, denominator and value of `E11 starts-of-new-employees`, say."""
    indicator, _, basis = figure.partition(" ")
    row = figures.execute(
        "select numerator, denominator, value from marts.fct_indicator_values "
        "where indicator_id = ? and basis = ? and period = ? "
        "and breakdown = ? and breakdown_value = ?",
        [indicator, basis, period, breakdown, part],
    ).fetchall()
    assert len(row) == 1, f"{figure} of {part or 'the whole'} in {period}: {len(row)} values"
    return row[0]


@pytest.mark.parametrize(
    ("authority", "period", "figure", "above", "below", "published"),
    [
        # Chelmsford 2021/22: F = C/A, E = D/B
        ("lcrca", "2021-22", "E11 apprentices-of-headcount", 32, 885, "3.62"),
        ("lcrca", "2021-22", "E11 starts-of-new-employees", 23, 92, "25.00"),
        # Hinckley and Bosworth: D/H, of the quarter and of the year; F = C/A; E, printed as 6.5
        ("merseytravel", "2022-23 Q1", "E11 starts-of-headcount-before", 4, 404, "0.99"),
        ("merseytravel", "2022-23", "E11 starts-of-headcount-before", 4, 404, "0.99"),
        ("merseytravel", "2022-23 Q1", "E11 apprentices-of-headcount", 9, 424, "2.12"),
        ("merseytravel", "2022-23 Q1", "E11 starts-of-new-employees", 4, 61, "6.56"),
    ],
)  # fmt: skip
def test_apprentices_as_chelmsford_and_hinckley_published_them(
    figures: duckdb.DuckDBPyConnection,
    authority: str,
    period: str,
    figure: str,
    above: int,
    below: int,
    published: str,
) -> None:
    numerator, denominator, found = value(figures, figure, period, "employer", authority)
    assert (numerator, denominator) == (above, below)
    assert found is not None
    assert found.quantize(D("0.01")) == D(published)


def test_a_headcount_before_that_never_came_is_no_denominator(
    figures: duckdb.DuckDBPyConnection,
) -> None:
    # the quarter to 31 December was not returned, so nobody knows how many there were
    assert value(figures, "E11 starts-of-headcount-before", "2022-23 Q4") == (D(0), None, None)


@pytest.mark.parametrize(
    ("quarter", "men", "women", "published"),
    [
        ("lower", 20, 35, ("36.4", "63.6")),
        ("lower-middle", 20, 35, ("36.4", "63.6")),
        ("upper-middle", 22, 33, ("40.0", "60.0")),
        ("upper", 34, 21, ("61.8", "38.2")),
    ],
)
def test_pay_quarters_as_the_combined_authority_published_them(
    figures: duckdb.DuckDBPyConnection,
    quarter: str,
    men: int,
    women: int,
    published: tuple[str, str],
) -> None:
    for sex, people, per_cent in [("men", men, published[0]), ("women", women, published[1])]:
        for period in ("2022-23 Q4", "2022-23 H2", "2022-23"):
            found = value(figures, f"E09 {quarter}-{sex}", period, "employer", "lcrca")
            assert found[:2] == (people, 55)
            assert found[2] is not None
            assert found[2].quantize(D("0.1")) == D(per_cent)


def test_equal_pay_over_a_boundary_is_split_men_and_women_alike(
    figures: duckdb.DuckDBPyConnection,
) -> None:
    # 10 (a man), four on 11 (one man, three women), 20 (a woman): sections of 2, 1, 2 and 1
    found = {
        quarter: value(figures, f"E09 {quarter}-men", "2022-23 Q4", "employer", "merseytravel")
        for quarter in ("lower", "lower-middle", "upper-middle", "upper")
    }
    assert found == {
        "lower": (D("1.25"), 2, D("62.5")),
        "lower-middle": (D("0.25"), 1, 25),
        "upper-middle": (D("0.5"), 2, 25),
        "upper": (0, 1, 0),
    }


def test_pay_gaps_by_hand(figures: duckdb.DuckDBPyConnection) -> None:
    # men 10 and 11, women 11, 11, 11 and 20; bonuses 500 and 1500, and 300
    found = {
        figure: value(figures, figure, "2022-23", "employer", "merseytravel")
        for figure in ("E04 mean", "E05 median", "E06 mean", "E07 median", "E08 men", "E08 women")
    }
    assert found == {
        # (10.5 - 13.25) / 10.5; the pay of so few is not shown
        "E04 mean": (None, None, D("-26.190476")),
        "E05 median": (None, None, D("-4.761905")),  # (10.5 - 11) / 10.5
        "E06 mean": (None, None, D("70")),  # (1000 - 300) / 1000
        "E07 median": (None, None, D("70")),
        "E08 men": (2, 3, D("66.666667")),  # the one who is not on full pay too
        "E08 women": (1, 5, 20),
    }  # fmt: skip


def test_mean_and_median_of_many(figures: duckdb.DuckDBPyConnection) -> None:
    men = [10] * 20 + [12] * 20 + [15] * 22 + [20] * 34
    women = [10] * 35 + [12] * 35 + [15] * 33 + [20] * 21
    mean_of_men, mean_of_women = Fraction(sum(men), len(men)), Fraction(sum(women), len(women))
    gap = 100 * (mean_of_men - mean_of_women) / mean_of_men
    assert value(figures, "E04 mean", "2022-23", "employer", "lcrca") == (
        rounded(mean_of_women),
        rounded(mean_of_men),
        rounded(gap),
    )
    assert value(figures, "E05 median", "2022-23", "employer", "lcrca") == (12, 15, 20)


def rounded(number: Fraction) -> Decimal:
    return (D(number.numerator) / D(number.denominator)).quantize(D("0.000001"))


def test_pay_gaps_are_of_one_employer_and_one_day(figures: duckdb.DuckDBPyConnection) -> None:
    found = figures.execute(
        "select distinct period, breakdown from marts.fct_indicator_values "
        "where indicator_id between 'E04' and 'E09' and status <> 'not available' order by 1, 2"
    ).fetchall()
    # of 31 March 2022 nobody was said to be on full pay, and in June there is no snapshot
    assert found == [(period, "employer") for period in ("2022-23", "2022-23 H2", "2022-23 Q4")]


def test_small_groups_have_no_gap_and_undisclosed_are_on_no_side(
    figures: duckdb.DuckDBPyConnection,
) -> None:
    rows = figures.execute(
        "select breakdown_value, value, n_numerator, n_denominator from marts.fct_indicator_values "
        "where indicator_id = 'E10' and basis = 'ethnicity-mean' and period = '2022-23' "
        "and breakdown = 'employer/ethnicity' order by 1"
    ).fetchall()
    white = [10] * 41 + [12] * 55 + [15] * 55 + [20] * 46
    mean = Fraction(sum(white), len(white))
    assert rows == [
        ("lcrca/asian", rounded(100 * (mean - 10) / mean), 12, 197),
        ("lcrca/black", None, 9, 197),
    ]
    assert value(figures, "E10 ethnicity-undisclosed", "2022-23", "employer", "lcrca") == (
        2, 220, rounded(Fraction(200, 220)),
    )  # fmt: skip


def test_the_real_living_wage_in_force_on_the_pay_date(figures: duckdb.DuckDBPyConnection) -> None:
    # 9.50 on 14 May is enough and 9.49 is not; from 15 May 9.90 is and 9.89 is not; under 18 is out
    assert value(figures, "E12 known", "2022-23 Q1", "employer", "lcrca") == (2, 4, 50)
    # of the seven who are not known to be under 18: age, pay and pay date are each missing once
    assert value(figures, "E12 not known", "2022-23 Q1", "employer", "lcrca") == (
        3, 7, D("42.857143"),
    )  # fmt: skip


def test_headcount_is_of_the_snapshot_date(figures: duckdb.DuckDBPyConnection) -> None:
    # who left on the day itself is in it, who left the day before is not
    assert value(figures, "E01 headcount", "2022-23 Q1", "employer", "lcrca") == (8, None, 8)
    assert value(figures, "E01 fte", "2022-23 Q1", "employer", "lcrca")[2] == D("7.112345")
    assert value(figures, "E01 headcount", "2022-23 Q1") == (432, None, 432)  # 424 + 8
    # a year is as its newest quarter left it, whose 220 and 9 are in the headcount
    assert value(figures, "E01 headcount", "2022-23") == (229, None, 229)


def test_the_profile_of_an_employer_has_the_undisclosed_as_a_category(
    figures: duckdb.DuckDBPyConnection,
) -> None:
    rows = figures.execute(
        "select breakdown_value, numerator, denominator, value from marts.fct_indicator_values "
        "where indicator_id = 'E01' and basis = 'profile' and period = '2022-23 Q1' "
        "and breakdown = 'employer/sex' and breakdown_value like 'lcrca/%' order by 1"
    ).fetchall()
    assert rows == [
        ("lcrca/female", 3, 8, D("37.5")),
        ("lcrca/male", 3, 8, D("37.5")),
        ("lcrca/undisclosed", 2, 8, 25),
    ]


def test_where_the_workforce_lives(figures: duckdb.DuckDBPyConnection) -> None:
    q1 = "2022-23 Q1"
    assert value(figures, "E02 known", q1, "employer", "lcrca") == (3, 4, 75)
    assert value(figures, "E02 not known", q1, "employer", "lcrca") == (4, 8, 50)
    assert value(figures, "E02 known", q1, "employer/district", "lcrca/Liverpool") == (2, 4, 50)
    assert value(figures, "E02 known", q1, "employer/district", "lcrca/Halton") == (0, 4, 0)
    assert value(figures, "E03 known", q1, "employer", "lcrca") == (2, 4, 50)
    assert value(figures, "E03 not known", q1, "employer", "lcrca") == (4, 8, 50)


def test_nothing_about_a_person_is_in_the_analysts_file(figures: duckdb.DuckDBPyConnection) -> None:
    schemas = figures.execute(
        "select distinct table_schema from information_schema.tables"
    ).fetchall()
    assert {name for (name,) in schemas} == {"seeds", "marts", "publication"}
    columns = figures.execute("select column_name from information_schema.columns").fetchall()
    assert not {"employee_key", "_person", "_amount", "hourly_pay"} & {name for (name,) in columns}


def test_ratings_and_movement_beside_targets(figures: duckdb.DuckDBPyConnection) -> None:
    rows = figures.execute(
        "select indicator_id, breakdown_value, period, target, rag, movement_short, movement_long "
        "from marts.fct_indicator_performance where indicator_id in ('E05', 'E11') "
        "and basis in ('median', 'starts-of-headcount-before') and period_kind = 'year' "
        "and (indicator_id = 'E05' or breakdown = '') order by all"
    ).fetchall()
    none = "no comparison"
    assert rows == [
        # 20, where 10 is aimed at and 15 tolerated; below 0 is better still
        ("E05", "lcrca", "2022-23", 10, "RED", none, none),
        ("E05", "merseytravel", "2022-23", 8, "GREEN", none, none),
        ("E11", "", "2022-23", D("2.3"), "RED", none, none),
    ]  # fmt: skip
