"""infoshare: may I share this information about this child, with whom, what, and on what authority?

The façade: `load`, `load_sources`, `Policy`, `Decision`, `Outcome`, `Basis`, and one family of errors.
Importing it imports lark and attrs and nothing else outside the standard library.
"""

from infoshare.diagnostic import Diagnostic, Label, Severity
from infoshare.errors import DecisionError, FactsError, InfoshareError, PolicyError
from infoshare.load import LoadResult, Policy, load, load_result, load_sources
from infoshare.meaning.decision import Decision
from infoshare.meaning.model import Group
from infoshare.meaning.shapes import DecisionDict
from infoshare.meaning.vocabulary import FactInfo
from infoshare.outcome import Basis, Outcome

__all__ = [
    "Basis",
    "Decision",
    "DecisionDict",
    "DecisionError",
    "Diagnostic",
    "FactInfo",
    "FactsError",
    "Group",
    "InfoshareError",
    "Label",
    "LoadResult",
    "Outcome",
    "Policy",
    "PolicyError",
    "Severity",
    "load",
    "load_result",
    "load_sources",
]


def __getattr__(name: str) -> str:
    """`infoshare.__version__`, looked up when it is asked for: it is written in one place, the package's metadata."""
    if name == "__version__":
        from importlib.metadata import version

        return version("infoshare")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
