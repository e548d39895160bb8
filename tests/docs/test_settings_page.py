"""docs/settings.md has every setting, as its module says it."""

from flows.authority.binding import bind, read_binding
from flows.common.settings import Settings
from flows.demo import AUTHORITY
from tests.support.settings_page import BOUND, PAGE, page


def test_the_page_is_what_the_settings_say() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: python -m tests.support.settings_page"


def test_a_home_notes_what_the_page_says(settings: Settings) -> None:
    new = settings.model_copy(update={"authority": AUTHORITY, "definitions": None})
    new.home.mkdir(parents=True)
    bind(new)
    found = read_binding(new.home)
    assert found is not None
    assert vars(found).keys() == BOUND.keys()
