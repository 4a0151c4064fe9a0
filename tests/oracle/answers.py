"""What the oracle says of a case: the shape in which it is compared with a decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from infoshare.outcome import Basis, Outcome

Answer = bool | int | str | date | frozenset[str]
Pair = tuple[str | None, str | None]  # an item and a recipient; None for a side that is not listed

Ask = tuple[str, str | None, str | None]  # the clause that asks; the person's name; or whom, in words


@dataclass(frozen=True)
class By:
    """Who did it: in every completion, and in some."""

    always: frozenset[str]
    sometimes: frozenset[str]


@dataclass(frozen=True)
class ExpectedRow:
    """An item for a recipient: released, held back or open (None), by what, and all that is decided of it."""

    item: str | None
    recipient: str | None
    release: bool | None
    held_by: By
    open_by: frozenset[str]  # the facts that alone, in some completion, let it go or hold it back
    outcome: Outcome
    basis: Basis
    mandatory: bool | None
    strength: str | None
    possible: frozenset[Outcome]
    fired: tuple[str, ...]
    unresolved: tuple[str, ...]
    defeated: Mapping[str, By]
    excepted: Mapping[str, By]
    relaxed: Mapping[str, By]
    ask: frozenset[Ask]

    @property
    def pair(self) -> Pair:
        return self.item, self.recipient


@dataclass(frozen=True)
class ExpectedQuestion:
    """A fact that matters, what it changes and of which rows, and the outcomes that each answer leaves, with strengths."""

    fact: str
    unsure: bool
    changes: frozenset[str]
    rows: frozenset[Pair]
    leads_to: Mapping[Answer, Mapping[Outcome, str | None]]
    countable: bool  # answers are a list that the vocabulary fixes: yes or no, one of


@dataclass
class Expected:
    """The decision; lists are in policy order.

    A duty, or advice, for each of a list is named as `keyed` names it.
    """

    outcome: Outcome
    basis: Basis
    mandatory: bool | None
    strength: str | None
    possible: frozenset[Outcome]
    every_row: list[ExpectedRow]
    has_rows: bool  # an outcome is given for each row
    fired: list[str] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)
    defeated: dict[str, By] = field(default_factory=dict)
    excepted: dict[str, By] = field(default_factory=dict)
    duties: dict[str, str] = field(default_factory=dict)
    last_days: dict[str, date | None] = field(default_factory=dict)
    lifted: dict[str, By] = field(default_factory=dict)
    safeguards: By = By(frozenset(), frozenset())
    advice: list[str] = field(default_factory=list)
    assumed: dict[str, tuple[Answer, bool]] = field(default_factory=dict)
    assumed_lists: frozenset[str] = frozenset()  # taken to be empty
    questions: list[ExpectedQuestion] = field(default_factory=list)
    completions: int = 0

    @property
    def rows(self) -> list[ExpectedRow]:
        """The table, where there is one."""
        return self.every_row if self.has_rows or self.outcome is Outcome.SHARE else []


def by(each: Sequence[frozenset[str]]) -> By:
    return By(frozenset.intersection(*each), frozenset().union(*each))


def keyed(name: str, elements: Mapping[str, str] | None) -> str:
    """A duty or advice for some elements: `visit for person "Ann"`; by its name where it is for no list."""
    return " ".join([name, *(f'for {group} "{element}"' for group, element in (elements or {}).items())])
