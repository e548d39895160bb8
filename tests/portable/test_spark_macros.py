"""What a macro writes for Spark says in Spark what DuckDB's says in DuckDB."""

import os
from collections.abc import Callable, Iterator

import duckdb
import pytest

from tests.support.dbt_macros import PLAIN, decimals, of_an_engine

pytestmark = [
    pytest.mark.skipif("SOCIAL_VALUE_SPARK" not in os.environ, reason="make portable runs it"),
    pytest.mark.timeout(900),
]
Ask = Callable[[list[str]], list[object]]
LATIN = [chr(at) for block in ((0x80, 0x370), (0x1E00, 0x1F00)) for at in range(*block)]


@pytest.fixture(scope="module")
def in_spark() -> Iterator[Ask]:
    """What Spark says of each expression."""
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.ansi.enabled", "true")
        .config("spark.sql.ansi.doubleQuotedIdentifiers", "true")
        .getOrCreate()
    )
    yield lambda expressions: list(session.sql("select " + ", ".join(expressions)).collect()[0])
    session.stop()


def in_duckdb(expressions: list[str]) -> list[object]:
    return list(duckdb.sql("select " + ", ".join(expressions)).fetchall()[0])


@pytest.mark.parametrize(("file", "name", "given"), PLAIN)
def test_names_and_numbers_are_made_plain_alike(
    in_spark: Ask, file: str, name: str, given: tuple[str, ...]
) -> None:
    """A text's quote is doubled in both; a backslash is one of DuckDB's and two of Spark's."""
    words = [("'" + one.replace("'", "''") + "'",) for one in given]
    escaped = [(word.replace("\\", "\\\\"),) for (word,) in words]
    ours = in_duckdb(of_an_engine(file, name, "duckdb", words))
    assert in_spark(of_an_engine(file, name, "spark", escaped)) == ours
    assert len(set(ours)) > 1


def test_every_latin_letter_loses_its_accents_alike(in_spark: Ask) -> None:
    words = [(f"'a{letter}b {letter}'",) for letter in LATIN if letter != "'"]
    ours = in_duckdb(of_an_engine("names", "plain_name", "duckdb", words))
    found = in_spark(of_an_engine("names", "plain_name", "spark", words))
    assert {
        word: (one, other)
        for (word,), one, other in zip(words, ours, found, strict=True)
        if one != other
    } == {}


def test_a_ratio_is_exact_also_of_whole_numbers(in_spark: Ask) -> None:
    """Of a decimal by a whole number Spark gives twelve places: rounded again, halves go wrong."""
    whole = [("3", "4"), ("-1", "3"), ("2", "0"), ("1", "2000000"), ("3086411", "24999999")]
    for given in (whole, decimals(23)):
        ours = in_duckdb(of_an_engine("ratio", "ratio", "duckdb", given))
        assert in_spark(of_an_engine("ratio", "ratio", "spark", given)) == ours
    people = [(f"{number} * {place} + 3", "4") for number in range(9) for place in range(1, 4)]
    ours = in_duckdb(of_an_engine("ratio", "times_in", "duckdb", people))
    assert in_spark(of_an_engine("ratio", "times_in", "spark", people)) == ours


def test_floating_point_is_rounded_to_the_penny(in_spark: Ask) -> None:
    floating = [(f"cast({number} as double)", "2") for number in (1, 0.125, -7.126, 1e9)]
    found = in_spark(of_an_engine("monetisation", "rounded", "spark", floating))
    assert found == [1.0, 0.13, -7.13, 1e9]
