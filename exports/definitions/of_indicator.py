"""A table of an indicator: a row a part of a breakdown, a column a figure; no model is written."""

from typing import Any

from pydantic import Field

from flows.common.declarations import Declared

# What is said of a row's values: how many returns they rest on, and how they stand.
ABOUT = {"n_reporting": "integer", "n_expected": "integer", "status": "varchar"}


class OfIndicator(Declared):
    """Which figures of an indicator a table holds, quarter by quarter."""

    indicator: str = Field(pattern=r"^[A-Z][A-Z0-9]*$")
    breakdown: str = Field(
        default="",
        pattern=r"^([a-z][a-z0-9_]*)?$",
        description="the breakdown whose parts are the rows, and the column that names them",
    )
    figures: dict[str, str] = Field(
        min_length=1, description="columns with a value, each with the basis that it is of"
    )

    @property
    def columns(self) -> dict[str, str]:
        """The columns that its publication model has, with their types."""
        return {
            "quarter": "varchar",
            **({self.breakdown: "varchar"} if self.breakdown else {}),
            **dict.fromkeys(self.figures, "decimal(24,6)"),
            **ABOUT,
        }


def with_lineage(told: dict[str, Any], of: OfIndicator) -> dict[str, Any]:
    """A table's declaration with the model made for it, and by what its cells are traced."""
    source = f"pub_{told.get('name')}"
    columns = [
        {"traces": _traces(of, str(column.get("name"))), **column}
        if isinstance(column, dict)
        else column
        for column in told.get("columns") or []
    ]
    return {**told, "source": source, "columns": columns}


def _traces(of: OfIndicator, column: str) -> dict[str, str] | None:
    if column == "quarter":
        return {"rule": "the release"}
    if column and column == of.breakdown:
        return {"rule": "names the row"}
    if column not in of.columns:
        return None
    basis = of.figures.get(column) or next(iter(of.figures.values()))
    part = f"{{{of.breakdown}}}" if of.breakdown else "''"
    return {
        "rule": "value of an indicator",
        "of": "marts.fct_indicator_values",
        "value": f"any_value({column if column in ABOUT else 'value'})",
        "where": f"indicator_id = '{of.indicator}' and basis = '{basis}' "
        "and period_kind = 'quarter' and period = {quarter} "
        f"and breakdown = '{of.breakdown}' and breakdown_value = {part}",
    }
