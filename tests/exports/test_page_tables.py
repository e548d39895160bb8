"""Tables on pages: a row headed by its name, codes in a muted tail, long texts in groups."""

from dataclasses import replace
from decimal import Decimal

from exports.definitions.table import TableDefinition
from exports.edition.facts import Edition
from exports.figures.cell import Cell
from exports.figures.selection import Selection
from exports.site.names import Names, names_of
from exports.site.views import TableView, table_view
from tests.support.exports_made import make_facts

NAMES = Names(
    senders={"s400101": "Total Tidewater Lifts Limited"},
    figures={("C06", "with-commitment"): "With a social-value commitment"},
)


def column(name: str, kind: str = "text", **said: object) -> dict[str, object]:
    return {"name": name, "label": name, "type": kind, "meaning": f"The {name}", **said}


def selection(**said: object) -> Selection:
    table = TableDefinition.model_validate(
        {
            "name": "made", "number": 1, "title": "Made", "sheet": "Made", "source": "pub_made",
            "publications": ["quarterly"], "about": "One row is made.", "empty": "None.",
            "key": ["indicator_id", "basis"], "order_by": ["indicator_id"],
            "columns": [
                column("indicator_id"),
                column("title"),
                column("basis", reads_as="figure"),
                column("rule"),
                column("sender", reads_as="sender"),
                column("hidden", on_pages=False),
                column("value", "integer"),
            ],
            **said,
        }
    )  # fmt: skip
    rows = [
        ("C06", "Contracts", "with-commitment", "r" * 100, "s400101", "slug-1", 3),
        ("C06", "Contracts", "another", "r" * 100, "head-of-people", "slug-2", 4),
        ("C07", "Deliveries", "another", "None", "s400102", "slug-3", 5),
    ]
    return Selection(table, tuple(tuple(map(Cell, row)) for row in rows))


def view(**said: object) -> TableView:
    return table_view(Edition(make_facts(), 1, "final", []), selection(**said), NAMES)


def test_a_row_is_headed_by_its_name_with_the_rest_in_a_muted_tail() -> None:
    made = view(row_named_by=["title", "basis", "indicator_id"])
    assert [one.text for one in made.headers] == ["title", "value", "rule", "sender"]
    heads = [cells[0] for _, cells in made.rows]
    assert [(one.text, one.tail) for one in heads] == [
        ("Contracts", "With a social-value commitment, C06"),
        ("Contracts", "Another, C06"),
        ("Deliveries", "Another, C07"),
    ]
    assert [one.is_row_header for one in made.rows[0][1]] == [True, False, False, False]


def test_a_sender_is_a_supplier_by_name_where_contracts_name_it_and_others_are_words() -> None:
    senders = [
        (cells[3].text, cells[3].tail)
        for _, cells in view(row_named_by=["title", "basis", "indicator_id"]).rows
    ]
    assert senders == [
        ("Total Tidewater Lifts Limited", "s400101"),
        ("Head of people", ""),
        ("s400102", ""),
    ]


def test_a_withheld_name_names_no_sender() -> None:
    made = selection()
    called = {"title": "supplier", "sender": "sends_as"}
    columns = [
        one.model_copy(update={"name": called.get(one.name, one.name)})
        for one in made.table.columns
    ]
    table = made.table.model_copy(update={"columns": columns})
    first, *others = made.rows
    withheld = tuple(Cell(None, "[z]") if n == 4 else cell for n, cell in enumerate(first))
    found = names_of([replace(made, table=table, rows=(withheld, *others))])
    assert found.senders == {"head-of-people": "Contracts", "s400102": "Deliveries"}


def test_what_a_group_shares_is_said_once_and_nothing_of_what_there_is_not() -> None:
    first, second = view(grouped_by=["title", "indicator_id"]).groups
    assert (first.title, first.code, first.place) == ("Contracts", "C06", 0)
    assert first.same == [("rule", "r" * 100)]
    assert [one.text for one in first.headers] == ["basis", "value", "sender"]
    assert [place for place, _ in first.rows] == [0, 1]
    assert second.rows == []
    assert second.same == [("basis", "Another"), ("sender", "s400102"), ("value", "5")]


def test_what_tells_rows_apart_and_figures_come_before_texts_and_coverage() -> None:
    """The unit stands beside the first figure: a narrow screen shows a few columns only."""
    made = view(
        columns=[
            column("indicator_id"), column("title"), column("rule"), column("basis"),
            column("n_reporting", "integer"), column("unit"),
            column("value", "number", decimals=0, unit_in="unit"),
        ]
    )  # fmt: skip
    assert [one.text for one in made.headers] == [
        "indicator_id", "basis", "value", "unit", "title", "rule", "n_reporting",
    ]  # fmt: skip


def test_large_pounds_are_whole_on_a_page_which_says_so() -> None:
    pounds = {"unit": "GBP", "decimals": 2}
    table = selection(
        columns=[column("basis"), column("indicator_id"), column("large", "number", **pounds),
                 column("small", "number", **pounds)],
    ).table  # fmt: skip
    rows = [
        (
            Cell("a"),
            Cell("C06"),
            Cell(Decimal("1234.50"), None, 2),
            Cell(Decimal("12.34"), None, 2),
        ),
        (
            Cell("b"),
            Cell("C07"),
            Cell(Decimal("99999.49"), None, 2),
            Cell(Decimal("900.10"), None, 2),
        ),
    ]
    made = table_view(Edition(make_facts(), 1, "final", []), Selection(table, tuple(rows)), NAMES)
    assert [header.text for header in made.headers][2:] == ["large (£)", "small (£)"]
    assert [[cell.text for cell in cells[2:]] for _, cells in made.rows] == [
        ["1,235", "12.34"], ["99,999", "900.10"],
    ]  # fmt: skip
    assert made.notes == ["Here pounds are rounded to whole ones; the files have the pence."]


def test_a_group_says_short_things_in_a_line_and_not_what_cannot_be() -> None:
    made = view(grouped_by=["title"])
    first, _ = made.groups
    assert [one[0] for one in first.brief] == ["indicator_id"]
    assert [one[0] for one in first.long] == ["rule"]
    none = replace(
        selection(grouped_by=["title"]),
        rows=tuple(
            tuple(Cell(None, "[z]") if n == 4 else cell for n, cell in enumerate(row))
            for row in selection().rows
        ),
    )
    assert table_view(Edition(make_facts(), 1, "final", []), none, NAMES).same == []
