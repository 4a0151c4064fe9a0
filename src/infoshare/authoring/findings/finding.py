"""What is looked at, and what is found: the values that every part of `findings` takes and gives.

A case that shows a finding is given as a scenario: policy text that can be pasted as it stands, and kept.
Deliberately not here: any finding, and looking for cases (`infoshare.analysis.search`) and writing them (`as_scenario`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, TypeVar

import attrs

from infoshare.analysis.as_scenario import scenario
from infoshare.analysis.search import Shown
from infoshare.budget import asked
from infoshare.diagnostic import Diagnostic, Label, Severity
from infoshare.meaning import facts as reading
from infoshare.meaning.model import Model
from infoshare.meaning.resolver import ParsedFile
from infoshare.policy.load import LoadResult
from infoshare.policy.policy import Policy
from infoshare.syntax import tree as t
from infoshare.text import Span

T = TypeVar("T")

Named = t.Clause | t.Exception_ | t.Duty | t.Safeguard | t.Advice | t.Guarantee | t.ImpossibleDecl
"""What is declared under a name that all of these share."""


@attrs.frozen
class Told:
    """What to say of the case that shows a finding: help, and a scenario to paste, where one was found."""

    help: str
    scenario: str | None = None


@attrs.frozen
class Edit:
    """A stretch of a file, and what should stand there instead."""

    span: Span
    text: str


@attrs.frozen
class Finding:
    """A warning.

    Attributes:
        about: the names that it concerns, for a suppression that is meant for some of them only.
        fix: what mends it without changing what the policy means; empty where that takes a person.
    """

    diagnostic: Diagnostic
    about: frozenset[str] = frozenset()
    fix: tuple[Edit, ...] = ()


@attrs.frozen(slots=False, eq=False)
class Checked:
    """A file as it was loaded, with those that it uses.

    Attributes:
        policy: never that of a file with an error: there is nothing to look at then.
        listed: whether it is itself to be looked at; if not, its scenarios still count.
    """

    policy: Policy
    files: tuple[ParsedFile, ...]
    listed: bool = True
    _kept: dict[object, Any] = attrs.field(factory=dict, repr=False)

    def once(self, what: object, find: Callable[[], T]) -> T:
        """What is found in this file alone, found once: an editor looks at it again beside others that change.

        Args:
            what: a name for what is found, with the day on which it is.

        Raises:
            Stopped: if nobody wants it any more; nothing is kept then.
        """
        if what not in self._kept:
            with asked().reading([file.path for file in self.files]):
                self._kept[what] = find()
        found: T = self._kept[what]
        return found

    @staticmethod
    def of(result: LoadResult, *, listed: bool = True) -> "Checked | None":
        """What a load gave, unless there were errors."""
        return None if result.policy is None else Checked(result.policy, result.files, listed)

    @property
    def model(self) -> Model:
        """What it means."""
        return self.policy.model

    @property
    def main(self) -> ParsedFile:
        """The file itself."""
        return self.files[-1]

    @property
    def header(self) -> t.PolicyDecl | None:
        """The declaration of the policy in the file itself; None for a library."""
        return next((d for d in self.main.tree.declarations if isinstance(d, t.PolicyDecl)), None)

    @cached_property
    def tried(self) -> str | None:
        """The path of the file of the policy that its scenarios are for."""
        name = self.policy.name
        for file in self.files:
            if any(isinstance(d, t.PolicyDecl) and d.name.text == name for d in file.tree.declarations):
                return file.path
        return None

    @cached_property
    def declared(self) -> Mapping[str, Named]:
        """Every clause, duty, safeguard, advice, guarantee and impossible combination, of all files, by name."""
        return {d.name.text: d for file in self.files for d in file.tree.declarations if isinstance(d, Named)}

    def name_of(self, provision: str) -> Span:
        """Where a clause, duty, safeguard, advice, guarantee or impossible combination is named."""
        return self.declared[provision].name.span


def found(
    code: str,
    message: str,
    span: Span,
    label: str = "",
    *,
    help: Iterable[str] = (),
    shown: Told | None = None,
    also: Iterable[Label] = (),
    about: Iterable[str] = (),
    fix: Iterable[Edit] = (),
) -> Finding:
    """A warning at a place.

    Args:
        shown: the case that shows it.
    """
    labels = (Label(span, label), *also)
    help_ = (*help, *((shown.help,) if shown else ()))
    blocks = (shown.scenario,) if shown and shown.scenario else ()
    diagnostic = Diagnostic(code, message, labels, help_, severity=Severity.WARNING, blocks=blocks)
    return Finding(diagnostic, frozenset(about), tuple(fix))


def nodes(node: object) -> Iterator[t.Node]:
    """A node, or several, and all that is in them."""
    if isinstance(node, tuple):
        for item in node:
            yield from nodes(item)
    elif isinstance(node, t.Node | t.Provisions):
        if isinstance(node, t.Node):
            yield node
        for field in attrs.fields(type(node)):
            if field.name != "span":
                yield from nodes(getattr(node, field.name))


def listed(names: Iterable[str], joiner: str = "and") -> str:
    """`a`, `b` and `c`: names as a sentence has them."""
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {joiner} {quoted[-1]}"


# --- the case that shows it --------------------------------------------------------------------------


PASTE = "paste this scenario into the policy, and `infoshare test` shows it"
DOUBT = "no case was found that shows it: it depends on facts that are compared with one another, or on lists"


def told(checked: Checked, shown: Shown, title: str) -> Told:
    """The scenario that shows a finding.

    Args:
        title: of the scenario.
    """
    if shown.verdict is None:
        return Told(DOUBT)
    model = checked.model
    case = reading.read(model, shown.witness.case).case
    return Told(PASTE, scenario(model, case, shown.witness.as_of, title, shown.verdict))
