"""Lets the tests on Spark use what the tests of caseloads are written with."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "batch"))
