"""What is taken away in one piece: a zip with the same bytes each time, and a data package."""

import csv
import io
import json
import zipfile

import pytest

from exports.files.package import zip_of
from tests.support.site_made import Made, make_site


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make_site(tmp_path_factory.mktemp("site"))


def test_the_zip_holds_the_files_of_the_release_as_they_are(made: Made) -> None:
    folder = made.second.path
    with zipfile.ZipFile(folder / "social-value-quarterly-2022-23-Q1.zip") as archive:
        names = archive.namelist()
        assert names == sorted(names)
        for name in names:
            assert archive.read(name) == (folder / name).read_bytes()
    there = {"datapackage.json", "words.csv", "changes.csv", "tables/indicators.csv"}
    assert {*there, "social-value-quarterly-2022-23-Q1.xlsx"} <= set(names)
    assert not any(name.startswith(("definitions/", "site/")) for name in names)


def test_equal_files_make_equal_zips() -> None:
    assert zip_of({"a": b"1", "b": b"2"}) == zip_of({"b": b"2", "a": b"1"})
    assert zip_of({"a": b"1"}) != zip_of({"a": b"2"})


def test_the_data_package_describes_every_table_as_it_lies(made: Made) -> None:
    folder = made.second.path
    described = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert described["name"] == "social-value-quarterly-2022-23-q1"
    assert described["version"] == "2"
    paths = {one["path"] for one in described["resources"]}
    assert paths == {f"tables/{path.name}" for path in (folder / "tables").glob("*.csv")}
    for one in described["resources"]:
        text = (folder / one["path"]).read_text("utf-8")
        header = next(csv.reader(io.StringIO(text)))
        fields = one["schema"]["fields"]
        assert [field["name"] for field in fields] == header
        assert set(one["schema"]["primaryKey"]) <= set(header)
        assert all(field["description"] for field in fields)


def test_a_page_says_what_it_is_where_it_is_shared(made: Made) -> None:
    text = (made.second.path / "site" / "index.html").read_text("utf-8")
    head = text[: text.index("</head>")]
    assert '<meta property="og:title" content="Overview' in head
    assert '<meta name="description" content="' in head
