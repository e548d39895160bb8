"""What a return must look like: the model behind `contracts/*.yaml`."""

import hashlib
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from flows.authority.declared_rows import Obligation, Retention
from flows.common.declarations import DeclarationError, Declared, read_declared, read_folder
from flows.common.periods import Kind
from flows.returns.column import Column, read_words, with_words
from flows.returns.layout import Layout, Layouts, plain

# By which another framework's code is read as a measure.
FRAMEWORK_SEEDS = {"framework_codes", "measure_aliases", "measure_frameworks", "measures"}


class Mistake(Declared):
    """Another kind of file that is sent in this one's place, known by its headers."""

    what: str = Field(description="what it is, and where it belongs")
    headers: list[str] = Field(min_length=2, description="all of these stand in its header")


class SenderRule(Declared):
    """Where the sender is read."""

    read_from: tuple[Literal["flag", "file_name"], ...] = ("flag", "file_name")


class PeriodRule(Declared):
    """For how long one return speaks, and where its period is read."""

    every: Kind
    read_from: list[Literal["flag", "column", "file_name"]]
    column: str | None = None
    own_share: float = Field(
        default=0.1,
        gt=0,
        le=1,
        description="a period with fewer rows than this share of the fullest one is a stray date",
    )


class Table(Declared):
    """One table of a file: which columns it has, and how a row of it is known."""

    title: str
    grain: str
    sheets: list[str] = Field(
        default_factory=list, description="words that its sheets are called by, of several tables"
    )
    money: str | None = Field(default=None, description="the column whose sum must not get lost")
    day_first: bool = True
    time_zone: str = Field(
        default="Europe/London", description="where an instant that says its zone has its day"
    )
    unknown_columns: Literal["report", "reject"] = "report"
    merged_cells: Literal["each row", "finding"] = Field(
        default="finding",
        description="of a text merged over rows of a workbook: it is that of each of them, or each"
        " row after the first is a finding; of a sum it is always a finding",
    )
    converts_currencies_on: str | None = Field(
        default=None,
        description="the date column by whose month sums in other currencies become pounds, at the"
        " rates of the seed `exchange_rates`; left out, and without a rate, such rows are left out",
    )
    totals_words: list[str] = Field(default_factory=list)
    columns: list[Column]
    layouts: list[Layout] = Field(default_factory=list)
    mistaken: list[Mistake] = Field(default_factory=list)

    @model_validator(mode="after")
    def _names_agree(self) -> "Table":
        names = [column.name for column in self.columns]
        made = [name for column in self.columns for name in [column.name, *column.becomes]]
        if len(set(made)) != len(made):
            raise ValueError("two columns have the same name")
        _ages_have_their_day(self.columns)
        wanted = [self.money] if self.money else []
        wanted += [name for layout in self.layouts for name in layout.named]
        wanted += [column.dug_from for column in self.columns if column.dug_from]
        if self.converts_currencies_on:
            wanted += [self.converts_currencies_on, "currency"]
        if missing := sorted(set(wanted) - set(names)):
            raise ValueError(f"no column is called {', '.join(missing)}")
        if (on := self.converts_currencies_on) and self.column(on).type != "date":
            raise ValueError(f"{on} is no date, by whose month a currency could be converted")
        seen: dict[str, str] = {}
        for column in self.columns:
            for alias in {plain(word) for word in [column.name, *column.aliases]}:
                if seen.setdefault(alias, column.name) != column.name:
                    raise ValueError(f"{alias!r} is an alias of {seen[alias]} and of {column.name}")
        return self

    def column(self, name: str) -> Column:
        """The column of that canonical name. Raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def required_columns(self) -> list[Column]:
        """The columns without which the table is rejected."""
        return [column for column in self.columns if column.required]

    @property
    def personal(self) -> list[str]:
        """The names of the columns whose values are never shown."""
        return [column.name for column in self.columns if column.privacy == "personal"]

    @property
    def is_of_people(self) -> bool:
        """Whether a row is a person: then none of its cells is ever shown."""
        return any(d.how == "keyed hash" for c in self.columns for d in c.becomes.values())

    def shows(self, column: Column) -> bool:
        """Whether a finding may show a cell of the column."""
        return column.privacy != "personal" and not self.is_of_people

    def is_called(self, sheet: str) -> bool:
        """Whether a sheet's name says that it holds this table."""
        return any(plain(word) in plain(sheet) for word in self.sheets)


class Also(Table):
    """A further table of the same file, on sheets of its own. Money is counted in the first."""

    name: str = Field(pattern=r"^[a-z][a-z_]*$")
    required: bool = Field(default=False, description="without its sheet the return is rejected")

    @model_validator(mode="after")
    def _has_sheets_and_no_money(self) -> "Also":
        if not self.sheets:
            raise ValueError("a further table says what its sheets are called by")
        if self.money is not None:
            raise ValueError("the money of a return is counted in its first table")
        return self


class Contract(Table):
    """One return: whose, for when, which columns, and what to do when the layout drifts."""

    return_name: str = Field(alias="return", pattern=r"^[a-z][a-z_]*$")
    version: str
    delivery: Literal["whole", "part"]
    sender: SenderRule = SenderRule()
    period: PeriodRule
    hidden_sheets: Literal["leave out", "refuse", "read"] = Field(
        default="leave out", description="what becomes of sheets that the sender does not see"
    )
    open_contracting: bool = Field(
        default=False, description="also comes as open contracting data: OCDS releases or records"
    )
    retention: Retention | None = Field(
        default=None, exclude=True, description="how long it is kept, where seed retention says not"
    )
    obligations: list[Obligation] = Field(
        default_factory=list, exclude=True, description="who owes it, beside seed obligations"
    )
    also: list[Also] = Field(
        default_factory=list, description="further tables of the same file, on sheets of their own"
    )

    @model_validator(mode="after")
    def _period_has_its_column(self) -> "Contract":
        if self.period.column and self.period.column not in [c.name for c in self.columns]:
            raise ValueError(f"no column is called {self.period.column}")
        if len({one.name for one in self.also}) != len(self.also):
            raise ValueError("two further tables have the same name")
        return self

    @property
    def further(self) -> dict[str, Also]:
        """The further tables by the names that their rows land under."""
        return {f"{self.return_name}_{one.name}": one for one in self.also}

    @property
    def tables(self) -> dict[str, Table]:
        """Every table of a file by the name that its rows land under, the return's own first."""
        return {self.return_name: self, **self.further}

    @property
    def has_personal(self) -> bool:
        """Whether any of the file's tables has a personal column."""
        return any(table.personal for table in self.tables.values())

    @property
    def seeds(self) -> set[str]:
        """The seeds that its rows are read by."""
        tables = self.tables.values()
        converts = any(table.converts_currencies_on for table in tables)
        codes = any(one.reads_framework_codes for table in tables for one in table.columns)
        return ({"exchange_rates"} if converts else set()) | (FRAMEWORK_SEEDS if codes else set())

    @property
    def text(self) -> str:
        """Everything the contract says, as JSON."""
        return self.model_dump_json()

    @property
    def digest(self) -> str:
        """The SHA-256 of that text; it changes when the contract does."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def _ages_have_their_day(columns: list[Column]) -> None:
    days = {c.name for c in columns if c.type == "date" and c.privacy != "personal"}
    for column in columns:
        for name, derived in column.becomes.items():
            if derived.at is not None and derived.at not in days:
                raise ValueError(f"{name} is reckoned at {derived.at}, which is no date column")


def _further_layouts(contract: Contract, folder: Path) -> list[Layout]:
    """The library's layouts of the return, in the folder beside the contracts'."""
    path = folder.parent / "layouts" / f"{contract.return_name}.yaml"
    if not path.exists():
        return []
    layouts = read_declared(path, Layouts).layouts
    named = {name for layout in layouts for name in layout.named}
    if missing := sorted(named - {column.name for column in contract.columns}):
        raise DeclarationError(f"{path}, line 1: no column is called {', '.join(missing)}.")
    return layouts


def read_contracts(folder: Path, seeds: Path | None = None) -> dict[str, Contract]:
    """Every contract in `folder`, by the return's name. Raises DeclarationError.

    With the layouts of the library, and with the standard words of the folder `seeds`.
    """
    contracts: dict[str, Contract] = {}
    words = read_words(seeds) if seeds else {}
    for contract in read_folder(folder, Contract, "return_name"):
        contracts[contract.return_name] = contract.model_copy(
            update={
                "columns": [with_words(column, words) for column in contract.columns],
                "layouts": [*contract.layouts, *_further_layouts(contract, folder)],
            }
        )
    if not contracts:
        raise DeclarationError(f"{folder}: holds no contract.")
    return contracts
