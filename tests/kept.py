"""The four policies as they were before people and recipients, kept as a subject of real size that has compiled forms.

What they answer is not told to anybody any more: it is how forms, columns, records and letters are made that they try.
"""

from pathlib import Path

import infoshare
from infoshare import Policy

KEPT = Path(__file__).parent / "data" / "policies-2026.1"
NAMES = ("cscp", "hmg-2018", "hmg-2024", "england-2026")


def kept(name: str) -> Policy:
    return infoshare.load(KEPT / f"{name}.policy")
