"""What ships is true for any authority: it names no place and no body of one."""

import re
import subprocess

from flows.common.settings import PROJECT

SHIPPED = ("flows", "expectations", "exports", "dbt")
LOCAL = re.compile(
    r"liverpool|\blcr\b|lcrca|mersey|knowsley|sefton|wirral|halton|\bst\.? helens|city region",
    re.IGNORECASE,
)
# The made-up authority itself, and what it sends; and a kind of fact that is somebody's own.
EXCEPTED = (
    "flows/demo/",  # the authority that the demo and the tests use
    "flows/returns/layouts/",  # the library of layouts: headers as bodies really write them
)
# And where facts were read.
SOURCE_OF_A_FACT = re.compile(
    r"liverpoolcityregion-ca\.gov\.uk news|LCR Corporate Plan Performance Report"
)


def test_no_place_and_no_body_ships() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *SHIPPED],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert len(listed) > 500
    found = []
    for path in listed:
        if path.startswith(EXCEPTED) or not (PROJECT / path).is_file():
            continue
        for number, line in enumerate((PROJECT / path).read_text("utf-8").splitlines(), start=1):
            if LOCAL.search(SOURCE_OF_A_FACT.sub("", line)):
                found.append(f"{path}, line {number}: {line.strip()[:120]}")
    assert found == []
