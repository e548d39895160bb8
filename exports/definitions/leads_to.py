"""Where a row of a modelled table leads on to: the model behind `lineage/leads_to.yaml`."""

from pathlib import Path

from pydantic import Field

from exports.definitions.lineage import names_in, with_parameters
from flows.common.declarations import Declared, read_declared

PLACE = Path(__file__).resolve().parents[1] / "lineage" / "leads_to.yaml"


class Onward(Declared):
    """Which rows of a relation a row leads on to."""

    of: str = Field(pattern=r"^(marts|seeds)\.[a-z][a-z0-9_]*$", description="the relation")
    where: str = Field(description="SQL: which of its rows; {name} is a cell of the row before")

    @property
    def asks(self) -> set[str]:
        """The names in curly brackets."""
        return names_in(self.where)

    @property
    def sql(self) -> str:
        """The query, with a named parameter for each of those names."""
        return with_parameters(f"select * from {self.of} where {self.where}")


class LeadsTo(Declared):
    """Where rows lead on to, by the relation that they stand in."""

    leads_to: dict[str, list[Onward]]


def read_leads_to(path: Path = PLACE) -> dict[str, list[Onward]]:
    """Where rows lead on to, by relation. Raises DeclarationError."""
    return read_declared(path, LeadsTo).leads_to
