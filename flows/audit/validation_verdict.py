"""What a validation report comes to: a sentence, and the five numbers that it rests on."""

from collections.abc import Mapping, Sequence

from exports.files.listing import AuditList, Verdict
from flows.warehouse.connection import Row

SLOT = ("return", "sender", "period", "part")


def verdict(lists: Mapping[str, AuditList]) -> Verdict:
    """The verdict on the lists *Returns*, *Checks* and *Findings* of one period or return."""
    judged = list(lists["Returns"].rows)
    newest = {str(row["return_id"]): row for row in judged}  # they come in the order of judging
    last = {tuple(row[name] for name in SLOT): row for row in newest.values()}
    taken = [row for row in newest.values() if row["outcome"] == "loaded"]
    asked = [row for row in lists["Checks"].rows if row["outcome"] != "not applicable"]
    failed = sum(row["outcome"] == "failed" for row in asked)
    read, held = (_sum(taken, name) for name in ("rows_read", "rows_quarantined"))
    found = lists["Findings"].rows
    waiting = [row for row in found if not row["cleared"] and not row["accepted_by"]]
    blocks = _sum([row for row in waiting if row["severity"] == "block release"], "findings")
    refused = sum(row["outcome"] == "rejected" for row in last.values())
    stopped = sum(row["outcome"] == "held" for row in last.values())
    sentence = _sentence(blocks, refused, stopped, len(newest), len(taken))
    return Verdict(
        sentence,
        [
            (f"{len(taken):,} of {len(newest):,}", "Returns taken"),
            (f"{held:,} of {read:,}", "Rows held back"),
            (f"{len(asked):,}", "Expectations asked"),
            (f"{failed:,} ({100 * failed / len(asked) if asked else 0:.1f}%)", "Of them failed"),
            (f"{_sum(waiting, 'findings'):,} of {_sum(found, 'findings'):,}", "Findings open"),
        ],
    )


def _sentence(blocks: int, refused: int, stopped: int, judged: int, taken: int) -> str:
    if not judged:
        return "Nothing was received, so nothing was checked."
    if blocks:
        return f"{_of(blocks, 'finding blocks', 'findings block')} a release."
    wrong = []
    if refused:
        wrong.append(f"{_of(refused, 'return was', 'returns were')} rejected and never put right")
    if stopped:
        wrong.append(f"{_of(stopped, 'return waits', 'returns wait')} for a person's word")
    if wrong:
        return f"Nothing blocks a release; {' and '.join(wrong)}."
    if taken == judged:
        return "Nothing blocks a release; every return that came was taken."
    return "Nothing blocks a release; what was rejected was replaced by what was taken."


def _of(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _sum(rows: Sequence[Mapping[str, object]] | Sequence[Row], name: str) -> int:
    return sum(int(str(row[name])) for row in rows if row[name] is not None)
