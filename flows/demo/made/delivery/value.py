"""Everything about social value that is sent in the two years, whoever sends it."""

from collections.abc import Iterator

from flows.demo.made.authority.delivery import Sending
from flows.demo.made.contracts.procurement import procurement_sendings
from flows.demo.made.delivery.progress import progress_sendings
from flows.demo.made.delivery.service_returns import service_sendings
from flows.demo.made.delivery.stories import story_sendings
from flows.demo.made.delivery.supplier_returns import supplier_sendings
from flows.demo.made.delivery.validations import validation_sendings


def value_sendings(seed: int) -> Iterator[Sending]:
    """Registers and commitments, suppliers' returns and what is decided on them, directorates'
    returns, progress and stories."""
    yield from procurement_sendings()
    yield from supplier_sendings(seed)
    yield from validation_sendings(seed)
    yield from service_sendings(seed)
    yield from progress_sendings()
    yield from story_sendings()
