"""`make docs`: dbt's documentation of every model and column, as one page that needs no network."""

import shutil
import sys

from flows.common import clock
from flows.common.settings import settings_for
from flows.modelling.build import BuildFailed, prepare, workplace
from flows.modelling.dbt_runner import at_work, run_dbt


def main() -> None:
    """Write dbt's static documentation and print where it is. Raises BuildFailed."""
    settings = settings_for(None)
    prepare(settings)
    work = workplace(settings)
    page = settings.home / "docs" / "static_index.html"
    with at_work(work) as held:
        done = run_dbt(work, ["docs", "generate", "--static"], clock.now(), {}, [held])
        if done.returncode:
            raise BuildFailed(f"dbt could not write its documentation: {done.stdout[-300:]}")
        page.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(work.target / page.name, page)
    print(f"Open {page}", file=sys.stdout)


if __name__ == "__main__":
    main()
