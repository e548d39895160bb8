"""What a published table is: the model behind `tables/*.yaml`."""

import re
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from exports.definitions.disclosure import Disclosure
from exports.definitions.lineage import Lineage
from exports.definitions.of_indicator import OfIndicator, with_lineage
from flows.common.declarations import DeclarationError, Declared, read_folder

ColumnType = Literal["text", "integer", "number", "date", "moment", "boolean"]
Missing = Literal["not available", "not applicable"]
LOW = "[low]"
CONFIDENTIAL = "[c]"
SYMBOLS: dict[str, str] = {
    "not available": "[x]",
    "not applicable": "[z]",
    "hidden": CONFIDENTIAL,
}
MEANINGS: dict[str, str] = {
    "[x]": "Not available: the figure cannot be given because what it needs was not received.",
    "[z]": "Not applicable: no figure can exist here.",
    CONFIDENTIAL: "Confidential: the figure is hidden, to protect the people counted in it.",
    LOW: "Low: the figure is shown as 0 because it rounds to 0, but it is not 0.",
}
_UNIT_WORDS = {"GBP": "£", "per cent": "%"}
_NAME = r"^[a-z][a-z0-9_]*$"
_ESTIMATES = ("low", "central", "high")


class ColumnDefinition(Declared):
    """A column of a published table: where it comes from and how it is shown."""

    name: str = Field(pattern=_NAME, description="the header in CSV and Parquet")
    label: str = Field(description="the header in the workbook, without the unit")
    type: ColumnType
    meaning: str = Field(description="one sentence for the reader")
    source: str | None = Field(
        default=None, description="the column of the publication model, if its name differs"
    )
    unit: str | None = Field(default=None, description="GBP, per cent, days, payments ...")
    unit_in: str | None = Field(
        default=None, description="the column of the publication model that names each row's unit"
    )
    decimals: int | None = Field(
        default=None, ge=0, le=6, description="a number is rounded to this many, half away from 0"
    )
    decimals_by_unit: dict[str, int] = Field(
        default_factory=dict, description="decimals for the units that `unit_in` names"
    )
    times: Literal[1, 100] = Field(default=1, description="100 shows a share as a percentage")
    words: dict[str, str] = Field(
        default_factory=dict, description="published words for values that read badly as they are"
    )
    reads: dict[str, str] = Field(
        default_factory=dict, description="how values read on pages; files keep them as they are"
    )
    reads_as: Literal["month", "words", "sender", "figure"] | None = Field(
        default=None,
        description="on pages, a month 2022-04 reads as April 2022, or a_name as A name; a sender"
        " as the supplier that contracts name, a basis as the figure that definitions name",
    )
    on_pages: bool = Field(
        default=True, description="false: a code that pages leave to files, for others say it"
    )
    when_missing: Missing | None = Field(
        default=None, description="why there may be no value; left out, there must be one"
    )
    missing_where: dict[Literal["not applicable", "hidden"], dict[str, list[str]]] = Field(
        default_factory=dict,
        description="another reason, where these columns have one of these texts ('' is none)",
    )
    note: str | None = Field(default=None, description="a note that the header points to")
    forgets: bool = Field(
        default=False,
        description="a person's own words: what an earlier revision said no later one repeats",
    )
    traces: Lineage | None = Field(
        default=None, description="the named rule by which a cell is followed further"
    )

    @model_validator(mode="after")
    def _fits_its_type(self) -> "ColumnDefinition":
        if (self.type == "number") != (self.decimals is not None):
            raise ValueError("a number states its decimals, and only a number does")
        if (self.decimals_by_unit or self.times != 1) and self.type != "number":
            raise ValueError("only a number has decimals_by_unit or times")
        if (self.words or self.reads or self.reads_as) and self.type != "text":
            raise ValueError("only text has words, or reads otherwise")
        if self.unit and self.unit_in:
            raise ValueError("a column has a unit or a column that names it, not both")
        if self.decimals_by_unit and not self.unit_in:
            raise ValueError("decimals_by_unit needs unit_in")
        return self

    @property
    def header(self) -> str:
        """The header in the workbook: the label and, where the label does not say it, the unit."""
        unit = _UNIT_WORDS.get(self.unit or "", self.unit or "")
        return f"{self.label} ({unit})" if unit and unit not in self.label.lower() else self.label

    @property
    def scale(self) -> int:
        """The most decimals a number of the column has."""
        return max([self.decimals or 0, *self.decimals_by_unit.values()])


class Order(Declared):
    """A column to sort by: its values as they are, or in the order listed."""

    column: str = Field(description="a column of the publication model")
    descending: bool = False
    values: list[str] = Field(default_factory=list, description="the order, if not the alphabet's")


class Chart(Declared):
    """Bars of some of a table's figures, for the pages, or of each row what is estimated of its
    figure, with the range; the table stands beside it."""

    # Releases keep their definitions, and are made again by them: early ones asked for lines too,
    # which `over_time` has taken the place of.
    kind: Literal["bars", "lines", "estimates"] = "bars"
    series: str | None = None
    title: str
    rows: dict[str, list[str]] = Field(
        default_factory=dict,
        description="columns, and the values of the rows it shows; {period} is the release's",
    )
    label: str = Field(description="the column that names a bar")
    value: str = Field(description="the column with the figure")
    between: list[str] = Field(
        default_factory=list,
        max_length=3,
        description="of estimates the columns with the low, the central and the high one",
    )


class OverTime(Declared):
    """How a table's figures are followed from quarter to quarter on the pages of its indicators."""

    value: str = Field(description="the column with the figure")
    basis: str | None = Field(default=None, description="the column that tells figures apart")
    target: str | None = Field(
        default=None,
        description="the column with the target; more is better, or a column `direction` says",
    )
    claimed: str | None = Field(
        default=None,
        description="the column with what is claimed, where `value` is what was validated of it"
        " (else the row whose basis says claimed)",
    )
    rule: list[str] = Field(
        default_factory=list, description="columns: another text in them is a break in the series"
    )
    parts: str | None = Field(default=None, description="the column that breaks a figure down")
    rows: dict[str, list[str]] = Field(
        default_factory=dict, description="columns and texts of its rows; {period} is the quarter"
    )
    says: str = Field(default="", description="what the figure of a part is, after the part's name")
    above_nought: str = Field(default="", description="what a figure above 0 means, as a sentence")
    below_nought: str = Field(default="", description="what a figure below 0 means, as a sentence")


class Card(Declared):
    """A figure of a table's first row that stands large on the pages of its indicators."""

    says: str = Field(description="what the figure is")
    value: str = Field(description="the column with the figure")
    target: str | None = Field(default=None, description="the column with its target")


class TableDefinition(Declared):
    """A published table: what it shows, from which publication model, for which publications."""

    name: str = Field(pattern=_NAME)
    number: int = Field(
        ge=1, description="its place among the others; a publication numbers its tables from 1"
    )
    title: str
    sheet: str = Field(max_length=25, description="the worksheet's name")
    source: str = Field(
        default="", pattern=r"^pub_[a-z0-9_]+$", description="a model of schema publication"
    )
    of: OfIndicator | None = Field(
        default=None, description="figures of an indicator, in the place of a model of its own"
    )
    publications: list[Literal["quarterly", "annual"]] = Field(min_length=1)
    period_column: Literal["quarter", "year"] = Field(
        default="quarter",
        description="the column of the publication model with the period that rows are published"
        " for; an Annual Review shows a table of quarters as at the year's last one",
    )
    about: str = Field(description="what one row is, and what the reader must know first")
    empty: str = Field(description="the sentence that stands for the table when it has no rows")
    only_with_rows: bool = Field(
        default=False,
        description="without rows the table is left out: it needs what an authority may not have",
    )
    key: list[str] = Field(min_length=1, description="the columns that together name one row")
    order_by: list[str | Order] = Field(min_length=1)
    row_named_by: list[str] = Field(
        default_factory=list,
        description="the columns that name a row on pages, in one cell: the first large, the others"
        " in a muted tail; the first of the key, if none",
    )
    grouped_by: list[str] = Field(
        default_factory=list,
        description="on its page rows stand in groups, each under these columns: a title and codes",
    )
    notes: list[str] = Field(default_factory=list, description="notes the title points to")
    columns: list[ColumnDefinition] = Field(min_length=1)
    topic: str = Field(default="Figures", description="the heading under which the pages list it")
    indicators: list[str] = Field(
        default_factory=list, description="the indicators on whose pages it stands"
    )
    charts: list[Chart] = Field(default_factory=list)
    over_time: OverTime | None = None
    card: Card | None = None
    disclosure: Disclosure | None = Field(
        default=None, description="how the people counted in the table are protected"
    )

    @model_validator(mode="before")
    @classmethod
    def _of_an_indicator(cls, told: Any) -> Any:
        if not isinstance(told, dict) or bool(told.get("of")) == bool(told.get("source")):
            raise ValueError("a table has a source, or figures that it is of; not both")
        return (
            told
            if told.get("source")
            else with_lineage(told, OfIndicator.model_validate(told["of"]))
        )

    @model_validator(mode="after")
    def _has_what_it_is_of(self) -> "TableDefinition":
        if self.of and self.period_column != "quarter":
            raise ValueError("a table of an indicator is one of quarters")
        names = {column.source or column.name for column in self.columns}
        if self.of and (unknown := sorted(names - set(self.of.columns))):
            raise ValueError(f"of: there is no {', '.join(unknown)}")
        return self

    @model_validator(mode="after")
    def _names_agree(self) -> "TableDefinition":
        for what in ("name", "header"):
            seen = [getattr(column, what).lower() for column in self.columns]
            if len(set(seen)) != len(seen):
                raise ValueError(f"two columns have the same {what}")
        named = {*self.key, *self.row_named_by, *self.grouped_by}
        if unknown := sorted(named - {column.name for column in self.columns}):
            raise ValueError(f"no column is called {', '.join(unknown)}")
        if self.period_column == "year" and "quarterly" in self.publications:
            raise ValueError("a table of years cannot stand in a quarterly report")
        if re.search(r"[\[\]:*?/\\']", self.sheet):
            raise ValueError("a worksheet's name cannot hold [ ] : * ? / \\ or '")
        return self

    @model_validator(mode="after")
    def _charts_fit(self) -> "TableDefinition":
        types = {column.name: column.type for column in self.columns}
        for chart in self.charts:
            used = [*chart.rows, chart.label, chart.value, *chart.between]
            if (chart.kind == "estimates") != (len(chart.between) == len(_ESTIMATES)):
                raise ValueError(f"chart: estimates, and they alone, are {', '.join(_ESTIMATES)}")
            if unknown := sorted(set(used) - set(types)):
                raise ValueError(f"chart: no column is called {', '.join(unknown)}")
            if types[chart.value] not in ("integer", "number"):
                raise ValueError(f"chart: {chart.value} holds no figures")
        if over := self.over_time:
            named = [over.value, over.basis, over.target, over.parts, *over.rule, *over.rows]
            if unknown := sorted({one for one in named if one} - set(types)):
                raise ValueError(f"over_time: no column is called {', '.join(unknown)}")
        return self

    @model_validator(mode="after")
    def _disclosure_fits(self) -> "TableDefinition":
        if self.disclosure is None:
            return self
        texts = {column.name for column in self.columns}
        if unknown := sorted(self.disclosure.keying - texts):
            raise ValueError(f"disclosure: no column is called {', '.join(unknown)}")
        worked_out = [one for one in self.disclosure.percentages if not one.statutory]
        made_of = {one for of in worked_out for one in (of.numerator, of.denominator)}
        made_of |= {one for of in self.disclosure.ratios for one in (of.numerator, of.denominator)}
        if unseen := sorted(made_of - texts):
            raise ValueError(f"{', '.join(unseen)}: a percentage is of columns that are shown")
        sources = {c.source or c.name for c in self.columns if c.name in self.disclosure.protected}
        orders = {one if isinstance(one, str) else one.column for one in self.order_by}
        if known := sorted(sources & orders):
            raise ValueError(f"rows in the order of {', '.join(known)} would tell what it hides")
        return self


def every_table(folder: Path) -> list[TableDefinition]:
    """The tables of every publication, by name. Raises DeclarationError."""
    return read_folder(folder, TableDefinition)


def read_tables(publication: str, folder: Path) -> list[TableDefinition]:
    """The tables of that publication, numbered in their order. Raises DeclarationError."""
    tables = [table for table in every_table(folder) if publication in table.publications]
    for what in ("number", "sheet", "title"):
        values = [getattr(table, what) for table in tables]
        if twice := sorted({str(value) for value in values if values.count(value) > 1}):
            raise DeclarationError(f"{folder}: two tables have the {what} {', '.join(twice)}.")
    if not tables:
        raise DeclarationError(f"{folder}: holds no table of the publication {publication!r}.")
    ordered = sorted(tables, key=lambda table: table.number)
    return [
        table.model_copy(update={"number": place}) for place, table in enumerate(ordered, start=1)
    ]
