"""A fault of the system quotes no cell of a return with people, and is told in full elsewhere."""

from collections.abc import Callable

import duckdb
import pytest

from flows.common.errors import sentence_for
from flows.intake import stages as steps
from flows.intake.redaction import HiddenFault
from flows.intake.submission import Ingested

PEOPLE = "Employer,Snapshot date,Employee number,FTE\nlcrca,30/06/2022,E99887,1\n"
PAYMENTS = "Date paid,Supplier name,Net amount\n01/04/2022,Acme,10.00\n"


def _quotes_a_cell(connection: duckdb.DuckDBPyConnection, *_: object) -> None:
    connection.execute("select cast(said as integer) from (values ('E99887')) as v(said)")


@pytest.fixture(autouse=True)
def faulty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "type_rows", _quotes_a_cell)


def test_of_people_it_says_what_failed_and_where(take: Callable[..., Ingested]) -> None:
    with pytest.raises(HiddenFault) as fault:
        take(PEOPLE, "lcrca_2022-23-q1.csv", "hr_workforce")
    status, told = sentence_for(fault.value)
    assert status == 3
    assert "E99887" not in told
    assert "ConversionException in test_hiding.py, line" in told
    assert fault.value.__suppress_context__


def test_elsewhere_it_says_all(take: Callable[..., Ingested]) -> None:
    with pytest.raises(duckdb.ConversionException, match="E99887"):
        take(PAYMENTS)


def test_short_memory_is_told_with_what_to_do(
    take: Callable[..., Ingested], monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_much(connection: duckdb.DuckDBPyConnection, *_: object) -> None:
        connection.execute("set memory_limit = '30MB'")
        connection.execute("create table t as select i, repeat('x', 99) from range(9000000) r(i)")

    monkeypatch.setattr(steps, "type_rows", too_much)
    with pytest.raises(HiddenFault, match="raise SOCIAL_VALUE_MEMORY_LIMIT"):
        take(PEOPLE, "lcrca_2022-23-q1.csv", "hr_workforce")


def test_a_librarys_fault_is_hidden_though_it_is_called_like_one_of_our_own(
    take: Callable[..., Ingested], monkeypatch: pytest.MonkeyPatch
) -> None:
    of_a_library = type("ManifestError", (Exception,), {})

    def quotes(*_: object) -> None:
        raise of_a_library("cell: Jane Smith")

    monkeypatch.setattr(steps, "type_rows", quotes)
    with pytest.raises(HiddenFault) as fault:
        take(PEOPLE, "lcrca_2022-23-q1.csv", "hr_workforce")
    assert "Jane Smith" not in str(fault.value)
