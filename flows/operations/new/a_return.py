"""A return of an authority's own: a contract and a suite; or its layout of one that ships."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from expectations.suite import Suite
from flows.authority.declaration import read_authority
from flows.authority.places import SHIPPED, definitions_of
from flows.common import clock
from flows.common.declarations import Declared, parse_declared
from flows.common.errors import InputError
from flows.common.periods import Kind, period_of, read_period
from flows.common.settings import Settings
from flows.operations.new.columns import EXAMPLES, FIRST, Drafted, columns_in
from flows.operations.new.written import Begun, checked, own_rows, write_new
from flows.returns.contract import Contract
from flows.returns.templates.write import draft_from

CONTRACT = """# What a file of this return looks like (docs/adopting.md, *A return of your own*).
return: {name}
version: "1.0"
title: {title}
grain: {grain}
delivery: whole  # `part`: several files make one period
period: {{every: {every}, read_from: [flag, file_name]}}
{money}# How long it is kept, and by what law or decision: ask whoever keeps your schedule.
retention:
  keep_originals_months: 84
  authority: "Limitation Act 1980 section 5: six years and the current one"
  recorded_on: {since}
# Who owes it, from which period on, and how many days after the period's end.
obligations:
  - {{sender: {sender}, first_period: {first}, due_days_after_end: 30, recorded_on: {since}}}
# `required` says that the heading must be there; a rule of the suite says that a cell must. A
# column that speaks of a person is `privacy: personal`; `one_of` names the words allowed.
columns:
{columns}
"""
SUITE = """# What must be true of each row; its examples hold each rule to it (docs/rules.md).
suite: {name}
version: "1.0"
good_row: {{{good}}}
rules:
{rules}
"""
GIVEN = """  - id: {column}_is_given
    version: 1
    expectation: ExpectColumnValuesToNotBeNull
    kwargs: {{column: {column}}}
    severity: quarantine  # or `reject` the file, or `warn`
    dimension: completeness
    fixed_by: sender
    owner: Whoever answers for the return
    because: The row has no {words}; give it.
    fails_on: [{{{column}: null}}]
    passes_on: [{{{column}: {value}}}]"""
NOT_NEGATIVE = """  - id: {column}_is_not_negative
    version: 1
    fails_when: {column} < 0
    column: {column}
    severity: quarantine
    dimension: validity
    fixed_by: sender
    owner: Whoever answers for the return
    because: The row has less than nought in {words}; correct it.
    fails_on: [{{{column}: -1}}]
    passes_on: [{{{column}: 0}}]"""
LAYOUT = """# {sender}'s own headings of a return that ships; the rest is as it ships.
extends: {name}
layouts:
{layout}"""


def new_return(
    folder: Path,
    name: str,
    settings: Settings,
    file: Path | None = None,
    every: Kind = "quarter",
    sender: str = "",
) -> Begun:
    """Write contract and suite; `file`: whose headings are its columns.

    Of a return that ships the contract is its layout alone. Raises InputError, Rejected.
    """
    owner = sender or _first_sender(folder)
    with TemporaryDirectory(prefix="new-") as aside:  # a look at a file begins no home
        settings = settings.model_copy(update={"home": Path(aside)})
        if (SHIPPED["contracts"] / f"{name}.yaml").is_file():
            return _layout(folder, name, file, owner, settings)
        columns = columns_in(file, settings) if file else FIRST
    since = _since(folder, every)
    title = checked(name).replace("_", " ").capitalize()
    money = next((column.name for column in columns if column.type == "money"), "")
    contract = CONTRACT.format(
        name=name,
        title=title,
        grain="a row of the file",
        every=every,
        money=f"money: {money}\ntotals_words: [total, grand total]\n" if money else "",
        since=since.isoformat(),
        sender=owner,
        first=period_of(since, every).label,
        columns="\n".join(column.text for column in columns),
    )
    texts: dict[str, tuple[str, type[Declared] | None]] = {
        f"contracts/{name}.yaml": (contract, Contract),
        f"suites/{name}.yaml": (_suite(name, columns), Suite),
    }
    next_steps = [
        f"In contracts/{name}.yaml say what a row is (grain), what each column means, who owes the"
        " return since when, and how long it is kept.",
        f"In suites/{name}.yaml say what must be true of a row.",
        f"An indicator over it begins with social-value new indicator {name} --of {name}.",
    ]
    return Begun(write_new(folder, texts), next_steps)


def _suite(name: str, columns: Sequence[Drafted]) -> str:
    must = [column for column in columns if column.required] or columns[:1]
    numbers = [column for column in columns if column.type in ("number", "money")]
    told = [(GIVEN, column) for column in must] + [(NOT_NEGATIVE, column) for column in numbers]
    rules = [
        text.format(
            column=column.name,
            words=column.name.replace("_", " "),
            value=EXAMPLES[column.type],
        )
        for text, column in told
    ]
    good = ", ".join(f"{column.name}: {EXAMPLES[column.type]}" for column in columns)
    return SUITE.format(name=name, good=good, rules="\n".join(rules))


def _layout(folder: Path, name: str, file: Path | None, sender: str, settings: Settings) -> Begun:
    if file is None:
        raise InputError(
            f"{name} ships: --from FILE drafts the layout of a file with other headings, and"
            " without one another name makes another return."
        )
    content = definitions_of(folder)[f"contracts/{name}.yaml"].decode("utf-8")
    contract = parse_declared(content, f"contracts/{name}.yaml", Contract)
    draft = draft_from(file, contract, sender, settings)
    text = LAYOUT.format(sender=sender, name=name, layout=_indented(draft))
    path = f"contracts/{name}.yaml"
    written = write_new(folder, {path: (text, None)})  # a draft has questions: `check` reads it
    return Begun(
        written,
        [
            f"In {path} check each guess and answer each question; day_first, one_of and more"
            " of the contract can be said there too.",
            f"social-value ingest FILE --return {name} --explain says how it reads.",
        ],
    )


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.splitlines())


def _first_sender(folder: Path) -> str:
    employers = own_rows(folder, "employers")
    return employers[0]["employer_id"] if employers else read_authority(folder).id


def _since(folder: Path, every: Kind) -> date:
    """The first day of the first period that anything is owed for; else of this one."""
    owed = [read_period(row["first_period"]).first_day for row in own_rows(folder, "obligations")]
    return period_of(min(owed, default=clock.now().date()), every).first_day
