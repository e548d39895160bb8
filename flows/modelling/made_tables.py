"""The publication model of a table that is declared to be of an indicator."""

from exports.definitions.of_indicator import ABOUT
from exports.definitions.table import TableDefinition
from flows.common.declarations import DeclarationError
from flows.modelling.made_yaml import as_yaml

FOLDER = "made/publication"


def publication(table: TableDefinition, counts_people: set[str]) -> dict[str, bytes]:
    """Its files, by their path in the project: a row a quarter and part, a column a figure.

    Raises DeclarationError where the indicator counts people, and nothing protects them.
    """
    of = table.of
    if of is None:
        return {}
    if of.indicator in counts_people and table.disclosure is None:
        raise DeclarationError(
            f"tables/{table.name}.yaml, line 1: {of.indicator} counts people: say by `disclosure`"
            " how they are protected."
        )
    first = next(iter(of.figures.values()))
    taken = {column: ("value", basis) for column, basis in of.figures.items()}
    taken |= {column: (column, first) for column in ABOUT}
    columns = [
        "period as quarter",
        *([f"breakdown_value as {of.breakdown}"] if of.breakdown else []),
        *(
            f"max(case when basis = '{basis}' then {value} end) as {column}"
            for column, (value, basis) in taken.items()
        ),
    ]
    text = (
        f"-- grain: a part of an indicator's breakdown in a quarter (made from {table.name}.yaml)\n"
        "with final as (\n    select\n        " + ",\n        ".join(columns) + "\n"
        "    from {{ ref('fct_indicator_values') }}\n"
        f"    where indicator_id = '{of.indicator}' and breakdown = '{of.breakdown}'\n"
        "        and period_kind = 'quarter'\n"
        "    group by period, breakdown_value\n)\n\n"
        "select {{ as_declared(model) }}\nfrom final\n"
    )
    meanings = {column.source or column.name: column.meaning for column in table.columns}
    key = ["quarter", *([of.breakdown] if of.breakdown else [])]
    model = {
        "name": table.source,
        "description": f"{table.title}: {of.indicator}. One row a {' and '.join(key)}.",
        "config": {"group": "publication", "access": "public", "contract": {"enforced": True}},
        "data_tests": [{"sound": {"arguments": {"key": key}}}],
        "columns": [
            {
                "name": name,
                "data_type": kind,
                "description": meanings.get(name, f"{name.replace('_', ' ')} of its figures"),
            }
            for name, kind in of.columns.items()
        ],
    }
    place = f"{FOLDER}/{table.source}"
    return {f"{place}.sql": text.encode(), f"{place}.yml": as_yaml({"models": [model]})}
