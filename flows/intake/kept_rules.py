"""The rules that returns were judged by, each kept once under its digest, to read them again by.

A contract, a suite and a seed that a suite asks are files in `audit/rules/`, each named by the
SHA-256 of its content. Of several suites the digest is that of their digests, so they have a file
that lists them. An event of the ledger names what its return was judged by.
"""

import hashlib
import importlib.metadata
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from expectations.suite import Suite, digest_of
from flows.authority.places import places_in_use
from flows.common.settings import Settings
from flows.returns.contract import Contract
from flows.warehouse.kept_files import content_of, keep

READERS = (
    ("flows.common", ("periods.py", "seeds.py")),
    ("flows.returns", ("*.py", "*.sql")),
    ("flows.intake", ("stages.py", "split_rows.py")),
    ("expectations", ("*.py", "suites/built_in.yaml")),
)
PACKAGES = ("duckdb", "great-expectations", "python-calamine")
_HEX = 64  # letters of a SHA-256


def keep_rules(
    settings: Settings, contract: Contract, suites: Sequence[Suite], seeds: Sequence[str]
) -> dict[str, object]:
    """Keep what a return is judged by; what its event says of it.

    Raises OSError where a seed cannot be read.
    """
    asked = {name: (places_in_use(settings).seeds / f"{name}.csv").read_bytes() for name in seeds}
    content = [contract.text.encode(), *(suite.text.encode() for suite in suites)]
    if len(suites) > 1:
        content.append("".join(suite.digest for suite in suites).encode())
    for one in content:
        keep(settings, one)
    return {
        "contract": contract.digest,
        "suites": digest_of(suites),
        "seeds": {name: keep(settings, rows) for name, rows in asked.items()},
        "readers": readers_digest(),
    }


def kept_contract(settings: Settings, digest: str) -> Contract:
    """The contract of that digest. Raises NotKept."""
    return Contract.model_validate_json(content_of(settings, digest), by_name=True)


def kept_suites(settings: Settings, digest: str) -> dict[str, Suite]:
    """The suites of that digest, by the tables they are for. Raises NotKept."""
    content = content_of(settings, digest)
    digests = [content[at : at + _HEX].decode() for at in range(0, len(content), _HEX)]
    texts = [content] if content.startswith(b"{") else [content_of(settings, d) for d in digests]
    suites = [Suite.model_validate_json(text) for text in texts]
    return {suite.suite: suite for suite in suites}


def lay_out_seeds(settings: Settings, seeds: Mapping[str, str], folder: Path) -> None:
    """Write the seeds, given by name and digest, into a folder. Raises NotKept."""
    for name, digest in seeds.items():
        (folder / f"{name}.csv").write_bytes(content_of(settings, digest))


@cache
def readers_digest() -> str:
    """A digest of the code and the packages that make rows and findings of a file's bytes."""
    whole = hashlib.sha256()
    for package, patterns in READERS:
        with as_file(files(package)) as folder:
            for path in sorted({path for one in patterns for path in folder.rglob(one)}):
                whole.update(f"{package}/{path.relative_to(folder)}".encode() + path.read_bytes())
    for name in PACKAGES:
        whole.update(f"{name} {importlib.metadata.version(name)}".encode())
    return whole.hexdigest()
