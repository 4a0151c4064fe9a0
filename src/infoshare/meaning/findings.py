"""What is found of a case: clauses, duties, questions, disclosures, each a frozen value, and all of them together.

Answers of facts are held as JSON holds them (dates as text). Deliberately not here: how they are found
(`deciding`, and the engine), and what a `Decision` offers besides (`infoshare.policy.decision`).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

import attrs

from infoshare.outcome import Basis, Outcome
from infoshare.values import frozen, key

if TYPE_CHECKING:
    from infoshare.meaning.case import Case
    from infoshare.meaning.model import Model


Strength: TypeAlias = Literal["must", "should", "may"]
"""How strong an outcome is that rests on clauses: whether one that concludes it says must, or else should."""

Pair: TypeAlias = tuple[str | None, ...]
"""An item and a recipient; None for a side that the case does not list."""


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
        # by texts too, such as names of elements: a thousand with the same keys alone would each be compared with all
        return hash(
            frozenset(
                (key, str.__hash__(value) if isinstance(value, str) else None)
                for key, value in self._items.items()
            )
        )

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
            setter = _SETTERS.get((type(self), name)) or _setter(type(self), name)
            work_out, of = _later_of(self)
            value = work_out(of, name)
            setter(self, value)
            return value


_later_of = vars(Late)["_later"].__get__
_SETTERS: dict[tuple[type, str], Callable[[Any, Any], None]] = {}


def _setter(cls: type, name: str) -> Callable[[Any, Any], None]:
    """What sets a field of a frozen value, found once."""
    if name not in {field.name for field in attrs.fields(cls)}:
        raise AttributeError(name)
    setter: Callable[[Any, Any], None] = vars(cls)[name].__set__
    _SETTERS[cls, name] = setter
    return setter


def _frozen_map(items: Mapping[str, Any]) -> FrozenMap:
    return items if isinstance(items, FrozenMap) else FrozenMap(items)


def _answers(about: str, shape: str = "answers", **options: Any) -> Any:
    return key(about, shape=shape, factory=FrozenMap, converter=_frozen_map, repr=False, **options)


def _cites() -> Any:
    return key("The places in sources that it rests on.", default=())


def _pairs(about: str) -> Any:
    return key(about, required=False, always=False, default=(), repr=False)


def _elements(about: str) -> Any:
    return key(about, name="for", shape="elements", required=False, always=False, default=None, repr=False)


def _of_row(about: str, **options: Any) -> Any:
    """What a row says besides, in a policy in which an outcome is given for each."""
    return key(
        f"{about} Only where the policy says something for each.",
        required=False,
        beside="outcome",
        default=None,
        **options,
    )


def _without_element(fact: str) -> str:
    """A fact without the name of the element that it is of, which is the case's own."""
    return repr(re.sub(r"\[.*\]", "[…]", fact))


@frozen
class PolicyRef:
    """Which policy decided."""

    name: str | None = key("Null for a library.")
    title: str | None = key()
    version: str | None = key()
    digest: str = key(
        "SHA-256 over the sorted paths and SHA-256 digests of all its files, `sha256:` and 64 hexadecimal digits."
    )


@frozen
class Citation:
    """A place in a source."""

    source: str = key("The source's name.")
    at: str | None = key("Null where it is cited whole.")


@frozen
class ClauseFinding(Late):
    """A clause, in the one shape that it has everywhere."""

    clause: str = key("Its name.")
    kind: str = key("What kind of clause it is: `consent`, `rule`, `override` or `exception`.")
    effect: str | None = key("As the language spells it, such as `must share`; null for an exception.")
    statement: str = key("What it says, in the words of the policy.")
    cites: tuple[Citation, ...] = _cites()
    facts: Mapping[str, Any] = _answers("The answers that made it so.")
    by: tuple["ClauseFinding", ...] = key(
        "What defeated it or set it aside.", required=False, always=False, default=()
    )
    waiting_for: tuple[str, ...] = key(
        "The facts that it hangs on.", required=False, always=False, default=(), repr=False
    )
    rows: tuple[Pair, ...] = _pairs(
        "The rows of which it is so, as item and recipient, where that is not every row."
    )
    instead_of: str | None = key(
        "The clause of a used policy whose place it takes.", required=False, always=False, default=None
    )


@frozen
class AnswerOption:
    """One possible answer."""

    value: Any = key(shape="answer")
    label: str = key("How a person says it.")


@frozen
class Question:
    """A fact that matters and is not known."""

    fact: str = key("The fact, or the group of a list.", repr=_without_element)
    ask: str = key("The question in words.")
    type: str = key("What kind of answer it has.")
    answers: tuple[AnswerOption, ...] = key(
        "The answers that there are; empty for numbers, dates, texts and lists."
    )
    answered: str | None = key(
        "`unsure` when somebody was asked and does not know: then take advice instead of asking again.",
        shape="unsure or null",
        repr=False,
    )
    for_: tuple[str, ...] = key(
        "What hangs on it: `outcome`, `mandatory`, `duties`, `disclosures`.", name="for"
    )
    leads_to: Mapping[str, Any] = _answers(
        "For each answer, the outcomes that are then still possible.", "outcomes by answer"
    )
    leads_to_strength: Mapping[str, Any] = _answers(
        "For each answer, how strong each of the outcomes in `leads_to` would be, in the same order: `must`, `may`,"
        " or null where it would not rest on clauses or not always be as strong. Words may be added.",
        "strengths by answer",
        required=False,
    )
    rows: tuple[Pair, ...] = _pairs(
        "The rows that its answer can change, where the policy says something for each."
    )


@frozen
class DutyFinding(Late):
    """A duty that is due or open."""

    duty: str = key("Its name.")
    timing: str = key("When it is to be done.")
    do: str = key("What is to be done.")
    state: Literal["due", "open"] = key("An open duty is not to be acted on: it hangs on an unknown fact.")
    waiting_for: tuple[str, ...] = key("The facts that it hangs on.", default=(), repr=False)
    cites: tuple[Citation, ...] = _cites()
    for_: Mapping[str, Any] | None = _elements(
        "For whom or what it is, where it is one for each of a list: the element by the name of its list; null while"
        " the list is not given."
    )
    within: str | None = key(
        "By when it is to be done: `36 hours`.", required=False, always=False, default=None
    )
    by: date | None = key(
        "The last day for it, where that can be counted.",
        required=False,
        always=False,
        default=None,
        repr=False,
    )


@frozen
class LiftedDuty:
    """A duty that an exception lifted."""

    duty: str = key("Its name.")
    timing: str = key("When it would have been due.")
    do: str = key("What is not to be done.")
    by: tuple[ClauseFinding, ...] = key("The exceptions that lifted it.", before="timing")
    cites: tuple[Citation, ...] = _cites()
    for_: Mapping[str, Any] | None = _elements("For whom or what it would have been due, as for a duty.")
    need_not: bool | None = key(
        "True where it is only not due: the policy promises when it is never asked for, and this is not such a case. "
        "False where it is not settled whether it is.",
        required=False,
        always=False,
        default=None,
        repr=False,
    )


@frozen
class KeptSafeguard:
    """A condition to keep."""

    safeguard: str = key("Its name.")
    statement: str = key("What it says.")
    cites: tuple[Citation, ...] = _cites()


@frozen
class Hold:
    """A safeguard that holds a row back, or may."""

    safeguard: str = key("Its name.")
    statement: str = key("What it says.")
    remedy: str = key("What would mend it.", before="statement")
    cites: tuple[Citation, ...] = _cites()
    facts: Mapping[str, Any] = _answers("The answers that made it so.")
    waiting_for: tuple[str, ...] = key("The facts that it hangs on.", default=(), repr=False)


@frozen
class Disclosure:
    """One item for one recipient."""

    item: str | None = key("Null where the case lists none.", repr=False)
    recipient: str | None = key("Null where the case lists none.", repr=False)
    release: bool | None = key("Null while it is open.")
    held_by: tuple[Hold, ...] = key("What holds it back.", default=())
    open_by: tuple[Hold, ...] = key("What may hold it back, depending on unknown facts.", default=())
    outcome: Outcome | None = key(
        "Of this item for this recipient; seek advice while more than one is possible. Only where the policy says"
        " something for each.",
        required=False,
        always=False,
        default=None,
    )
    mandatory: bool | None = _of_row("As for a decision.")
    strength: Strength | None = _of_row("`must`, `should`, `may`, or null.", shape="strength")
    basis: Basis | None = _of_row("What the outcome rests on.")
    possible: tuple[Outcome, ...] | None = _of_row("The outcomes still possible.", shape="outcomes")
    fired: tuple[str, ...] | None = _of_row("The names of the clauses that stand.", shape="names")
    defeated: tuple[str, ...] | None = _of_row("The names of those that were prevailed over.", shape="names")


@frozen
class AdviceFinding:
    """Somebody to ask."""

    advice: str = key("Its name.")
    whom: str = key("Whom.")
    cites: tuple[Citation, ...] = _cites()
    for_: Mapping[str, Any] | None = _elements("For whom or what, as for a duty.")


@frozen
class AskConsent:
    """Somebody whose consent is to be sought."""

    person: str | None = key(
        "Their name in the case; null where the policy says in words who it is.", repr=False
    )
    whom: str | None = key(
        "Who it is in the words of the policy; null where `person` says who, or the policy does not.",
        repr=False,
    )
    by: tuple[str, ...] = key("The clauses that say so.")
    rows: tuple[Pair, ...] = key("The rows for which it is sought.", repr=False)


@frozen
class Relaxed:
    """A clause that stands and no longer says must or should."""

    clause: str = key("Its name.")
    by: tuple[str, ...] = key("The exceptions that relax it.")


@frozen
class Assumption:
    """What an unanswered fact was taken to be."""

    fact: str = key("The fact.", repr=_without_element)
    value: Any = key(shape="answer", repr=False)
    matters: bool = key("Whether another answer would change the decision.", default=False)


class Findings:
    """Everything that is found of one case; see section 5 of the language for each part. Lists are in policy order.

    A part is worked out, by what it is `found` by, when it is first looked at, and is the same from then on.
    """

    __slots__ = ("_found",)

    _found: "Stated"
    """Whatever has an attribute for each part: `deciding.Defined`, the engine's `Found`, or a `Stated`."""

    if TYPE_CHECKING:

        @property
        def outcome(self) -> Outcome:
            """The answer; seek advice, while more than one is possible."""

        @property
        def fired(self) -> tuple[ClauseFinding, ...]:
            """The clauses that stand."""

        @property
        def duties(self) -> tuple[DutyFinding, ...]:
            """The duties that are due or may be."""

    else:  # what nearly everybody looks at, in half of the time of a property that is written in Python
        outcome = property(attrgetter("_found.outcome"), doc="The answer; seek advice, if more are possible.")
        fired = property(attrgetter("_found.fired"), doc="The clauses that stand.")
        duties = property(attrgetter("_found.duties"), doc="The duties that are due or may be.")

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
    def strength(self) -> "Strength | None":
        """How strong the outcome is: must, should or may where it rests on clauses and that is certain, else None."""
        if self.ask_consent is not None:
            return self._found.strength
        if self.basis is not Basis.CLAUSES or self.mandatory is None:
            return None
        return "must" if self.mandatory else "may"

    @property
    def ask_consent(self) -> tuple[AskConsent, ...] | None:
        """Whose consent is to be sought; None where the policy uses no rows, people or `seek consent from`."""
        return self._found.ask_consent

    @property
    def relaxed(self) -> tuple[Relaxed, ...]:
        """The clauses that stand and no longer say must or should."""
        return self._found.relaxed

    @property
    def model(self) -> "Model | None":
        """The policy that decided; None where it is not at hand."""
        return self._found.model


@attrs.frozen(eq=False)
class Stated:
    """What is found of a case, where somebody states all of it: from JSON, or from a pickle."""

    as_read: "ClassVar[Case | None]" = None

    policy: PolicyRef = key()
    case: str | None = key("What the case calls itself.")
    as_of: date = key("The day that was decided for.")
    outcome: Outcome = key("What is to be done.")
    mandatory: bool | None = key(
        "True: a clause that concludes the outcome says must, whatever the unknown facts; false: none does, so too in"
        " conflict and silence; null: it depends on an unknown fact. Never true while the outcome is not settled."
    )
    exact: bool = key(
        "False where the search for agreement gave up early, so that an outcome may be more careful than it need be."
    )
    basis: Basis = key("What the outcome rests on.")
    fired: tuple[ClauseFinding, ...] = key(
        "Clauses that stand whatever the unknown facts turn out to be.", default=()
    )
    defeated: tuple[ClauseFinding, ...] = key(
        "Clauses that an override prevailed over.", showing=("by",), default=()
    )
    excepted: tuple[ClauseFinding, ...] = key(
        "Clauses that an exception set aside.", showing=("by",), default=()
    )
    unresolved: tuple[ClauseFinding, ...] = key(
        "Clauses that stand or not, depending on unknown facts.", showing=("waiting_for",), default=()
    )
    not_fired: tuple[ClauseFinding, ...] = key(
        "Clauses in force that could have changed the outcome, with the facts that kept them from it.",
        default=(),
    )
    relied_on: Mapping[str, Any] = _answers(
        "As few facts as will do to reach the same outcome on the same basis."
    )
    possible: tuple[Outcome, ...] = key("The outcomes still possible.", default=())
    questions: tuple[Question, ...] = key("The unknown facts that matter, the best one first.", default=())
    duties: tuple[DutyFinding, ...] = key("What to do.", default=())
    lifted: tuple[LiftedDuty, ...] = key("Duties that an exception took away.", default=())
    safeguards: tuple[KeptSafeguard, ...] = key(
        "Conditions to keep, where the case lists nothing that they could be tried on.", default=()
    )
    disclosures: tuple[Disclosure, ...] = key(
        "Where the outcome is share, a row for each item and recipient.", default=()
    )
    advice: tuple[AdviceFinding, ...] = key("Whom to ask.", default=())
    assumed: tuple[Assumption, ...] = key(
        "Facts that nobody answered, and what they were taken to be.", default=()
    )
    strength: Strength | None = key(
        "Must, should or may, where the basis is clauses and all completions and rows agree; else null.",
        shape="strength",
        required=False,
        beside="ask_consent",
        default=None,
        eq=False,
    )
    ask_consent: tuple[AskConsent, ...] | None = key(
        "Whose consent is certainly to be sought. Only where the policy uses rows, people or another form that came"
        " with them.",
        required=False,
        beside="ask_consent",
        default=None,
    )
    relaxed: tuple[Relaxed, ...] = key(
        "Clauses that stand and no longer say must or should.",
        required=False,
        beside="ask_consent",
        default=(),
    )
    model: "Model | None" = attrs.field(default=None, eq=False, kw_only=True)


def case_of(decision: "Findings | Stated") -> "Case | None":
    """The case that a decision was made from, as it was read; None where the decision does not hold it."""
    found = decision._found if isinstance(decision, Findings) else decision  # noqa: SLF001 - a part of it
    return found.as_read
