"""A build in another engine: what all of them have in common."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec

from flows.common.errors import InputError
from flows.common.settings import Settings
from flows.modelling.build import prepare, workplace
from flows.modelling.dbt_runner import Workplace, at_work
from flows.modelling.node import Node
from flows.warehouse.store.chosen import store_of


class NotThere(InputError):
    """The engine cannot be had, or the models cannot be built where it was told to."""


@dataclass(frozen=True)
class BuiltElsewhere:
    """A build in another engine: where the tables are now, as of when, and every node of it."""

    place: str
    as_of: datetime
    nodes: list[Node]


@contextmanager
def at_work_for(settings: Settings, engine: str) -> Iterator[tuple[Workplace, list[int]]]:
    """A workplace of the engine's own, while nobody writes to the warehouse; and its locks."""
    prepare(settings)
    own = workplace(settings)
    work = Workplace(own.folder / engine, own.kept, own.reference, own.places)
    with at_work(work) as alone, store_of(settings).for_dbt() as shared:
        yield work, [alone, *shared]


def refuse_without(packages: Sequence[str], extra: str) -> None:
    """Raises NotThere where one of the engine's packages is not installed."""

    def lies_there(name: str) -> bool:
        try:
            return find_spec(name) is not None
        except ModuleNotFoundError:  # not even the package that it would be in
            return False

    if missing := [name for name in packages if not lies_there(name)]:
        raise NotThere(
            f"{' and '.join(missing)} cannot be found: "
            f"pip install 'social-value-warehouse[{extra}]'."
        )
