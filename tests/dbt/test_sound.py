"""What our one generic test of a relation finds, and what it lets pass."""

import duckdb
import pytest

from tests.support.dbt_macros import macro

ENGINES = ("duckdb", "another")


def found(engine: str, rows: str, key: list[str], always: list[str]) -> dict[str, int]:
    """What the test says of a relation of these rows: what is wrong, of how many rows."""
    asked = macro("unsound", "unsound", engine)("given", key, always)
    with duckdb.connect() as connection:
        connection.execute(f"create view given as select * from (values {rows}) as v(a, b, n)")
        return {str(what): int(count) for what, count in connection.execute(asked).fetchall()}


SOUND = "('x', 'y', 1), ('x', 'z', 2), ('xy', '', 3), ('x', 'y z', 4)"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param(SOUND, {}, id="every row has a key of its own"),
        pytest.param(f"{SOUND}, ('x', 'y', 5)", {"not one row a key": 2}, id="two rows of a key"),
        pytest.param(f"{SOUND}, (null, 'y', 5)", {"not one row a key": 1}, id="half a key"),
        pytest.param(f"{SOUND}, ('q', 'y', -1)", {"n > 0": 1}, id="a condition that does not hold"),
        pytest.param(f"{SOUND}, ('q', 'y', null)", {"n > 0": 1}, id="one that may not hold"),
        pytest.param(
            f"{SOUND}, ('q''s', 'it''s', 5)", {"b <> 'it''s'": 1}, id="a condition with a quote"
        ),
    ],
)
def test_it_finds(engine: str, rows: str, said: dict[str, int]) -> None:
    assert found(engine, rows, ["a", "b"], ["n > 0", "b <> 'it''s'"]) == said


@pytest.mark.parametrize("engine", ENGINES)
def test_a_relation_needs_no_key_and_no_condition(engine: str) -> None:
    assert found(engine, "('x', 'y', 0), ('x', 'y', 0)", [], ["n > 0"]) == {"n > 0": 2}
    assert found(engine, "('x', 'y', 0), ('x', 'y', 0)", ["a"], []) == {"not one row a key": 2}
