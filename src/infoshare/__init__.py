"""infoshare: may I share this information about this child, with whom, what, and on what authority?

The façade: `load`, `load_sources`, `Policy`, `Decision`, `Outcome`, `Basis`, and one family of errors.
Importing it imports attrs and nothing else outside the standard library; lark makes the tables of the grammar, and is not imported again.
"""

from typing import TYPE_CHECKING

from infoshare.diagnostic import Diagnostic, Label, Severity
from infoshare.errors import DecisionError, FactsError, InfoshareError, PolicyError
from infoshare.meaning.findings import DutyFinding, Question
from infoshare.meaning.model import Group
from infoshare.meaning.vocabulary import FactInfo
from infoshare.outcome import Basis, Outcome
from infoshare.policy.decision import Decision
from infoshare.policy.load import LoadResult, load, load_result, load_sources
from infoshare.policy.policy import Policy

if TYPE_CHECKING:
    from infoshare.policy.shapes import DecisionDict

    __version__: str

__all__ = [
    "Basis",
    "Decision",
    "DecisionDict",
    "DecisionError",
    "Diagnostic",
    "DutyFinding",
    "FactInfo",
    "FactsError",
    "Group",
    "InfoshareError",
    "Label",
    "LoadResult",
    "Outcome",
    "Policy",
    "PolicyError",
    "Question",
    "Severity",
    "load",
    "load_result",
    "load_sources",
]


if not TYPE_CHECKING:  # or type checkers would take every misspelt name for one that is there

    def __getattr__(name: str) -> object:
        """What is looked up when it is asked for.

        `infoshare.__version__`: it is written in one place, the package's metadata.
        `infoshare.DecisionDict`: only type checkers need it, and deciding does not.
        """
        if name == "__version__":
            from importlib.metadata import version

            return version("infoshare")
        if name == "DecisionDict":
            from infoshare.policy.shapes import DecisionDict

            return DecisionDict
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
