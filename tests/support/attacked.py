"""What the attacker finds of a home's small counts, given nothing but what is published.

`python -m tests.support.attacked HOME` gives the attacker each release by itself, and then all of
them together; the true counts of the analysts' file only say which hidden counts are small.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from tests.support.whole_adversary import STEPS, Count, WholeAdversary

SMALL = frozenset(range(1, 5))


def true_counts(analysts: Path) -> dict[Count, int]:
    """The counts of people, as the publication models have them now."""
    with duckdb.connect(str(analysts), read_only=True) as connection:
        return {
            count: int(people)
            for count, people in (
                *_workforce(connection),
                *_shares(connection),
                *_measures(connection),
            )
            if people is not None
        }


def narrowed(
    releases: Sequence[Path], truth: dict[Count, int]
) -> tuple[int, dict[Count, set[int]], dict[Count, tuple[float, float]]]:
    """How many hidden counts are small; those not every small number fits; those hidden too thinly.

    The last are counts hidden to protect others, whose least and most lie closer together than a
    small number's do.
    """
    adversary = WholeAdversary()
    for release in releases:
        adversary.read(release)
    adversary.link()
    assert adversary.is_consistent(), "no counts of people fit what is published"
    hidden = {count: truth[count] for count in adversary.hidden if count in truth}
    small = [count for count, people in hidden.items() if people in SMALL]
    told = {count: left for count in small if (left := adversary.possible(count, SMALL)) != SMALL}
    wide = len(SMALL) - 1
    others = (count for count, people in hidden.items() if people > max(SMALL))
    ends = ((count, adversary.ends(count)) for count in others)
    thin = {count: (least, most) for count, (least, most) in ends if most - least < wide}
    return len(small), told, thin


def _workforce(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[Count, int | None]]:
    rows = connection.sql(
        "select quarter, employer, characteristic, category, people from publication.pub_workforce"
    ).fetchall()
    for quarter, employer, characteristic, category, people in rows:
        cut = "" if category == "All" else f"{characteristic}={category}"
        yield (quarter, "headcount", employer, cut), people


def _shares(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[Count, int | None]]:
    rows = connection.sql(
        """
        select shares.quarter, indicator_id, basis, shares.employer, shares.people, out_of,
            everyone.people - out_of
        from publication.pub_workforce_shares as shares
        left join publication.pub_workforce as everyone
            on shares.quarter = everyone.quarter and shares.employer = everyone.employer
            and everyone.category = 'All'
        """
    ).fetchall()
    for quarter, indicator, basis, employer, people, out_of, beside in rows:
        yield (quarter, f"{indicator} {basis}", employer, ""), people
        yield (quarter, f"of {indicator} {basis}", employer, ""), out_of
        if (indicator, basis) == ("E12", "not known"):
            yield (quarter, "under 18", employer, ""), beside


def _measures(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[Count, int | None]]:
    steps = [*STEPS, *(f"{step}_to_date" for step in STEPS)]
    rows = connection.sql(
        f"select quarter, indicator_id, measure_id, counted, {', '.join(steps)}"
        " from publication.pub_measures_people"
    ).fetchall()
    for quarter, indicator, measure, counted, *people in rows:
        for step, number in zip(steps, people, strict=True):
            where = f"{indicator} {measure} {counted}"
            yield (quarter, step.replace("_to_date", " to date"), where, ""), number


def _newest(published: Path) -> list[Path]:
    revisions: dict[Path, list[Path]] = {}
    for release in published.glob("*/*/r*"):
        revisions.setdefault(release.parent, []).append(release)
    return [max(found, key=lambda one: int(one.name[1:])) for _, found in sorted(revisions.items())]


def main(home: Path) -> int:
    """Print what was found; 0 if that is nothing."""
    truth = true_counts(home / "warehouse" / "analysts.duckdb")
    newest = _newest(home / "published")
    failed = 0
    for called, groups in (
        ("each release by itself", [[release] for release in newest]),
        ("all releases together", [newest]),
    ):
        count = 0
        for releases in groups:
            small, told, thin = narrowed(releases, truth)
            count += small
            failed += len(told) + len(thin)
            for at, left in {**told, **thin}.items():
                print(f"{releases[-1].parent.name}: {' '.join(at)} can only be {left}")
        print(f"{called}: {count} small counts are hidden")
    print(f"{failed} of them can be narrowed, or are hidden too thinly")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
