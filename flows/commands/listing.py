"""What `status` and `findings` say first: how many there are, and what somebody has to do."""

from collections import Counter
from collections.abc import Sequence

from flows.warehouse.connection import Row

WAITS = ("missing", "rejected", "held")  # a return that somebody has to send, mend or confirm
MOST_IDS = 5  # of findings named in a sentence
WORST_FIRST = ("reject", "hold", "block release", "quarantine", "warn")


def waiting_first(rows: Sequence[Row]) -> list[Row]:
    """Rows of `status`: those that wait for somebody first, of each the newest period first."""
    newest = sorted(rows, key=lambda row: str(row["period"]), reverse=True)
    return sorted(newest, key=lambda row: row["outcome"] not in WAITS)


def waiting(rows: Sequence[Row]) -> list[Row]:
    """Those that wait for somebody."""
    return [row for row in rows if row["outcome"] in WAITS]


def sum_up_status(rows: Sequence[Row]) -> str:
    """One sentence: how many returns there are, by how they stand, and how many were late."""
    if not rows:
        return "No return is owed, and none has come."
    by_outcome = Counter(str(row["outcome"]) for row in rows)
    late = [row for row in rows if int(str(row["late_days"] or 0)) > 0]
    still = sum(row["outcome"] == "missing" for row in late)
    told = f"{_several(len(rows), 'return')}: {_listed(by_outcome)}."
    if late:
        told += f" Late: {len(late):,}" + (f", of them not here yet: {still:,}." if still else ".")
    return told


def sum_up_findings(rows: Sequence[Row]) -> str:
    """One sentence: how many findings there are in how many files, the worst first."""
    if not rows:
        return "Nothing was found."
    counts: Counter[str] = Counter()
    for row in rows:
        counts[str(row["severity"])] += int(str(row["count"]))
    worst = {severity: counts[severity] for severity in WORST_FIRST if severity in counts}
    all_of_them = sum(counts.values())
    in_files = sum(int(str(row["count"])) for row in rows if row["file"])
    found = _several(all_of_them, "finding")
    if in_files:  # the others are of what has not come
        files = _several(len({row["file"] for row in rows if row["file"]}), "file")
        found += f" in {files}" if in_files == all_of_them else f", {in_files:,} in {files}"
    return f"{found}: {_listed(worst)}."


def sum_up_held(stories: Sequence[Row], texts: Sequence[Row]) -> str:
    """How many stories and officers' texts wait for a word, and how it is given; '' if none."""
    held = [(stories, "story", "stories"), (texts, "officer's text", "officers' texts")]
    told = [f"{len(rows)} {one if len(rows) == 1 else more}" for rows, one, more in held if rows]
    if not told:
        return ""
    waits = "waits" if len(stories) + len(texts) == 1 else "wait"
    ids = sorted({str(row["finding_id"]) for row in (*stories, *texts)})
    listed = ", ".join(ids[:MOST_IDS]) + (", ..." if len(ids) > MOST_IDS else "")
    return (
        f"{' and '.join(told)} {waits} for a word and {'is' if waits == 'waits' else 'are'} not "
        f"published: social-value accept ID --by NAME --because WHY gives it ({listed})."
    )


def _listed(counts: dict[str, int] | Counter[str]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())


def _several(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
