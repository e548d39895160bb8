"""The key is made once, lies beside the home, is private, and is never another by accident."""

import pytest

from flows.common.settings import Settings, settings_for
from flows.warehouse.encryption import KeyFault, key_of

GIVEN = "a phrase that is long enough to be no guess"


def test_it_is_made_at_the_first_need_outside_the_home(settings: Settings):
    key = key_of(settings)
    assert settings.home not in settings.key_path.parents
    assert settings.key_path.stat().st_mode & 0o777 == 0o600
    assert key_of(settings) == key
    assert len({key.derived("hash"), key.derived("seal"), key.secret}) == 3


def test_the_environment_gives_it_and_nothing_shows_it(settings: Settings, monkeypatch):
    monkeypatch.setenv("SOCIAL_VALUE_KEY", GIVEN)
    settings = settings_for(settings.home)
    key = key_of(settings)
    assert key.secret == GIVEN.encode()
    assert not settings.key_path.exists()
    assert GIVEN not in f"{settings!r} {settings.model_dump_json()} {key!r}"


def test_a_short_one_is_refused(settings: Settings, monkeypatch):
    monkeypatch.setenv("SOCIAL_VALUE_KEY", "secret")
    with pytest.raises(KeyFault, match="fewer than 32"):
        key_of(settings_for(settings.home))


def test_a_lost_file_is_not_made_anew(settings: Settings):
    key_of(settings)
    settings.key_path.unlink()
    with pytest.raises(KeyFault, match="put it back there"):
        key_of(settings)


def test_another_key_is_refused(settings: Settings, monkeypatch):
    key_of(settings)
    monkeypatch.setenv("SOCIAL_VALUE_KEY", GIVEN)
    with pytest.raises(KeyFault, match="another than the one"):
        key_of(settings_for(settings.home))


def test_a_file_open_to_others_is_refused(settings: Settings):
    key_of(settings)
    settings.key_path.chmod(0o644)
    with pytest.raises(KeyFault, match="chmod 600"):
        key_of(settings)
