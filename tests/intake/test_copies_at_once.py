"""Two processes that judge copies of one file at once keep it once."""

from pathlib import Path

import pytest

from flows.common.settings import Settings
from flows.intake import take_in as intake
from flows.intake.rules import Rules
from flows.intake.submission import Ingested, Submission
from flows.intake.take_in import take_in
from flows.warehouse.connection import reading

PAYMENTS = "Date paid,Supplier name,Net amount\n01/04/2022,Acme,10.00\n02/04/2022,Beta,20.00\n"


@pytest.mark.parametrize("other", ["lcrca_2022-04.csv", "lcrca_2022-04_a-copy.csv"])
def test_what_was_kept_while_a_copy_was_judged_is_not_kept_again(
    other: str, tmp_path: Path, rules: Rules, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("lcrca_2022-04.csv", "lcrca_2022-04_a-copy.csv")
    for name in names:
        (tmp_path / name).write_text(PAYMENTS)
    first, second = (Submission(tmp_path / name, "finance_payments") for name in (names[0], other))
    meanwhile: list[Ingested] = []
    judge = intake.judge_tables

    def judge_slowly(*args: object) -> None:
        judge(*args)  # type: ignore[arg-type]
        if not meanwhile:  # the other process is through before this one keeps
            monkeypatch.setattr(intake, "judge_tables", judge)
            meanwhile.append(take_in(first, rules, settings))

    monkeypatch.setattr(intake, "judge_tables", judge_slowly)
    done = take_in(second, rules, settings)
    assert (meanwhile[0].outcome, done.outcome) == ("loaded", "duplicate")
    assert done.returns == meanwhile[0].returns
    with reading(settings) as connection:
        rows = connection.execute("select count(*) from warehouse.landed.finance_payments")
        assert rows.fetchone() == (2,)
        returns = connection.execute("select count(*) from warehouse.ledger.returns").fetchone()
        assert returns == (1,)


@pytest.mark.parametrize("taken", [True, False])
def test_a_file_taken_away_while_it_is_read_is_settled_by_what_took_it(
    taken: bool,
    tmp_path: Path,
    rules: Rules,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "lcrca_2022-04.csv"
    path.write_text(PAYMENTS)
    sent = Submission(path, "finance_payments")
    read = intake.read

    def taken_away(*args: object) -> object:
        monkeypatch.setattr(intake, "read", read)
        if taken:
            take_in(sent, rules, settings)
        path.unlink()
        return read(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "read", taken_away)
    if taken:
        assert take_in(sent, rules, settings).outcome == "duplicate"
    else:
        done = take_in(sent, rules, settings)
        assert (done.outcome, done.is_kept) == ("rejected", False)
        assert done.reason == "lcrca_2022-04.csv was taken away while it was read: send it again."
