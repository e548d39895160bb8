"""Contracts are data that people edit: what is wrong in one is told with its file and line."""

from pathlib import Path

import pytest

from flows.common.declarations import PROJECT, DeclarationError, read_declared
from flows.returns.contract import Contract, read_contracts

CONTRACTS = PROJECT / "flows" / "returns" / "contracts"
SUITES = PROJECT / "expectations" / "suites"

GOOD = """\
return: small
version: "1"
title: Small
grain: a row
delivery: whole
period:
  every: month
  read_from: [column, file_name]
  column: paid
money: amount
columns:
  - name: paid
    type: date
    meaning: when
    aliases: [Paid, Date]
  - name: amount
    type: money
    meaning: how much
    aliases: [Amount]
layouts:
  - name: theirs
    columns: {amount: Betrag}
"""


def faults_of(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "small.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DeclarationError) as error:
        read_declared(path, Contract)
    lines = str(error.value).splitlines()
    assert all(line.startswith(f"{path}, line ") for line in lines), lines
    return [line.removeprefix(f"{path}, ") for line in lines]


@pytest.mark.parametrize("path", sorted(CONTRACTS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_contract_reads_and_says_what_a_judge_needs(path: Path) -> None:
    contract = read_contracts(CONTRACTS)[path.stem]

    assert contract.required_columns, "without a required column any row of text is a header"
    assert all(column.aliases for column in contract.columns)
    assert all(column.unit for column in contract.columns if column.type == "money")
    if contract.period.column:
        assert contract.column(contract.period.column).type in ("date", "month")


def test_every_return_has_a_suite() -> None:
    assert set(read_contracts(CONTRACTS)) <= {path.stem for path in SUITES.glob("*.yaml")}


def test_a_contracts_digest_changes_with_anything_it_says(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(GOOD)
    before = read_declared(path, Contract)
    path.write_text(GOOD.replace("aliases: [Paid, Date]", "aliases: [Date, Paid]"))
    after = read_declared(path, Contract)
    path.write_text(f"# a comment\n{GOOD}")

    assert before.digest != after.digest
    assert read_declared(path, Contract).digest == before.digest


@pytest.mark.parametrize(
    ("right", "wrong", "line", "says"),
    [
        (
            "    meaning: when",
            "    meaning: when\n    meening: then",
            15,
            "columns.0.meening: Extra inputs",
        ),
        ("    type: date", "    type: day", 13, "columns.0.type: Input should be 'text', 'code'"),
        ("delivery: whole", "delivery: half", 5, "delivery: Input should be 'whole' or 'part'"),
        ("  every: month", "  every: week", 7, "period.every: Input should be 'month'"),
        ("name: paid", "name: Paid on", 12, "columns.0.name: String should match pattern"),
        ("title: Small\n", "", 1, "title: Field required"),
        ("    aliases: [Amount]", "    aliases: Amount", 19, "columns.1.aliases: Input should be"),
        ("aliases: [Amount]", "aliases: [Amount, PAID]", 1, "'paid' is an alias of paid and of"),
        ("money: amount", "money: sum", 1, "no column is called sum"),
        ("  column: paid", "  column: day", 1, "no column is called day"),
        ("{amount: Betrag}", "{betrag: Betrag}", 1, "no column is called betrag"),
        ("  - name: amount", "  - name: paid", 1, "two columns have the same name"),
        ("delivery: whole", "delivery: [whole", 5, "not YAML"),
    ],
)
def test_what_is_wrong_in_a_contract_is_told_with_file_and_line(
    right: str, wrong: str, line: int, says: str, tmp_path: Path
) -> None:
    assert GOOD.count(right) == 1
    (fault,) = faults_of(tmp_path, GOOD.replace(right, wrong))

    if "YAML" in says:  # the parser notices some lines later
        assert says in fault
    else:
        assert fault.startswith(f"line {line}: ")
        assert says in fault


def test_every_fault_of_a_contract_has_a_line_of_its_own(tmp_path: Path) -> None:
    text = GOOD.replace("meaning: when", "meening: when").replace("type: money", "type: cash")

    assert [fault.split(":")[0] for fault in faults_of(tmp_path, text)] == [
        "line 12",  # the column that lacks its meaning
        "line 14",
        "line 17",
    ]


def test_a_file_that_speaks_of_another_return_is_refused(tmp_path: Path) -> None:
    (tmp_path / "large.yaml").write_text(GOOD)

    with pytest.raises(DeclarationError, match=r"large\.yaml, line 1: .* speaks of small"):
        read_contracts(tmp_path)


def test_a_folder_without_contracts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="holds no contract"):
        read_contracts(tmp_path)
