"""A figure that moved far since the last release blocks the next until somebody answers for it."""

from pathlib import Path

import pytest

from exports.edition.facts import Override
from exports.release.publish import ReleaseBlocked
from tests.support.definitions import publish
from tests.support.exports_made import Change, Facts

SECOND_QUARTER = """
insert into publication.pub_local_spend select '2022-23 Q2', '2022-23 Q1', period_kind, to_date,
    place_order, place, place_code, amount_in_place, amount_known, amount_all, percent_of_known,
    percent_of_all, months_received, months_expected, status
    from publication.pub_local_spend where quarter = '2022-23 Q1' and period = '2022-23 Q1';
update publication.pub_local_spend set percent_of_known = {share}, amount_all = {amount}
    where quarter = '2022-23 Q2' and period = '2022-23 Q2';
"""
NEAR = SECOND_QUARTER.format(share=50, amount=1500000000)
FAR = SECOND_QUARTER.format(share=20, amount=1500000000)
MOVED = "local_spend percent_of_known (2022-23 Q2, Liverpool City Region): 20.0 from 67.0"


def test_what_moved_far_blocks_until_somebody_answers_for_that_very_movement(
    analysts: Change, facts: Facts, tmp_path: Path
) -> None:
    publish(facts(), analysts=analysts(), published=tmp_path)
    second = {"analysts": analysts(FAR), "published": tmp_path}
    with pytest.raises(ReleaseBlocked) as blocked:
        publish(facts(period="2022-23 Q2"), **second)
    assert [(one.kind, one.what) for one in blocked.value.reasons] == [("large movement", MOVED)]
    other = Override(MOVED.replace("67.0", "66.0"), "A. Officer", "another movement")
    with pytest.raises(ReleaseBlocked):
        publish(facts(other, period="2022-23 Q2"), **second)
    word = Override(MOVED, "A. Officer", "a large contract ended")
    release = publish(facts(word, period="2022-23 Q2"), **second)
    assert release.warnings[0] == f"Published although blocked: {MOVED}, overridden by A. Officer."


def test_what_moved_little_goes_out_and_so_does_a_first_release(
    analysts: Change, facts: Facts, tmp_path: Path
) -> None:
    publish(facts(), analysts=analysts(), published=tmp_path)
    release = publish(facts(period="2022-23 Q2"), analysts=analysts(NEAR), published=tmp_path)
    assert release.name == "quarterly/2022-23-Q2/r1"
    first = publish(facts(period="2022-23 Q2"), analysts=analysts(FAR), published=tmp_path / "b")
    assert first.revision == 1
