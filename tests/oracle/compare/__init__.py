"""What the releases of the demo say, cell by cell, beside the truth as it was when they came out.

Each release is held against what the made-up authority's files that had arrived by its moment make
true, after the stated disclosure step: a count of people from 1 to under the threshold must be
hidden, any other is rounded as `exports/disclosure/thresholds.yaml` says; of a cell that may be
hidden, for itself or to protect another, and is, nothing is compared. Every other figure is the
true one, rounded once as its table says. Rows that should be there and are not, rows that should
not be there, and figures that nobody compares differ too.
"""

from tests.oracle.compare.releases import compare_release, compare_releases

__all__ = ["compare_release", "compare_releases"]
