"""A Prefect server that lives as long as a test run wants it, however that run may end.

Whoever uses it holds a shared lock on a file, which the system frees when its holder dies; this
process waits for the lock to itself, and then stops the server.
"""

import fcntl
import subprocess
import sys
from pathlib import Path


def main(port: str, users: Path, note: Path) -> None:
    """Serve on `port` until nobody holds `users`; then remove `note`, which says where we are."""
    prefect = Path(sys.executable).with_name("prefect")
    words = [prefect, "server", "start", "--host", "127.0.0.1", "--port", port]
    server = subprocess.Popen(words, stdin=subprocess.DEVNULL)
    try:
        with users.open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            note.unlink(missing_ok=True)
            server.terminate()
            server.wait(timeout=30)
    finally:
        server.kill()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
