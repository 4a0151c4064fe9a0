"""Which engines there are, and which of them this Python can import.

Deliberately not here: what they cost. An engine that is not installed is a row that says so, never an error.
"""

import importlib
import pkgutil
import tomllib
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import attrs

from comparison import engines
from comparison.specification import REFERENCE, Case, Decide, Match, Rules, concluding

REFERENCE_ENGINE = "python_fired"
KINDS = ("product", "baseline", "peer")


@attrs.frozen
class Engine:
    """An engine of the comparison; what the fields hold is told in `comparison.engines`."""

    key: str
    title: str
    kind: str
    distribution: str | None
    module: str | None
    version: str | None
    installed: bool
    fired: str
    duties: bool
    largest: int | None
    decides: bool
    matches: bool
    _code: ModuleType = attrs.field(repr=False, eq=False)

    def decide(self) -> Decide:
        """Loads the reference policy."""
        if hasattr(self._code, "decide"):
            decide: Decide = self._code.decide()
            return decide
        return concluding(self._code.matching(REFERENCE))

    def says_unknown(self) -> Callable[[Case], bool] | None:
        """Whether a case cannot be decided yet; `None` if the engine has no word for that."""
        return self._code.says_unknown() if hasattr(self._code, "says_unknown") else None

    def matching(self, rules: Rules) -> Match:
        """Loads these rules."""
        match: Match = self._code.matching(rules)
        return match


def catalogue() -> list[Engine]:
    """Every engine: the product, then baselines, then peers by name."""
    found = [engine(name) for _, name, _ in pkgutil.iter_modules(engines.__path__)]
    return sorted(found, key=lambda e: (KINDS.index(e.kind), e.key))


def engine(key: str) -> Engine:
    """The engine of one file."""
    code = importlib.import_module(f"comparison.engines.{key}")
    return Engine(
        key=key,
        title=code.TITLE,
        kind=code.KIND,
        distribution=code.DISTRIBUTION,
        module=code.MODULE,
        version=_version(code.DISTRIBUTION),
        installed=code.MODULE is None or find_spec(code.MODULE) is not None,
        fired=code.FIRED,
        duties=code.DUTIES,
        largest=getattr(code, "LARGEST", None),
        decides=hasattr(code, "decide") or hasattr(code, "matching"),
        matches=hasattr(code, "matching"),
        code=code,
    )


def _version(distribution: str | None) -> str | None:
    try:
        return version(distribution) if distribution else None
    except PackageNotFoundError:
        return _version_of_this_tree() if distribution == "infoshare" else None


def _version_of_this_tree() -> str:
    with (Path(__file__).parent.parent.parent / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])
