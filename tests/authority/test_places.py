"""A home and its authority: what is laid out in it, when, and whose it stays."""

import os
import shutil
import time
from pathlib import Path

import pytest

from flows.authority.places import KEPT_SECONDS, places_in_use, with_definitions_of_now
from flows.common.declarations import DeclarationError
from flows.common.settings import Settings
from flows.demo import AUTHORITY
from flows.warehouse.connection import open_scratch, writing
from flows.warehouse.copies.backup import back_up, restore
from flows.warehouse.home import make_folders


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of an authority that may be changed."""
    return Path(shutil.copytree(AUTHORITY, tmp_path / "authority"))


@pytest.fixture
def new(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home of that authority's."""
    monkeypatch.delenv("SOCIAL_VALUE_DEFINITIONS")
    settings = Settings(home=tmp_path / "home", authority=folder)
    make_folders(settings)
    return settings


def test_nothing_is_laid_out_again_until_a_file_is_another(new: Settings, folder: Path) -> None:
    first = places_in_use(new).seeds
    assert places_in_use(new).seeds == first
    path = folder / "seeds" / "obligations.csv"
    path.write_text("\n".join(path.read_text("utf-8").splitlines()[:2]) + "\n", "utf-8")
    second = places_in_use(new).seeds
    assert second != first
    assert len((second / "obligations.csv").read_text("utf-8").splitlines()) == 2
    assert len((first / "obligations.csv").read_text("utf-8").splitlines()) > 2


def test_what_is_edited_later_does_not_reach_who_has_begun(new: Settings, folder: Path) -> None:
    begun = with_definitions_of_now(new)
    (folder / "seeds" / "targets.csv").write_text("", "utf-8")
    assert (places_in_use(begun).seeds / "targets.csv").read_bytes()
    assert places_in_use(new).seeds != places_in_use(begun).seeds


def test_what_nobody_can_read_any_more_goes(new: Settings, folder: Path) -> None:
    first = places_in_use(new).seeds.parent
    long_ago = time.time() - KEPT_SECONDS - 1
    os.utime(first, (long_ago, long_ago))
    (folder / "seeds" / "targets.csv").unlink()
    second = places_in_use(new).seeds.parent
    assert (first.exists(), second.exists()) == (False, True)


def test_looking_at_a_home_that_is_not_there_makes_none(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOCIAL_VALUE_DEFINITIONS")
    settings = Settings(home=tmp_path / "home", authority=folder)
    assert (places_in_use(settings).tables / "local_spend.yaml").is_file()
    assert not settings.home.exists()


def test_the_home_alone_says_whose_it_is(new: Settings) -> None:
    alone = Settings(home=new.home)
    assert places_in_use(alone) == places_in_use(new)


def test_two_authorities_have_two_homes(new: Settings, folder: Path, tmp_path: Path) -> None:
    other = shutil.copytree(folder, tmp_path / "other")
    with pytest.raises(DeclarationError, match=r"belongs to lcrca .* a home of its own"):
        places_in_use(new.model_copy(update={"authority": other}))
    text = (folder / "authority.yaml").read_text("utf-8")
    (folder / "authority.yaml").write_text(text.replace("id: lcrca", "id: northmoor"), "utf-8")
    with pytest.raises(DeclarationError, match="is now the folder of northmoor"):
        places_in_use(new)


def test_a_folder_that_was_moved_is_named_once_more(
    new: Settings, folder: Path, tmp_path: Path
) -> None:
    moved = folder.rename(tmp_path / "moved")
    with pytest.raises(DeclarationError, match="is not there: put it back, or let SOCIAL_VALUE"):
        places_in_use(Settings(home=new.home))
    assert places_in_use(Settings(home=new.home, authority=moved)).seeds.is_dir()
    assert places_in_use(Settings(home=new.home, authority=AUTHORITY)).seeds.is_dir()
    text = (moved / "authority.yaml").read_text("utf-8")
    (moved / "authority.yaml").write_text(text.replace("id: lcrca", "id: northmoor"), "utf-8")
    with pytest.raises(DeclarationError, match="is not there"):
        places_in_use(Settings(home=new.home, authority=moved))


def test_a_backup_says_whose_the_home_is(new: Settings, tmp_path: Path) -> None:
    with open_scratch(new) as connection, writing(new, connection):
        pass
    back_up(new, tmp_path / "copy.tar")
    restored = Settings(home=tmp_path / "restored")
    restore(restored, tmp_path / "copy.tar")
    assert places_in_use(restored).seeds.is_dir()


def test_a_home_of_nobody_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOCIAL_VALUE_DEFINITIONS")
    with pytest.raises(DeclarationError, match="belongs to no authority yet: SOCIAL_VALUE_AUTH"):
        places_in_use(Settings(home=tmp_path / "home"))


def test_an_authority_publishes_the_indicators_it_lists(new: Settings, folder: Path) -> None:
    with (folder / "authority.yaml").open("a", encoding="utf-8") as stream:
        stream.write("indicators: [C01, E05]\n")
    seeds = places_in_use(new).seeds
    for name in ("indicators", "indicator_bases", "breakdowns", "targets"):
        lines = (seeds / f"{name}.csv").read_text("utf-8").splitlines()[1:]
        assert {line.split(",")[0] for line in lines} <= {"C01", "E05"}
    assert not (places_in_use(new).tables / "volunteering.yaml").exists()
    words = (places_in_use(new).narrative / "quarterly.yaml").read_text("utf-8")
    assert "local_spend" in words
    assert "C02" not in words
    text = (folder / "authority.yaml").read_text("utf-8").replace("E05]", "Z99]")
    (folder / "authority.yaml").write_text(text, "utf-8")
    with pytest.raises(DeclarationError, match="indicators: Z99: the registry has none"):
        places_in_use(new)


def test_a_note_says_whose_employees_an_employer_has(new: Settings, folder: Path) -> None:
    def note() -> str:
        return (places_in_use(new).tables / "pay_gaps.yaml").read_text("utf-8")

    path = folder / "seeds" / "employers.csv"
    as_it_was = path.read_text("utf-8")
    assert "no gap.\n" in note()  # nothing is said where nothing was merged
    header, *rows = as_it_was.splitlines()
    merged = [f"{header},valid_to,succeeded_by", f"{rows[0]},,", f"{rows[1]},2022-09-30,lcrca"]
    path.write_text("\n".join(merged) + "\n", "utf-8")
    assert (
        "no gap. Liverpool City Region Combined Authority has the employees of Merseytravel, which"
        " went into it on 2022-09-30, in earlier quarters too.\n"
    ) in note()
    path.write_text("\n".join(merged).replace(",Merseytravel,", ",MT: a body,") + "\n", "utf-8")
    with pytest.raises(DeclarationError, match=r"a name of .* MT: a body"):
        places_in_use(new)
