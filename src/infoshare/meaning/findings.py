"""What is found of a case: clauses, duties, questions, disclosures, each a frozen value, and all of them together.

Answers of facts are held as JSON holds them (dates as text). Deliberately not here: how they are found
(`deciding`, and the engine), and what a `Decision` offers besides (`infoshare.policy.decision`).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import attrs

from infoshare.outcome import Basis, Outcome
from infoshare.values import frozen

if TYPE_CHECKING:
    from infoshare.meaning.model import Model


Strength: TypeAlias = Literal["must", "may"]
"""How strong an outcome is that rests on clauses: whether one that concludes it says must."""


class FrozenMap(Mapping[str, Any]):
    """A mapping that cannot be changed: hashable, picklable, equal to a dict of the same items."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Any] | None = None) -> None:
        self._items = dict(items or {})

    def __getitem__(self, key: str) -> Any:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items))

    def __repr__(self) -> str:
        return f"<{len(self._items)} facts>"

    def __reduce__(self) -> tuple[type["FrozenMap"], tuple[dict[str, Any]]]:
        return FrozenMap, (self._items,)


class Late:
    """A value that may be made before its fields are: each is then worked out when it is first looked at."""

    __slots__ = ("_later",)

    _later: tuple[Callable[[Any, str], Any], Any]
    """What works out a field, of what and by its name; not there where all fields are."""

    if not TYPE_CHECKING:  # so that type checkers still know a name that is none

        def __getattr__(self, name: str) -> Any:
            if name == "_later" or name not in self.__slots__:
                raise AttributeError(name)
            work_out, of = self._later
            value = work_out(of, name)
            vars(type(self))[name].__set__(self, value)
            return value


def _frozen_map(items: Mapping[str, Any]) -> FrozenMap:
    return items if isinstance(items, FrozenMap) else FrozenMap(items)


def _map_field() -> Any:
    return attrs.field(factory=FrozenMap, converter=_frozen_map, repr=False)


def _without_element(fact: str) -> str:
    """A fact without the name of the element that it is of, which is the case's own."""
    return repr(re.sub(r"\[.*\]", "[…]", fact))


@frozen
class PolicyRef:
    """Which policy decided."""

    name: str | None
    title: str | None
    version: str | None
    digest: str


@frozen
class Citation:
    """A place in a source; `at` is None where it is cited whole."""

    source: str
    at: str | None


@frozen
class ClauseFinding(Late):
    """A clause as it appears everywhere.

    Attributes:
        effect: as the language spells it, None for what concludes nothing (an exception).
        facts: the answers that made it so.
        by: what defeated it or set it aside.
        waiting_for: the facts that it hangs on, when unresolved.
    """

    clause: str
    kind: str
    effect: str | None
    statement: str
    cites: tuple[Citation, ...] = ()
    facts: Mapping[str, Any] = _map_field()
    by: tuple["ClauseFinding", ...] = ()
    waiting_for: tuple[str, ...] = attrs.field(default=(), repr=False)


@frozen
class AnswerOption:
    """One possible answer of a question."""

    value: Any
    label: str


@frozen
class Question:
    """A fact that matters and is not known.

    Attributes:
        answered: None when nobody answered, `unsure` when somebody was asked and does not know.
        for_: what hangs on it: `outcome`, `mandatory`, `duties`, `disclosures`.
        leads_to: for each answer, the outcomes then still possible.
        leads_to_strength: for each answer, how strong each of these outcomes would be, in the same order: `must`,
            `may`, or None where it would not rest on clauses, or not always be as strong.
    """

    fact: str = attrs.field(repr=_without_element)
    ask: str
    type: str
    answers: tuple[AnswerOption, ...]
    answered: str | None = attrs.field(repr=False)
    for_: tuple[str, ...]
    leads_to: Mapping[str, Any] = _map_field()
    leads_to_strength: Mapping[str, Any] = _map_field()


@frozen
class DutyFinding(Late):
    """A duty that is due or open."""

    duty: str
    timing: str
    do: str
    state: Literal["due", "open"]
    waiting_for: tuple[str, ...] = attrs.field(default=(), repr=False)
    cites: tuple[Citation, ...] = ()


@frozen
class LiftedDuty:
    """A duty that an exception lifted."""

    duty: str
    timing: str
    do: str
    by: tuple[ClauseFinding, ...]
    cites: tuple[Citation, ...] = ()


@frozen
class KeptSafeguard:
    """A condition to keep, as the case lists nothing that it could be tried on."""

    safeguard: str
    statement: str
    cites: tuple[Citation, ...] = ()


@frozen
class Hold:
    """A safeguard that holds a row back, or may."""

    safeguard: str
    statement: str
    remedy: str
    cites: tuple[Citation, ...] = ()
    facts: Mapping[str, Any] = _map_field()
    waiting_for: tuple[str, ...] = attrs.field(default=(), repr=False)


@frozen
class Disclosure:
    """One item for one recipient; a side that the case does not list is None. `release` None is open."""

    item: str | None = attrs.field(repr=False)
    recipient: str | None = attrs.field(repr=False)
    release: bool | None
    held_by: tuple[Hold, ...] = ()
    open_by: tuple[Hold, ...] = ()


@frozen
class AdviceFinding:
    """Whom to ask."""

    advice: str
    whom: str
    cites: tuple[Citation, ...] = ()


@frozen
class Assumption:
    """A fact that nobody answered and what it was taken to be."""

    fact: str = attrs.field(repr=_without_element)
    value: Any = attrs.field(repr=False)
    matters: bool = False


class Findings:
    """Everything that is found of one case; see section 5 of the language for each part. Lists are in policy order.

    A part is worked out, by what it is `found` by, when it is first looked at, and is the same from then on.
    """

    __slots__ = ("_found",)

    _found: "Stated"
    """Whatever has an attribute for each part: `deciding.Defined`, the engine's `Found`, or a `Stated`."""

    @property
    def policy(self) -> PolicyRef:
        """Which policy decided."""
        return self._found.policy

    @property
    def case(self) -> str | None:
        """What the case is called."""
        return self._found.case

    @property
    def as_of(self) -> date:
        """The day decided for."""
        return self._found.as_of

    @property
    def outcome(self) -> Outcome:
        """The answer; seek advice, while more than one is possible."""
        return self._found.outcome

    @property
    def mandatory(self) -> bool | None:
        """Whether a clause that says must stands; None where that is not known."""
        return self._found.mandatory

    @property
    def exact(self) -> bool:
        """Whether everything that is unknown was told apart exactly."""
        return self._found.exact

    @property
    def basis(self) -> Basis:
        """What the outcome rests on."""
        return self._found.basis

    @property
    def fired(self) -> tuple[ClauseFinding, ...]:
        """The clauses that stand."""
        return self._found.fired

    @property
    def defeated(self) -> tuple[ClauseFinding, ...]:
        """The clauses that apply and do not stand, with what prevailed over each."""
        return self._found.defeated

    @property
    def excepted(self) -> tuple[ClauseFinding, ...]:
        """What holds and was set aside, with what set it aside."""
        return self._found.excepted

    @property
    def unresolved(self) -> tuple[ClauseFinding, ...]:
        """The clauses that may stand, and what each waits for."""
        return self._found.unresolved

    @property
    def not_fired(self) -> tuple[ClauseFinding, ...]:
        """The clauses that would have changed the outcome, and what kept them from firing."""
        return self._found.not_fired

    @property
    def relied_on(self) -> Mapping[str, Any]:
        """As few answers as settle the outcome."""
        return self._found.relied_on

    @property
    def possible(self) -> tuple[Outcome, ...]:
        """The outcomes that are still possible."""
        return self._found.possible

    @property
    def questions(self) -> tuple[Question, ...]:
        """The unknown facts that matter, the best to ask first."""
        return self._found.questions

    @property
    def duties(self) -> tuple[DutyFinding, ...]:
        """The duties that are due or may be."""
        return self._found.duties

    @property
    def lifted(self) -> tuple[LiftedDuty, ...]:
        """The duties that an exception lifted."""
        return self._found.lifted

    @property
    def safeguards(self) -> tuple[KeptSafeguard, ...]:
        """The conditions to keep of lists that the case does not give."""
        return self._found.safeguards

    @property
    def disclosures(self) -> tuple[Disclosure, ...]:
        """What may go to whom: a row for each item and recipient."""
        return self._found.disclosures

    @property
    def advice(self) -> tuple[AdviceFinding, ...]:
        """Whom to ask."""
        return self._found.advice

    @property
    def assumed(self) -> tuple[Assumption, ...]:
        """What was taken to be so, as nobody answered."""
        return self._found.assumed

    @property
    def model(self) -> "Model | None":
        """The policy that decided; None where it is not at hand."""
        return self._found.model


@attrs.frozen(eq=False)
class Stated:
    """What is found of a case, where somebody states all of it: from JSON, or from a pickle."""

    given = None

    policy: PolicyRef
    case: str | None
    as_of: date
    outcome: Outcome
    mandatory: bool | None
    exact: bool
    basis: Basis
    fired: tuple[ClauseFinding, ...] = ()
    defeated: tuple[ClauseFinding, ...] = ()
    excepted: tuple[ClauseFinding, ...] = ()
    unresolved: tuple[ClauseFinding, ...] = ()
    not_fired: tuple[ClauseFinding, ...] = ()
    relied_on: Mapping[str, Any] = _map_field()
    possible: tuple[Outcome, ...] = ()
    questions: tuple[Question, ...] = ()
    duties: tuple[DutyFinding, ...] = ()
    lifted: tuple[LiftedDuty, ...] = ()
    safeguards: tuple[KeptSafeguard, ...] = ()
    disclosures: tuple[Disclosure, ...] = ()
    advice: tuple[AdviceFinding, ...] = ()
    assumed: tuple[Assumption, ...] = ()
    model: "Model | None" = attrs.field(default=None, eq=False, kw_only=True)
