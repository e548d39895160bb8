"""Whatever road it comes by: each file once, whole, with where it came from on record."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from flows.operations.notices import list_notices
from flows.post.collect import collect
from flows.post.sources import read_sources
from tests.support.places import OnDisk, Place
from tests.support.posted import Posted
from tests.support.small_returns import payments


def declare(posted: Posted, place: Place, **more: object) -> None:
    source = {"id": "drop", "senders": ["acme", "birch"], **place.source, **more}
    posted.declare(source)


def came(posted: Posted) -> Sequence[tuple[object, ...]]:
    done = posted.collect()
    return (done.collected, done.known, done.waiting, len(done.aside), done.fault)


def test_each_file_comes_once_with_where_it_came_from(posted: Posted, place: Place) -> None:
    declare(posted, place, known_by="folder")
    text = payments().encode()
    place.put("birch/what is this.csv", text)
    place.put("acme/finance_payments/april.csv", text + b"\n")
    place.put("acme/finance_payments/.april.csv.part", b"half")
    assert came(posted) == (2, 0, 0, 0, "")
    assert posted.inbox() == [
        "finance_payments/from-acme/april.csv",
        "finance_payments/from-birch/what is this.csv",
    ]
    assert (posted.settings.inbox / posted.inbox()[1]).read_bytes() == text
    assert came(posted) == (0, 0, 0, 0, "")
    events = posted.events("collected")
    assert {(e.subject, e.detail["sender"], e.detail["return"]) for e in events} == {
        ("drop", "acme", "finance_payments"),
        ("drop", "birch", "finance_payments"),
    }
    assert "april" not in str(events) + str(posted.events("set aside"))
    assert len(place.names()) == 3


def test_what_the_inbox_has_is_moved_and_what_may_not_come_is_set_aside(
    posted: Posted, place: Place
) -> None:
    declare(posted, place, afterwards="moved")
    place.put("birch_2022-04.csv", payments().encode())
    place.put("sub/stranger_2022-04.csv", b"x")
    assert came(posted) == (1, 0, 0, 1, "")
    done, aside = sorted(place.names(), reverse=True)
    assert done.startswith("done/")
    assert done.endswith("_birch_2022-04.csv")
    assert aside.startswith("aside/sub/")
    assert came(posted) == (0, 0, 0, 0, "")
    assert len(posted.events("set aside")) == 1


def test_a_file_that_is_written_anew_comes_again_and_the_same_bytes_do_not(
    posted: Posted, place: Place
) -> None:
    declare(posted, place)
    place.put("birch_2022-04.csv", payments().encode())
    assert came(posted) == (1, 0, 0, 0, "")
    (waiting,) = posted.inbox()
    (posted.settings.inbox / waiting).unlink()  # it was taken in
    place.put("birch_2022-04.csv", payments().encode(), at=1_657_100_000)
    if isinstance(place, OnDisk):  # S3 has the time in whole seconds: the same word
        assert came(posted) == (0, 1, 0, 0, "")
    place.put("birch_2022-04.csv", payments(4).encode(), at=1_657_200_000)
    assert came(posted) == (1, 0, 0, 0, "")
    assert posted.inbox() == [waiting]


def test_who_is_kept_by_the_inbox_waits(posted: Posted, place: Place) -> None:
    """Another file of the name is there still: what was fetched waits beside it, once."""
    declare(posted, place)
    place.put("birch_2022-04.csv", payments().encode())
    assert came(posted) == (1, 0, 0, 0, "")
    place.put("birch_2022-04.csv", payments(4).encode(), at=1_657_200_000)
    assert came(posted) == (1, 0, 1, 0, "")
    first = posted.settings.inbox / posted.inbox()[0]
    assert first.read_bytes() == payments().encode()
    first.unlink()
    assert came(posted) == (0, 0, 0, 0, "")
    assert first.read_bytes() == payments(4).encode()
    assert len(posted.events("collected")) == 2


def test_bounds_leave_the_rest_for_the_next_run(posted: Posted, place: Place) -> None:
    declare(posted, place, bounds={"files": 1, "file_mb": 1, "files_a_day": 2})
    for month in (4, 5, 6):
        place.put(f"birch_2022-0{month}.csv", payments(month).encode(), at=1_657_000_000 + month)
    place.put("birch_2022-07.csv", b"x" * 1_000_001)
    assert came(posted) == (1, 0, 2, 1, "")
    assert came(posted) == (1, 0, 1, 0, "")
    assert came(posted) == (0, 0, 1, 0, "")  # two a day


def test_bounds_that_keep_files_back_are_told_once(
    posted: Posted, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(posted, place, bounds={"files": 1})
    for month in (4, 5, 6):
        place.put(f"birch_2022-0{month}.csv", payments(month).encode(), at=1_657_000_000 + month)
    why = "A run takes 1 files or 4096 MB: others wait."
    for _ in range(2):
        assert posted.collect().over == [why]
    (told,) = posted.events("over its bounds")
    assert told.detail["why"] == f"drop: {why}"
    assert [one.text for one in list_notices(posted.settings)] == [f"drop: {why}"]
    assert posted.collect().over == []
    assert len(posted.events("within its bounds")) == 1
    (source,) = read_sources(posted.settings).sources
    monkeypatch.setattr(f"flows.post.roads.{source.kind}.MOST_ENTRIES", 2)
    why = "More than 20,000 files lie there, and no others are looked at."
    assert posted.collect().over == [why]


def test_a_dry_run_says_what_would_come_and_touches_nothing(posted: Posted, place: Place) -> None:
    declare(posted, place, afterwards="moved")
    place.put("birch_2022-04.csv", payments().encode())
    place.put("stranger_2022-04.csv", b"x")
    (done,) = collect(posted.settings, dry_run=True)
    assert (done.collected, [path for path, _ in done.aside]) == (1, ["stranger_2022-04.csv"])
    assert (posted.inbox(), place.names()) == ([], ["birch_2022-04.csv", "stranger_2022-04.csv"])
    assert posted.events("collected", "set aside") == []


@contextmanager
def unreachable(place: Place, posted: Posted) -> Iterator[None]:
    if isinstance(place, OnDisk):
        place.place.rename(place.place.with_name("gone"))
        yield
        place.place.with_name("gone").rename(place.place)
    else:
        declare(posted, place, endpoint="http://127.0.0.1:9")
        yield
        declare(posted, place)


def test_a_source_that_cannot_be_reached_is_told_once_and_tried_again(
    posted: Posted, place: Place
) -> None:
    declare(posted, place)
    place.put("birch_2022-04.csv", payments().encode())
    with unreachable(place, posted):
        for _ in range(2):
            (done,) = collect(posted.settings)
            assert done.fault.startswith("drop: ")
    assert len(posted.events("not collected")) == 1
    assert came(posted) == (1, 0, 0, 0, "")
    assert [e.kind for e in posted.events("not collected", "collected again")][-1] == (
        "collected again"
    )
