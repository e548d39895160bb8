"""A build that fails for the size of a number says in which file and row to look for it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.common import clock
from flows.common.settings import Settings
from flows.intake.submission import Ingested
from flows.modelling.build import BuildFailed, build
from flows.modelling.largest_cell import where_too_large
from flows.warehouse.connection import open_scratch, writing

OVERFLOW = "Out of Range Error: Overflow in multiplication of DECIMAL(38)"
PAYMENTS = "source.social_value.landed.finance_payments"
VENDORS = "source.social_value.landed.finance_vendors"
Take = Callable[..., Ingested]


@pytest.fixture
def sent(take: Take) -> None:
    """Two files of payments, the larger sum in the fourth row of the second."""
    head = "Payment date,Supplier name,Net amount\n"
    take(f"{head}01/04/2022,Alder,5.00\n")
    rows = "01/05/2022,Birch,-7.00\n02/05/2022,Cedar,1.00\n03/05/2022,Elm,-90000000000.00\n"
    take(f"{head}{rows}", "lcrca_2022-05.csv")


def results(folder: Path, message: str, *reads: str) -> Path:
    """What dbt's process writes of a staging view and of a model above it that fails."""
    below = {"unique_id": "model.social_value.stg", "status": "success", "message": "OK"}
    above = {"unique_id": "model.social_value.pub", "status": "error", "message": message}
    path = folder / "results.json"
    path.write_text(
        json.dumps(
            {
                "results": [
                    {**below, "reads": list(reads)},
                    {**above, "reads": ["model.social_value.stg"]},
                ]
            }
        )
    )
    return path


def test_the_return_file_row_and_column_of_the_largest_number_are_named(
    sent: None, settings: Settings, tmp_path: Path
) -> None:
    assert where_too_large(settings, results(tmp_path, OVERFLOW, PAYMENTS), clock.now()) == (
        " The largest number that it reads stands in finance_payments, lcrca_2022-05.csv, row 4, "
        "column amount (-90000000000.00): look there first."
    )


@pytest.mark.parametrize(
    ("message", "reads"), [(OVERFLOW, VENDORS), ("Binder Error: no such column", PAYMENTS)]
)
def test_nothing_is_named_that_did_not_make_it_fail(
    sent: None, settings: Settings, tmp_path: Path, message: str, reads: str
) -> None:
    assert where_too_large(settings, results(tmp_path, message, reads), clock.now()) == ""


@pytest.mark.slow
def test_a_build_over_rows_that_an_earlier_version_let_in_names_the_row(
    sent: None, settings: Settings, postcodes: Path
) -> None:
    with open_scratch(settings) as connection, writing(settings, connection):
        connection.execute(
            "update warehouse.landed.finance_payments set amount = 9999999999999999.99 "
            "where supplier_name in ('Birch', 'Cedar')"
        )

    with pytest.raises(BuildFailed, match=r"lcrca_2022-05.csv, row 2, column amount \(9999999999"):
        build(settings.model_copy(update={"postcodes": postcodes}))
