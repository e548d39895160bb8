"""Which stories wait for a person's word, worked out from the file that was sent."""

import re
from datetime import date

from flows.demo.made.delivery.stories import Story

OLDEST_CONSENT = 2  # years before the end of the year that the story's quarter lies in
_NUMBER = re.compile(r"\b0\d{4} ?\d{6}\b")


def waits(story: Story) -> bool:
    """Whether something personal was taken from it, or its consent is not shown or old."""
    if _NUMBER.search(story.story) or not story.evidence:
        return True
    if not story.consent_date:
        return False
    day, month, year = map(int, story.consent_date.split("/"))
    ends = int(story.quarter[:4]) + 1
    return date(year, month, day) < date(ends - OLDEST_CONSENT, 3, 31)
