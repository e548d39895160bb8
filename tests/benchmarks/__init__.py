"""How long, how much memory, against what; with the definitions that tests run with."""

import os

from tests.support.definitions import DEFINITIONS

os.environ.setdefault("SOCIAL_VALUE_DEFINITIONS", str(DEFINITIONS))
