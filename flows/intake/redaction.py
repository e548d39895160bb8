"""What a fault may say while rows of people are at hand: what failed and where, never a cell."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from flows.common.errors import SocialValueError
from flows.returns.contract import Contract

# They speak of our own SQL before it meets a row.
OF_OUR_SQL = (duckdb.ParserException, duckdb.CatalogException, duckdb.BinderException)


class HiddenFault(SocialValueError):
    """The system failed, and what it said is not repeated."""


@contextmanager
def no_cells_in_faults(contract: Contract) -> Iterator[None]:
    """Let no fault of another's making out that may quote a cell of a return with people.

    Faults of this software's own classes, and those of files, say nothing of cells and pass; what a
    library calls its own does not matter. Raises HiddenFault.
    """
    try:
        yield
    except Exception as error:
        quotes_nothing = isinstance(error, (SocialValueError, OSError, *OF_OUR_SQL))
        if quotes_nothing or not contract.has_personal:
            raise
        raise HiddenFault(_sentence(error, contract)) from None


def _sentence(error: Exception, contract: Contract) -> str:
    if isinstance(error, duckdb.OutOfMemoryException):
        return (
            f"Memory is short for a file of {contract.return_name}, which may have people and is "
            "never put on disk: raise SOCIAL_VALUE_MEMORY_LIMIT and run this again."
        )
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"The system failed on a file of {contract.return_name} ({type(error).__name__} in "
        f"{Path(frame.filename).name}, line {frame.lineno}); what it said is not shown, as it may "
        "quote a cell: keep the file, and ask who looks after the software."
    )
