"""A made-up authority whose returns are as messy as real ones, and its run through the pipeline.

`deliveries(seed)` gives the files of the financial years 2021-22 and 2022-23 as they would arrive,
in time order. `made` knows nothing of the pipeline and uses the standard library alone, so that
what must come of the files can be worked out apart: `tests/oracle` of the repository does.
`python -m flows.demo FOLDER` writes the files, and a diary of when each arrives.

Suppliers, payments and people are invented. The postcodes are real (ONS Postcode Directory,
November 2025, Open Government Licence v3.0. Contains National Statistics data, OS data and Royal
Mail data, Crown copyright and database right), because a postcode must lead to its true local
authority; no supplier trades from them and no employee lives there. In the city region the deciles
of deprivation are those of the English Indices of Deprivation 2019 (Open Government Licence v3.0);
elsewhere they are invented.
"""

from pathlib import Path

from flows.demo.made.authority.delivery import Delivery
from flows.demo.made.deliveries import deliveries

__all__ = ["AUTHORITY", "Delivery", "deliveries"]
AUTHORITY = Path(__file__).parent / "authority"  # its own folder, as any authority has one
