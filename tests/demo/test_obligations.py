"""The seed of obligations says what the made-up authority owes, and nothing else."""

import csv

from flows.demo.made.obligations import obligations
from tests.support.definitions import PLACES

SEED = PLACES.seeds / "obligations.csv"


def test_the_seed_and_the_demo_owe_the_same() -> None:
    with SEED.open(encoding="utf-8", newline="") as file:
        seeded = [
            (
                row["return"],
                row["sender"],
                row["part"],
                row["every"],
                row["first_period"],
                row["last_period"],
                int(row["due_days_after_end"]),
            )
            for row in csv.DictReader(file)
        ]
    assert seeded == [
        (o.return_name, o.sender, o.part, o.every, o.first_period, o.last_period, o.due_days)
        for o in obligations()
    ]
