"""What the oracle says of a case: the shape in which it is compared with a decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from infoshare.outcome import Basis, Outcome

Answer = bool | int | str | date | frozenset[str]


@dataclass(frozen=True)
class By:
    """Who did it: in every completion, and in some."""

    always: frozenset[str]
    sometimes: frozenset[str]


@dataclass(frozen=True)
class ExpectedRow:
    """A row of the table: released, held back or open (None), by what, and the facts it hangs on."""

    item: str | None
    recipient: str | None
    release: bool | None
    held_by: By
    open_by: frozenset[str]


@dataclass(frozen=True)
class ExpectedQuestion:
    """A fact that matters, what it changes, and which outcomes each answer leaves, with the strength of each."""

    fact: str
    unsure: bool
    changes: frozenset[str]
    leads_to: Mapping[Answer, Mapping[Outcome, str | None]]
    countable: bool  # answers are a list that the vocabulary fixes: yes or no, one of


@dataclass
class Expected:
    """The decision; lists are in policy order."""

    outcome: Outcome
    basis: Basis
    mandatory: bool | None
    possible: frozenset[Outcome]
    fired: list[str] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)
    defeated: dict[str, By] = field(default_factory=dict)
    excepted: dict[str, By] = field(default_factory=dict)
    duties: dict[str, str] = field(default_factory=dict)
    lifted: dict[str, By] = field(default_factory=dict)
    safeguards: By = By(frozenset(), frozenset())
    rows: list[ExpectedRow] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    assumed: dict[str, tuple[Answer, bool]] = field(default_factory=dict)
    questions: list[ExpectedQuestion] = field(default_factory=list)
    completions: int = 0


def by(each: Sequence[frozenset[str]]) -> By:
    return By(frozenset.intersection(*each), frozenset().union(*each))
