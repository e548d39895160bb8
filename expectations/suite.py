"""The model behind `suites/*.yaml`: what must be true of a return, and what happens if not."""

import hashlib
import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Literal

from pydantic import Field, JsonValue, model_validator

from flows.common.declarations import DeclarationError, Declared, read_declared
from flows.common.errors import SocialValueError

Severity = Literal["reject", "quarantine", "block release", "warn"]
Dimension = Literal[
    "accuracy", "completeness", "uniqueness", "consistency", "timeliness", "validity"
]
FixedBy = Literal["sender", "us"]
Row = dict[str, str | int | float | bool | date | None]
BUILT_IN = "built_in.yaml"
_SEED = re.compile(r"\bseeds\.([a-z_]+)")


class JudgeError(SocialValueError):
    """The judge itself failed: a rule is not SQL, or the two counts differ."""


class RuleHead(Declared):
    """What every rule says of itself, whoever looks for it."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    version: int = Field(ge=1)
    severity: Severity | Literal["hold"]
    dimension: Dimension
    fixed_by: FixedBy
    owner: str
    because: str = Field(description="one plain sentence that the one who must fix it can act on")


class BuiltInRule(RuleHead):
    """A rule that reading or keeping a return looks for itself: code names it by its id.

    `message`: what one finding says, where that is more than `because`; code fills in {braces}.
    """

    message: str = ""
    message_of_formula: str = ""
    message_of_merged: str = ""

    def says(self, **values: object) -> str:
        """What a finding of this case says."""
        return (self.message or self.because).format(**values)


class Rule(RuleHead):
    """One expectation: one of Great Expectations' own, or an SQL condition that bad rows meet."""

    severity: Severity
    expectation: str | None = Field(default=None, description="a class of Great Expectations")
    kwargs: dict[str, JsonValue] = Field(default_factory=dict)
    fails_when: str | None = Field(default=None, description="SQL, true of a bad row")
    applies_when: str = Field(default="true", description="SQL, true of a row it speaks of")
    column: str | None = Field(default=None, description="the column a finding points to")
    hides_value: bool = Field(
        default=False, description="a finding never shows the cell, as it may speak of a person"
    )
    shows: str | None = Field(
        default=None, description="across returns: SQL for what a finding shows; else its column"
    )
    fails_on: list[Row | list[Row]] = Field(
        default_factory=list,
        description="examples: what a bad row below the good row says differently; a list is of "
        "rows that are bad beside each other",
    )
    passes_on: list[Row | list[Row]] = Field(
        default_factory=list, description="the same of rows that must pass"
    )

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> "Rule":
        if (self.expectation is None) == (self.fails_when is None):
            raise ValueError("say either `expectation` or `fails_when`")
        if self.expectation is not None and self.applies_when != "true":
            raise ValueError("`applies_when` goes with `fails_when`")
        return self

    @property
    def speaks_of(self) -> str:
        """SQL, true of the rows that the rule applies to: Great Expectations passes over nulls."""
        if self.expectation in (None, "ExpectColumnValuesToNotBeNull"):
            return self.applies_when
        named = [self.kwargs.get(word) for word in ("column", "column_A", "column_B")]
        filled = [f'"{name}" is not null' for name in named if name]
        return " and ".join(filled) or "true"

    @property
    def points_to(self) -> str | None:
        """The column a finding of this rule points to."""
        column = self.column or self.kwargs.get("column")
        return column if isinstance(column, str) else None


class Suite(Declared):
    """The rules of one return, or of several returns beside each other."""

    suite: str
    version: str
    batch: str | None = Field(
        default=None, description="across returns: the SQL that makes the rows to judge"
    )
    needs: list[str] = Field(
        default_factory=list,
        description="across returns: the landed tables without which it has nothing to say",
    )
    good_row: Row = Field(
        default_factory=dict,
        description="a row that every rule passes: examples stand below it",
    )
    rules: list[Rule]

    @model_validator(mode="after")
    def _ids_differ(self) -> "Suite":
        ids = [rule.id for rule in self.rules]
        if len(set(ids)) != len(ids):
            raise ValueError("two rules have the same id")
        allowed = ("block release", "warn") if self.batch else ("reject", "quarantine", "warn")
        for rule in self.rules:
            if rule.severity not in allowed:
                raise ValueError(f"{rule.id}: the severity here is one of {', '.join(allowed)}")
        return self

    @property
    def seeds(self) -> list[str]:
        """The seeds that its SQL asks, as `seeds.<name>`."""
        texts = [self.batch or "", *(f"{r.applies_when} {r.fails_when}" for r in self.rules)]
        return sorted({name for text in texts for name in _SEED.findall(text)})

    @property
    def can_judge_together(self) -> bool:
        """Whether several files may be one batch: no rule compares rows of different files."""
        compares = [
            rule
            for rule in self.rules
            if "Unique" in (rule.expectation or "")
            or "{batch}" in f"{rule.applies_when} {rule.fails_when}"
        ]
        return all("_file" in (rule.fails_when or "") for rule in compares)

    @property
    def text(self) -> str:
        """Everything the suite says, as JSON, but for its examples: they decide nothing."""
        examples = {"fails_on", "passes_on"}
        return self.model_dump_json(exclude={"good_row": True, "rules": {"__all__": examples}})

    @property
    def digest(self) -> str:
        """The SHA-256 of that text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class BuiltInSuite(Declared):
    """The rules that need no suite of a return: they hold of every file."""

    suite: Literal["built_in"]
    version: str
    rules: list[BuiltInRule]


@cache
def built_in_rules() -> dict[str, BuiltInRule]:
    """The built-in rules by their ids: part of the code, so of no folder of suites."""
    with as_file(files("expectations") / "suites" / BUILT_IN) as path:
        return {rule.id: rule for rule in read_declared(path, BuiltInSuite).rules}


def digest_of(suites: Sequence[Suite]) -> str:
    """A hash of everything that the suites of one return's tables say."""
    if len(suites) == 1:
        return suites[0].digest
    return hashlib.sha256("".join(suite.digest for suite in suites).encode()).hexdigest()


def read_suites(folder: Path) -> dict[str, Suite]:
    """Every suite of a table in `folder`, by name. Raises DeclarationError."""
    suites: dict[str, Suite] = {}
    for path in sorted(set(folder.glob("*.yaml")) - {folder / BUILT_IN}):
        suite = read_declared(path, Suite)
        if suite.suite != path.stem:
            raise DeclarationError(
                f"{path}, line 1: the file is called {path.stem} and speaks of {suite.suite}."
            )
        suites[suite.suite] = suite
    return suites
