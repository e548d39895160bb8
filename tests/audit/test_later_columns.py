"""What a release keeps is laid over today's definitions, whose models may read what is new."""

import shutil
from pathlib import Path

import pytest
import yaml

from flows.common.settings import Settings
from flows.publishing.rebuild import laid_over
from flows.returns.contract import read_contracts
from flows.warehouse.kept_files import NotKept, keep
from tests.support.definitions import DEFINITIONS, PLACES


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Definitions from before payments had a currency, contracts KPIs, and coverage a column."""
    folder = Path(shutil.copytree(DEFINITIONS, tmp_path / "kept"))
    path = folder / "contracts" / "finance_payments.yaml"
    told = yaml.safe_load(path.read_text("utf-8"))
    told["columns"] = [one for one in told["columns"] if one["name"] != "currency"]
    path.write_text(yaml.safe_dump(told), "utf-8")
    path = folder / "contracts" / "procurement_contracts.yaml"
    told = yaml.safe_load(path.read_text("utf-8"))
    del told["also"]
    path.write_text(yaml.safe_dump(told), "utf-8")
    (folder / "seeds" / "minimum_coverage.csv").write_text("indicator_id,basis\nC01,\n", "utf-8")
    (folder / "seeds" / "employers.csv").unlink()
    return folder


def test_what_came_later_is_there_and_what_was_kept_stands(kept: Path, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", definitions=DEFINITIONS)
    folder = laid_over(kept, None, settings, tmp_path / "laid-out")
    now, then = read_contracts(PLACES.contracts), read_contracts(folder / "contracts")
    for name in ("finance_payments", "procurement_contracts"):
        tables = {table: one.columns for table, one in then[name].tables.items()}
        assert tables.keys() == now[name].tables.keys()
        for table, columns in tables.items():
            wanted = {column.name for column in now[name].tables[table].columns}
            assert {column.name for column in columns} == wanted
    coverage = (folder / "seeds" / "minimum_coverage.csv").read_text("utf-8").splitlines()
    assert coverage[0].split(",")[:2] == ["indicator_id", "basis"]
    assert "holds_at_none" in coverage[0]
    assert [line.split(",")[0] for line in coverage[1:]] == ["C01"]
    assert (folder / "seeds" / "employers.csv").is_file()


def test_models_are_those_of_then_and_lie_in_the_folder_alone(kept: Path, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", definitions=DEFINITIONS)
    digest = keep(settings, b"select 1 as a")
    models = {"models/core/fct_own.sql": digest}
    folder = laid_over(kept, models, settings, tmp_path / "laid-out")
    assert (folder / "models" / "core" / "fct_own.sql").read_bytes() == b"select 1 as a"
    with pytest.raises(NotKept, match="no path of a folder"):
        laid_over(kept, {"models/../../own.sql": digest}, settings, tmp_path / "second")
    with pytest.raises(NotKept, match="are not kept"):
        laid_over(kept, {"models/own.sql": "0" * 64}, settings, tmp_path / "third")
    assert not (tmp_path / "own.sql").exists()
