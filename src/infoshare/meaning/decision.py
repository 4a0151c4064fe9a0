"""The decision: the answer, and everything that led to it, as one frozen value.

Its JSON form is `infoshare.decision/1`: keys are only ever added. Answers of facts are held as JSON
holds them (dates as text), so that `Decision.from_dict(d.to_dict()) == d`.
Deliberately not here: how it was reached (`evaluator`), and its text for people (`infoshare.explain`).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeAlias

import attrs

from infoshare.outcome import Basis, Outcome
from infoshare.values import frozen

if TYPE_CHECKING:
    from infoshare.meaning.model import Model
    from infoshare.meaning.shapes import DecisionDict

FORMAT = "infoshare.decision/1"

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


class DeferredMap(FrozenMap):
    """A mapping that is worked out when somebody first looks into it; in all else a `FrozenMap`."""

    __slots__ = ("_of", "_work_out")

    def __init__(self, work_out: Callable[[Any], Mapping[str, Any]], of: object) -> None:
        self._work_out = work_out
        self._of = of

    def __getattr__(self, name: str) -> Any:
        if name != "_items":
            raise AttributeError(name)
        self._items = dict(self._work_out(self._of))
        return self._items


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
class ClauseFinding:
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
class DutyFinding:
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


@attrs.frozen(eq=False)
class Decision:
    """See `docs` and section 5 of the language for every field; lists are in policy order.

    Two decisions are equal when every field but the model is.
    """

    policy: PolicyRef
    case: str | None = attrs.field(repr=False)
    as_of: date
    outcome: Outcome
    mandatory: bool | None
    exact: bool
    basis: Basis
    fired: tuple[ClauseFinding, ...] = attrs.field(default=(), repr=False)
    defeated: tuple[ClauseFinding, ...] = attrs.field(default=(), repr=False)
    excepted: tuple[ClauseFinding, ...] = attrs.field(default=(), repr=False)
    unresolved: tuple[ClauseFinding, ...] = attrs.field(default=(), repr=False)
    not_fired: tuple[ClauseFinding, ...] = attrs.field(default=(), repr=False)
    relied_on: Mapping[str, Any] = _map_field()
    possible: tuple[Outcome, ...] = ()
    questions: tuple[Question, ...] = attrs.field(default=(), repr=False)
    duties: tuple[DutyFinding, ...] = attrs.field(default=(), repr=False)
    lifted: tuple[LiftedDuty, ...] = attrs.field(default=(), repr=False)
    safeguards: tuple[KeptSafeguard, ...] = attrs.field(default=(), repr=False)
    disclosures: tuple[Disclosure, ...] = attrs.field(default=(), repr=False)
    advice: tuple[AdviceFinding, ...] = attrs.field(default=(), repr=False)
    assumed: tuple[Assumption, ...] = attrs.field(default=(), repr=False)
    model: "Model | None" = attrs.field(default=None, eq=False, repr=False, kw_only=True)

    @property
    def may_share(self) -> bool:
        """Whether the outcome is share and every item may go to every recipient."""
        return self.outcome is Outcome.SHARE and all(row.release is True for row in self.disclosures)

    @property
    def released(self) -> tuple[tuple[str | None, str | None], ...]:
        """The (item, recipient) pairs that may go."""
        return tuple((row.item, row.recipient) for row in self.disclosures if row.release is True)

    def to_dict(self) -> "DecisionDict":
        """The decision as plain JSON data, `infoshare.decision/1`."""
        from infoshare.meaning.serial import to_dict

        return to_dict(self)

    @staticmethod
    def from_dict(data: object) -> "Decision":
        """The decision that `to_dict` wrote. Raises DecisionError, with every fault, for anything else."""
        from infoshare.meaning.serial import from_dict

        return from_dict(data)

    def explain(self) -> str:
        """The decision in words, for the person who asked."""
        from infoshare.explain import explain

        return explain(self)

    def _repr_html_(self) -> str:
        """A notebook shows the outcome and what it rests on, and nothing of the case."""
        from infoshare.explain import decision_card

        return decision_card(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Decision):
            return NotImplemented
        return all(getattr(self, field) == getattr(other, field) for field in _compared())

    def __hash__(self) -> int:
        return hash((self.policy, self.case, self.as_of, self.outcome, self.basis, self.possible))

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "a decision is more than yes or no: use `decision.may_share` to ask whether everything may be"
            " shared, or look at `decision.outcome`"
        )


@cache
def _compared() -> tuple[str, ...]:
    return tuple(field.name for field in attrs.fields(Decision) if field.eq)
