"""A build in another engine that cannot be had, or not there, is refused in one sentence."""

from pathlib import Path

import pytest

from flows.common.settings import Settings
from flows.modelling import spark
from flows.modelling.elsewhere import NotThere, refuse_without
from flows.modelling.spark import MARK, build_in_spark
from tests.support.tiny_warehouse import make_reference


@pytest.mark.parametrize("name", ["no_such_package", "no.such.package", "dbt.adapters.no_such"])
def test_a_package_that_is_not_installed_is_named_with_how_to_get_it(name: str) -> None:
    with pytest.raises(NotThere, match=rf"^{name} cannot be found: pip install '[\w-]+\[spark]'"):
        refuse_without(("yaml", name), "spark")


def test_spark_without_java_is_refused(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spark, "NEEDS", ())
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotThere, match=r"^Spark runs on Java, and none can be found"):
        build_in_spark(settings, tmp_path / "lake")
    assert not (tmp_path / "lake").exists()


@pytest.fixture
def with_java(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "NEEDS", ())
    monkeypatch.setenv("JAVA_HOME", "/somewhere")


@pytest.mark.usefixtures("with_java")
def test_a_folder_with_what_is_not_ours_is_left_alone(settings: Settings, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    lake.mkdir()
    (lake / "theirs").write_text("kept")
    with pytest.raises(NotThere, match="lake holds what is not ours: name a folder of its own"):
        build_in_spark(settings, lake)
    assert (lake / "theirs").read_text() == "kept"
    with pytest.raises(NotThere, match="theirs holds what is not ours"):
        build_in_spark(settings, lake / "theirs")


@pytest.mark.usefixtures("with_java")
def test_where_a_build_fails_no_row_of_a_person_stays(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written out holds every row that is kept."""
    seen: list[str] = []

    def fail(*_: object) -> None:
        seen.extend(str(path.relative_to(lake)) for path in lake.rglob("*.parquet"))
        raise RuntimeError("the disk is full")

    lake = tmp_path / "lake"
    settings.warehouse.parent.mkdir(parents=True)
    make_reference(settings.reference)
    monkeypatch.setattr(spark, "by_dbt", fail)
    with pytest.raises(RuntimeError, match="the disk is full"):
        build_in_spark(settings, lake)
    assert {"given/ledger/returns.parquet", "given/landed/hr_workforce.parquet"} <= set(seen)
    assert {"given/build/moment.parquet", "given/given/measures.parquet"} <= set(seen)
    left = {path.relative_to(lake).as_posix() for path in lake.rglob("*") if path.is_file()}
    assert left == {MARK, "conf/spark-defaults.conf", "conf/log4j2.properties"}
