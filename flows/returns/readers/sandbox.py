"""Who reads workbooks with python-calamine for us: a process that forks for each of them."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from flows.common.errors import Rejected
from flows.returns.file import File
from flows.returns.readers.sandbox_child import DONE, LOCKED

SECONDS = 120
MEGABYTES = 3000  # of address space; a workbook of 100,000 rows needs about 400


class WorkbookReader:
    """Reads workbooks, each in a process of its own; what starts these is started with the first.

    Close it, or use it as a context.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, file: File, output: Path) -> None:
        """Write the workbook's rows into `output`, as JSON lines.

        Raises Rejected where it is locked or damaged, or takes more memory or time than any return.
        """
        status, message = self._ask(file.path, output)
        if status == -signal.SIGALRM:
            raise unreadable(file, f"it takes more than {SECONDS} seconds to open")
        if status == LOCKED:
            raise Rejected("read", f"{file.name} is locked with a password: send it without one.")
        if status != DONE:
            raise unreadable(file, message or "it is damaged")

    def close(self) -> None:
        """Let the process end, if it was started."""
        if self._process is not None:
            self._process.communicate()
            self._process = None

    def _ask(self, workbook: Path, output: Path) -> tuple[int, str]:
        if self._process is None:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "flows.returns.readers.sandbox_child"),
                    *(str(MEGABYTES), str(SECONDS)),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        question, answers = self._process.stdin, self._process.stdout
        if question is None or answers is None:
            raise RuntimeError("the reader of workbooks was started without pipes.")
        question.write(json.dumps({"workbook": str(workbook), "output": str(output)}) + "\n")
        question.flush()
        line = answers.readline()
        if not line:
            raise RuntimeError("the reader of workbooks ended: see what it said above.")
        answer = json.loads(line)
        return int(answer["status"]), str(answer["message"])


def unreadable(file: File, why: str) -> Rejected:
    """The answer for a workbook that the reader, or we before it, could not open."""
    short = " ".join(why.split())[:120].rstrip(".")
    return Rejected(
        "read", f"{file.name} cannot be read as a workbook ({short}): save it again and send it."
    )
