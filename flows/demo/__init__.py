"""A made-up authority whose returns are as messy as real ones, and what its figures must be.

`deliveries(seed)` gives the files of the financial years 2021-22 and 2022-23 as they would arrive,
in time order; `truth(seed)` gives the figures that must come of them, worked out from what was made
up in plain Decimal; `faults(seed)` says which file and row holds which planted fault. The package
knows nothing of the pipeline and uses the standard library alone, so that its truth is independent.
`python -m flows.demo FOLDER` writes the files, and a diary of when each arrives.

Suppliers, payments and people are invented. The postcodes are real (ONS Postcode Directory,
November 2025, Open Government Licence v3.0. Contains National Statistics data, OS data and Royal
Mail data, Crown copyright and database right), because a postcode must lead to its true local
authority; no supplier trades from them and no employee lives there. In the city region the deciles
of deprivation are those of the English Indices of Deprivation 2019 (Open Government Licence v3.0);
elsewhere they are invented.
"""

from flows.demo.made.authority.delivery import Delivery
from flows.demo.made.deliveries import deliveries

__all__ = ["Delivery", "deliveries"]
