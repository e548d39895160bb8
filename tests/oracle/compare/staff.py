"""The tables of the workforce and of its pay."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from tests.oracle.compare.edition import EMPLOYERS, OF_ALL, Edition, Row, Value
from tests.oracle.compare.performance import TARGETS, performance
from tests.oracle.truth.figures import Figure, Key, percent
from tests.oracle.truth.staff.pay import SECTIONS, SMALLEST_GROUP, paid_groups

WORKFORCE, SERVICES = "hr_workforce", "service_returns"
ALL = "All"
STARTS = ("E11", "starts-of-headcount-before")
SHARES = ("E02", "E03", "E11", "E12")
GAPS = {"E04": "mean", "E05": "median", "E06": "mean", "E07": "median"}
BANDS = ("E08", "E09")
OF_BONUSES = ("E06", "E07")
OTHERS = "all other groups"
CHARACTERISTICS = ("sex", "ethnicity", "disability", "age_band", "grade")


def workforce(edition: Edition) -> Iterator[Row]:
    """The headcount in each category of each characteristic, at each employer and at all."""
    heads = {
        (key.breakdown, key.breakdown_value): figure.numerator
        for key, figure in edition.truth.figures.items()
        if (key.indicator, key.basis, key.period) == ("E01", "headcount", edition.quarter)
    }
    for (breakdown, value), people in heads.items():
        first, _, second = breakdown.partition("/")
        at_employer = first == "employer"
        employer = value.split("/")[0] if at_employer else ""
        characteristic = second if at_employer else first
        if characteristic and characteristic not in CHARACTERISTICS:
            continue
        category = value.removeprefix(f"{employer}/") if characteristic else ALL
        whole = heads["employer", employer] if at_employer else heads["", ""]
        yield (
            (EMPLOYERS.get(employer, ALL), characteristic or "all", category),
            {
                "people": people,
                "percent_of_employer": percent(people, whole),
                OF_ALL: whole,
                **edition.counts(WORKFORCE, edition.quarter),
            },
        )


def workforce_shares(edition: Edition) -> Iterator[Row]:
    """Shares of employees: where they live, apprentices, the living wage; none without a return."""
    if edition.quarter not in edition.truth.standing.staff:
        for basis in edition.registry.bases:
            if basis.key[0] in SHARES:
                nothing = dict.fromkeys(("people", "out_of", "percent_of_people", "target"))
                yield (*basis.key, ALL), nothing | edition.counts(WORKFORCE, edition.quarter)
    for key, figure in _figures(edition, SHARES):
        if key.breakdown in ("", "employer"):
            yield (
                (key.indicator, key.basis, EMPLOYERS.get(key.breakdown_value, ALL)),
                {
                    "people": figure.numerator,
                    "out_of": figure.denominator or None,  # no headcount is none that is known
                    "percent_of_people": figure.value,
                    "target": judged.target if (judged := performance(edition, key)) else None,
                    **edition.counts(WORKFORCE, edition.quarter),
                },
            )


def apprenticeships(edition: Edition) -> Iterator[Row]:
    """Apprenticeships that began in the year, of the headcount before it."""
    key = Key(*STARTS, edition.period)
    figure = edition.figure(*STARTS, edition.period)
    judged = performance(edition, key)
    columns: dict[str, Value] = {
        "people": figure.numerator if figure else None,
        "out_of": figure.denominator or None if figure else None,
        "percent_of_people": figure.value if figure else None,
        **{name: getattr(judged, name) if judged else None for name in TARGETS},
    }
    yield (edition.period,), columns | edition.counts(WORKFORCE, edition.period)


def volunteering(edition: Edition) -> Iterator[Row]:
    """Validated hours beside the full-time equivalents, of the quarter and of the year it ends."""
    year = edition.quarter.removesuffix(" Q4")
    for period in dict.fromkeys((edition.quarter, year)):
        figure = edition.figure("E13", "validated-per-fte", period)
        if figure and figure.denominator:
            columns: dict[str, Value] = {"hours": figure.numerator, "fte": figure.denominator}
            columns["hours_per_fte"] = figure.value
            yield (period,), columns | edition.counts(SERVICES, period)


def pay_gaps(edition: Edition) -> Iterator[Row]:
    """The statutory gaps between men's and women's pay, at each employer."""
    for key, figure in _figures(edition, tuple(GAPS)):
        women, men = (_paid(edition, key, sex) for sex in ("women", "men"))
        columns: dict[str, Value] = {"gap": figure.value, "women": women, "men": men}
        of_year = performance(edition, replace(key, period=edition.quarter.removesuffix(" Q4")))
        judged = performance(edition, key)
        aims = [one.target for one in (judged, of_year) if one and one.target is not None]
        columns["target"] = aims[0] if aims else None
        better = edition.registry.by_key[key.indicator, key.basis].indicator["better"]
        columns["direction"] = f"{better} is better" if better else "neither"
        columns["is_required"] = _is_required(edition, key.breakdown_value)
        row_key = (key.indicator, EMPLOYERS[key.breakdown_value])
        yield row_key, columns | edition.counts(WORKFORCE, edition.quarter)


def pay_bands(edition: Edition) -> Iterator[Row]:
    """The statutory shares of men and women, of those paid a bonus and in each pay quarter."""
    for key, figure in _figures(edition, BANDS):
        columns: dict[str, Value] = {"percent_of_people": figure.value}
        columns |= {"people": figure.numerator, "out_of": figure.denominator}
        columns["is_required"] = _is_required(edition, key.breakdown_value)
        row_key = (key.indicator, key.basis, EMPLOYERS[key.breakdown_value])
        yield row_key, columns | edition.counts(WORKFORCE, edition.quarter)


def group_pay_gaps(edition: Edition) -> Iterator[Row]:
    """Gaps by ethnic group and by disability, of every group that is paid; none of a small one.

    Where an employer has a small ethnic group, the employers have theirs together.
    """
    staff, quarter = edition.truth.standing.staff, edition.quarter
    together = any(
        column == "ethnicity" and size < SMALLEST_GROUP
        for employer in EMPLOYERS
        for column, _, size in paid_groups(staff, quarter, employer)
    )
    for employer in ("", *EMPLOYERS):
        groups = list(paid_groups(staff, quarter, employer))
        if employer and together:
            others = sum(size for column, _, size in groups if column == "ethnicity")
            groups = [group for group in groups if group[0] != "ethnicity"]
            groups += [("ethnicity", "", others)] if others else []
        for column, group, size in groups:
            parts = {"employer": employer, column: group if column == "ethnicity" else ""}
            words = {name: word for name, word in parts.items() if word}
            part = ("/".join(words), "/".join(words.values()))
            for typical in ("mean", "median"):
                gap = edition.value("E10", f"{column}-{typical}", quarter, *part)
                yield (
                    (EMPLOYERS.get(employer, ALL), column, group or OTHERS, typical),
                    {
                        "gap": gap,
                        "people_compared": size,
                        **edition.counts(WORKFORCE, quarter),
                    },
                )


def _paid(edition: Edition, gap: Key, sex: str) -> Decimal:
    """How many of a sex stand behind a gap: those paid a bonus, or paid in any pay quarter."""
    bases = [sex] if gap.indicator in OF_BONUSES else [f"{section}-{sex}" for section in SECTIONS]
    indicator = "E08" if gap.indicator in OF_BONUSES else "E09"
    part = (edition.quarter, gap.breakdown, gap.breakdown_value)
    figures = (edition.figure(indicator, basis, *part) for basis in bases)
    return sum((figure.numerator for figure in figures if figure), Decimal(0))


def _is_required(edition: Edition, employer: str) -> bool:
    """Whether the law requires the employer to publish the gaps of the year that ends there."""
    year = edition.quarter.split(" ")[0]
    return any(
        (row["employer_id"], row["year"], row["is_required"]) == (employer, year, "yes")
        for row in edition.registry.rows("pay_gap_duties")
    )


def _figures(edition: Edition, indicators: tuple[str, ...]) -> Iterator[tuple[Key, Figure]]:
    for key, figure in edition.truth.figures.items():
        if key.indicator in indicators and key.period == edition.quarter:
            yield key, figure
