"""The model: what a policy means, with every name bound and every type known.

Declarations refer to one another by name through the tables of `Model`, so the whole is an acyclic,
picklable value. Invariants: every name that occurs is in its table; what sets aside and what
prevails over what form no circle; defines form no circle; conditions are well typed.
Deliberately not here: text, spans for anything but messages, and deciding (`evaluator`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Literal, TypeAlias, assert_never

import attrs

from infoshare.meaning.types import Answer, FactType, Reference
from infoshare.outcome import Act, Outcome
from infoshare.text import Span
from infoshare.values import frozen

# --- vocabulary -----------------------------------------------------------------------------


@frozen
class Group:
    """A group of facts; with `each`, a case holds a list of them, each element with its `name`.

    Attributes:
        none_listed: whether a list that is not given is taken to be empty (`unanswered means none`).
    """

    name: str
    phrase: str
    each: bool = False
    none_listed: bool = False


@frozen
class Fact:
    """One fact of the vocabulary.

    Attributes:
        path: `group.fact`.
        assumed: what an unanswered fact is taken to be; None when nothing is assumed.
        ask: the question, None when the author gave none.
        each: whether the group is a list, so that each element has this fact.
        assumed_every: for a reference, the condition of whom it is taken to name (`unanswered means every …`).
        ask_first: whether it is asked before what is not so marked, and confirmed before a headline where assumed.
        fixed: whether it cannot be otherwise (an age, what a court ordered).
    """

    path: str
    phrase: str
    type: FactType
    assumed: Answer | None = None
    ask: str | None = None
    each: bool = False
    assumed_every: "Condition | None" = None
    ask_first: bool = False
    fixed: bool = False

    @property
    def group(self) -> str:
        """The name of the group."""
        return self.path.partition(".")[0]

    @property
    def name(self) -> str:
        """The name within the group."""
        return self.path.partition(".")[2]


PLACE = re.compile(r"\{([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)\}")
"""A place in a phrase, where the answer of a fact is said: `{consent.by} refuses`."""


# --- terms and conditions -------------------------------------------------------------------


@frozen
class FactTerm:
    """The answer of a number or date fact (or text, under `is`).

    Attributes:
        hand: of which element in hand, where that is not the one of its group (see `Quantified`).
    """

    fact: Fact
    hand: str | None = None


@frozen
class Literal_:  # noqa: N801 - the plain name is typing's
    """A constant."""

    value: int | date | str


@frozen
class Today:
    """The as-of date."""


@frozen
class ValueTerm:
    """A `value`, as it is on the as-of date, and where it is `by` a fact, for the answer of that."""

    name: str


@frozen
class Duration:
    """`count` days, weeks, months or years."""

    count: int
    unit: Literal["days", "weeks", "months", "years"]


@frozen
class Offset:
    """A date counted from another by the calendar; `sign` is -1 for before, 1 for after."""

    amount: Duration | ValueTerm
    sign: Literal[-1, 1]
    base: "Term"


@frozen
class Sum:
    """A number and another, added or (`sign` -1) taken away."""

    left: "Term"
    sign: Literal[-1, 1]
    right: "Term"


@frozen
class YearsBetween:
    """The greatest n with n years after the first not later than the second; negative the other way round."""

    first: "Term"
    second: "Term"


Term: TypeAlias = FactTerm | Literal_ | Today | ValueTerm | Offset | Sum | YearsBetween


@frozen
class Referred:
    """Those whom a reference names: none, one or some elements of its list.

    Attributes:
        hand: of which element in hand it is the answer, where that is not the one of its group (see `Quantified`).
    """

    fact: Fact
    hand: str | None = None


@frozen
class InHand:
    """The element in hand of a list, or the one that is called so (see `Quantified`)."""

    group: str


Named: TypeAlias = Referred | InHand


@frozen
class Among:
    """The answer of a yes-or-no or one-of fact is one of `values`."""

    fact: Fact
    values: frozenset[Answer]


@frozen
class Ticked:
    """The option is among those ticked of a some-of fact."""

    fact: Fact
    option: str


@frozen
class Compare:
    """Two numbers, two dates or (only `=`) two texts compared."""

    left: Term
    op: Literal["<", "<=", ">", ">=", "="]
    right: Term


@frozen
class Meets:
    """Somebody is named by both: `item.about includes recipient.who`, `recipient.who is person`.

    No where one of them names nobody: two nones are not the same.
    """

    left: Named
    right: Named


@frozen
class Defined:
    """A define, by name; one for each element of a list speaks of the element in hand."""

    name: str


@frozen
class Not:
    """The other truth."""

    item: "Condition"


@frozen
class All:
    """Every item holds."""

    items: tuple["Condition", ...]


@frozen
class Any:
    """At least one item holds."""

    items: tuple["Condition", ...]


@frozen
class Quantified:
    """The condition holds for some (`any`), for all (`every`) or for no element (`no`) of a group.

    A test through a reference (`recipient.who.suspected`) is `any` within it: of none of them it is no. Of a reference
    to one that names none, `every` and `no` are no too.

    Attributes:
        within: only of those whom this reference names; it is read outside of the condition.
        hand: what the element in hand is called inside, where that is not its group: so that a comparison may speak
            of an element and of whom a reference names.
    """

    kind: Literal["any", "every", "no"]
    group: str
    condition: "Condition"
    within: Referred | None = None
    hand: str | None = None

    @property
    def bound(self) -> str:
        """What the element in hand is called inside."""
        return self.hand or self.group


@frozen
class Counted:
    """The condition holds for at least (`>=`), at most (`<=`) or exactly (`=`) so many elements of a group."""

    op: Literal[">=", "<=", "="]
    number: int
    group: str
    condition: "Condition"
    within: Referred | None = None

    @property
    def bound(self) -> str:
        """What the element in hand is called inside."""
        return self.group


OverElements: TypeAlias = Quantified | Counted

Atomic: TypeAlias = Among | Ticked | Compare | Meets
"""What itself asks about facts; everything else is made of these."""

Condition: TypeAlias = Atomic | Defined | Not | All | Any | OverElements


def children(condition: Condition) -> tuple[Condition, ...]:
    """The conditions that a condition is directly made of; a define is not followed."""
    match condition:
        case Among() | Ticked() | Compare() | Meets() | Defined():
            return ()
        case Not(item) | Quantified(_, _, item) | Counted(_, _, _, item):
            return (item,)
        case All(items) | Any(items):
            return items
        case _:
            assert_never(condition)


def lists_of(condition: Condition, defines: "Mapping[str, Define]") -> tuple[str, ...]:
    """The lists of which a condition speaks of an element in hand, that no quantifier of its own has taken up."""
    found: dict[str, None] = {}
    for child in children(condition):
        found |= dict.fromkeys(lists_of(child, defines))
    if isinstance(condition, Quantified | Counted):
        found.pop(condition.bound, None)
    if isinstance(condition, Defined) and condition.name in defines:
        each = defines[condition.name].for_each
        found |= {} if each is None else {each: None}
    for named in named_by(condition):
        if isinstance(named, InHand):
            found[named.group] = None
    for term in terms(condition):
        if isinstance(term, FactTerm) and term.fact.each:
            found[term.hand or term.fact.group] = None
    return tuple(found)


def named_by(condition: Condition) -> tuple[Named, ...]:
    """The references of a condition itself, and the elements in hand that it compares with them."""
    if isinstance(condition, Meets):
        return (condition.left, condition.right)
    if isinstance(condition, Quantified | Counted) and condition.within is not None:
        return (condition.within,)
    return ()


def with_children(condition: Condition, items: tuple[Condition, ...]) -> Condition:
    """The same condition made of others, as many as it has `children`."""
    match condition:
        case Among() | Ticked() | Compare() | Meets() | Defined():
            return condition
        case Not():
            return Not(items[0])
        case Quantified() | Counted():
            return attrs.evolve(condition, condition=items[0])
        case All():
            return All(items)
        case Any():
            return Any(items)
        case _:
            assert_never(condition)


def of_all(part: Condition) -> OverElements | None:
    """The quantifier of `every …`, and of what says the same: `no … (not …)`, `not any … (not …)`, `at most 0 … (not …)`."""
    asked = part.item if isinstance(part, Not) else part
    if not isinstance(asked, Quantified | Counted):
        return None
    kind = asked.kind if isinstance(asked, Quantified) else _AS_QUANTIFIER.get((asked.op, asked.number))
    return asked if says_all(kind, isinstance(asked.condition, Not), asked is not part) else None


_AS_QUANTIFIER: Mapping[tuple[str, int], str] = {("<=", 0): "no", ("=", 0): "no", (">=", 1): "any"}
"""The counts that say what a quantifier does."""


def says_all(kind: str | None, of_what_is_not: bool, denied: bool) -> bool:
    """Whether a quantifier asks something of all.

    Args:
        kind: `any`, `every` or `no`; nothing of a count that says none of these.
        of_what_is_not: whether its condition is denied.
        denied: whether it is denied itself.
    """
    return (kind == "every" and not denied) or (of_what_is_not and kind == ("any" if denied else "no"))


def terms(condition: Condition) -> tuple[Term, ...]:
    """The terms that a condition itself asks about, each before those that it is counted from."""
    match condition:
        case Among(fact) | Ticked(fact):
            return (FactTerm(fact),)
        case Compare(left, _, right):
            return (*_counted(left), *_counted(right))
        case Meets() | Quantified() | Counted():
            return tuple(
                FactTerm(named.fact, named.hand)
                for named in named_by(condition)
                if isinstance(named, Referred)
            )
        case Defined() | Not() | All() | Any():
            return ()
        case _:
            assert_never(condition)


def _counted(term: Term) -> tuple[Term, ...]:
    match term:
        case FactTerm() | Literal_() | Today() | ValueTerm():
            return (term,)
        case Offset(amount, _, base):
            by = (amount,) if isinstance(amount, ValueTerm) else ()
            return (term, *by, *_counted(base))
        case Sum(left, _, right) | YearsBetween(left, right):
            return (term, *_counted(left), *_counted(right))
        case _:
            assert_never(term)


def with_value(condition: Compare, name: str, value: "int | date | Duration | None") -> Compare:
    """A comparison with what a `value` is put in the place of its name; None where it has none on that day."""

    def put(term: Term) -> Term:
        match term:
            case ValueTerm() if term.name == name and not isinstance(value, Duration):
                return term if value is None else Literal_(value)
            case Offset(amount, sign, base):
                by = value if isinstance(amount, ValueTerm) and amount.name == name else amount
                return Offset(by if isinstance(by, Duration | ValueTerm) else amount, sign, put(base))
            case Sum(left, sign, right):
                return Sum(put(left), sign, put(right))
            case YearsBetween(first, second):
                return YearsBetween(put(first), put(second))
            case FactTerm() | Literal_() | Today() | ValueTerm():
                return term
            case _:
                assert_never(term)

    return Compare(put(condition.left), condition.op, put(condition.right))


def parts(condition: Condition, defines: "Mapping[str, Define] | None" = None) -> Iterator[Condition]:
    """A condition and every condition within it, each before what it is made of, from left to right.

    Args:
        defines: those that are followed, each once; none are if not given.
    """
    pending, followed = [condition], set[str]()
    while pending:
        item = pending.pop()
        yield item
        pending.extend(reversed(children(item)))
        if defines and isinstance(item, Defined) and item.name not in followed and item.name in defines:
            followed.add(item.name)
            pending.append(defines[item.name].condition)


# --- declarations ---------------------------------------------------------------------------


@frozen
class Cite:
    """A place in a source; `at` is None where the source is cited whole."""

    source: str
    at: str | None


@frozen
class Source_:  # noqa: N801 - `Source` is a document's text
    """What clauses cite."""

    name: str
    title: str
    by: str | None = None
    dated: date | None = None
    at: str | None = None


@frozen
class Header:
    """A policy's own name and dates; both days of force are included."""

    name: str
    title: str
    version: str | None = None
    owner: str | None = None
    start: date | None = None
    end: date | None = None
    review_by: date | None = None


@frozen(kw_only=True)
class Provision:
    """What every clause, duty, safeguard and advice has.

    Attributes:
        policy: name of the policy whose file declared it; None when a library did.
        scope: the lists of which it speaks of each element: `item`, `recipient` (sides of a row), or another.
        part: the part of its file that it stands in; but for advice and guarantees, its condition and dates are
            already among its own.
        instead_of: the provision of a used policy whose place it takes while it is itself in force.
    """

    name: str
    statement: str
    scope: tuple[str, ...] = ()
    part: str | None = None
    instead_of: str | None = None
    when: Condition | None = None
    unless: Condition | None = None
    start: date | None = None
    end: date | None = None
    because: str | None = None
    cites: tuple[Cite, ...] = ()
    policy: str | None = None
    span: Span | None = attrs.field(default=None, eq=False, repr=False)

    @property
    def conditions(self) -> "tuple[Condition, ...]":
        """Every condition that it has."""
        return tuple(each for each in (self.when, self.unless) if each is not None)

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides of a row of which it speaks of each: `item`, `recipient`."""
        return tuple(group for group in self.scope if group in SIDES)

    @property
    def other_list(self) -> str | None:
        """The list that is no side of a row, and of each element of which it speaks."""
        return next((group for group in self.scope if group not in SIDES), None)


SIDES = ("item", "recipient")
"""The lists that are the sides of a row."""


@frozen
class EachOf:
    """Each element of a list, or of those whom a reference names, of whom a condition is so."""

    group: str
    condition: Condition
    within: Referred | None = None


Whom: TypeAlias = str | Named | EachOf
"""Whose consent to seek: in words, those whom a reference names, the element in hand, each of some."""


@frozen(kw_only=True)
class Clause(Provision):
    """A consent clause, rule or override.

    Attributes:
        closing: whether it stands only where no other clause does (`where no other clause stands`).
    """

    kind: Literal["consent", "rule", "override"]
    outcome: Outcome
    must: bool = False
    should: bool = False
    whom: Whom | None = None
    closing: bool = False

    @property
    def effect(self) -> str:
        """As the language spells it: `must withhold`."""
        return ("must " if self.must else "should " if self.should else "") + self.outcome.words


@frozen(kw_only=True)
class Exception_(Provision):  # noqa: N801
    """An exception: what it sets aside is in `Model.set_aside_by`, or with `relaxes`, in `Model.relaxed_by`."""

    relaxes: bool = False


@frozen
class Timing:
    """`before sharing`."""

    order: Literal["before", "after"]
    act: Act

    @property
    def words(self) -> str:
        """As the language spells it."""
        return f"{self.order} {self.act}"


@frozen(kw_only=True)
class Duty(Provision):
    """A duty; `statement` says what to do."""

    timings: tuple[Timing, ...]
    deadline: "Deadline | None" = None

    @property
    def follows_holding_back(self) -> bool:
        """Whether a row brings it that a safeguard keeps back."""
        return any(timing.act is Act.HOLDING_BACK for timing in self.timings)


@frozen
class Deadline:
    """`within 3 working days of FACT`; without a fact, of the decision."""

    count: int
    unit: Literal["hours", "days", "working days", "weeks", "months"]
    of: Fact | None = None

    @property
    def words(self) -> str:
        """As the language spells it: `3 working days`, `1 week`."""
        return f"{self.count} {self.unit if self.count != 1 else self.unit.removesuffix('s')}"


@frozen(kw_only=True)
class Safeguard(Provision):
    """A safeguard over the groups in `scope`."""

    require: Condition
    otherwise: str

    @property
    def conditions(self) -> "tuple[Condition, ...]":
        return (*Provision.conditions.__get__(self), self.require)


@frozen(kw_only=True)
class Advice(Provision):
    """Whom to ask: `statement` says who."""


@frozen(kw_only=True)
class Guarantee(Provision):
    """What must be so of every complete case; exactly one of `outcome` and `duty` is given."""

    modality: Literal["never", "always"]
    outcome: Outcome | None = None
    duty: str | None = None


@frozen
class Impossible:
    """A combination of facts that cannot be."""

    name: str
    why: str
    condition: Condition


@frozen
class Define:
    """A named condition; with `for_each`, about an element of a list."""

    name: str
    phrase: str
    condition: Condition
    for_each: str | None = None


@frozen
class Value:
    """A constant that changes with the law: steps in order of date, the first from its first date on.

    Attributes:
        by: the fact on whose answer it hangs; `steps` are then empty.
        tables: then, for each answer, its steps in order of date.
    """

    name: str
    steps: tuple[tuple[date, int | date | Duration], ...] = ()
    by: Fact | None = None
    tables: Mapping[Answer, tuple[tuple[date, int | date | Duration], ...]] = attrs.field(
        factory=dict, hash=False
    )

    def on(self, day: date, answer: Answer | None = None) -> int | date | Duration | None:
        """The value on a day, for an answer where it is by a fact; None before the first date."""
        current = None
        for start, value in self.steps if self.by is None or answer is None else self.tables[answer]:
            if start <= day:
                current = value
        return current

    @property
    def every_step(self) -> "tuple[tuple[date, int | date | Duration], ...]":
        """Its steps, whatever the answer that it hangs on."""
        return (
            self.steps if self.by is None else tuple(step for each in self.tables.values() for step in each)
        )


@frozen
class Part:
    """A section of a policy: what its condition and dates are of is in `Provision.part`."""

    name: str
    title: str
    condition: Condition | None = None
    start: date | None = None
    end: date | None = None
    cites: tuple[Cite, ...] = ()
    policy: str | None = None


@attrs.frozen(eq=False, slots=False)
class Model:
    """A policy as loaded: every table in policy order, used files first.

    Attributes:
        header: of the file that was loaded; None for a library.
        headers: every policy header, by name.
        clauses: consent clauses, rules and overrides.
        set_aside_by: for a clause, duty, safeguard, advice or exception, the exceptions that set it aside.
        prevailed_over_by: for a clause, the overrides that prevail over it.
        relaxed_by: for a clause that says must or should, the exceptions that relax it.
        targets: for an override or exception, the names that it prevails over, sets aside or relaxes.
        replaced_by: for a provision of a used policy, the one that stands instead of it while that is in force.
        holidays: every day that any `holidays` name, in order.
        parts: by name.
        new_words: whether a form that came with rows and people is used and leaves no trace in the rest, being put in
            older words when it is bound: `includes any of`, `is empty`, `all other clauses`, `also one of` …
        declared: names of every provision, in policy order.
        order: names of exceptions, clauses, duties and advice, each after whatever acts on it.
        entangled: paths of the numbers, dates and what values are by, that some condition compares with another fact.
        digest: `sha256:` and 64 hexadecimal digits, over every file.
    """

    header: Header | None
    headers: Mapping[str, Header]
    groups: Mapping[str, Group]
    facts: Mapping[str, Fact]
    defines: Mapping[str, Define]
    values: Mapping[str, Value]
    sources: Mapping[str, Source_]
    impossibles: tuple[Impossible, ...]
    clauses: Mapping[str, Clause]
    exceptions: Mapping[str, Exception_]
    duties: Mapping[str, Duty]
    safeguards: Mapping[str, Safeguard]
    advice: Mapping[str, Advice]
    guarantees: Mapping[str, Guarantee]
    set_aside_by: Mapping[str, tuple[str, ...]]
    prevailed_over_by: Mapping[str, tuple[str, ...]]
    targets: Mapping[str, tuple[str, ...]]
    declared: tuple[str, ...]
    order: tuple[str, ...]
    entangled: frozenset[str] = frozenset()
    digest: str = ""
    relaxed_by: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    replaced_by: Mapping[str, str] = attrs.field(factory=dict)
    holidays: tuple[date, ...] = ()
    parts: Mapping[str, Part] = attrs.field(factory=dict)
    new_words: bool = False

    def provision(self, name: str) -> Provision:
        """The provision of a name."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> Mapping[str, Provision]:
        return {provision.name: provision for provision in self.provisions()}

    def __getstate__(self) -> dict[str, object]:
        """Pickled without what is worked out from the rest when it is asked for."""
        return {field.name: getattr(self, field.name) for field in attrs.fields(type(self))}

    def provisions(self) -> Iterator[Provision]:
        """Every provision, a kind after the other."""
        for table in (
            self.clauses,
            self.exceptions,
            self.duties,
            self.safeguards,
            self.advice,
            self.guarantees,
        ):
            yield from table.values()

    def conditions(self) -> Iterator[Condition]:
        """Every condition of the policy, as it was written: defines are not followed."""
        for provision in self.provisions():
            yield from provision.conditions
        yield from (define.condition for define in self.defines.values())
        yield from (impossible.condition for impossible in self.impossibles)

    @cached_property
    def has_quantifiers(self) -> bool:
        """Whether anything asks about the elements of a list together, as no row of a disclosure does."""
        return any(
            isinstance(part, Quantified | Counted) for each in self.conditions() for part in parts(each)
        )

    @cached_property
    def bears_on_outcomes(self) -> frozenset[str]:
        """The clauses, and the exceptions that can act on them or on safeguards."""
        acted_on = [*self.clauses, *self.safeguards]
        relaxing = {name for by in self.relaxed_by.values() for name in by}
        upstream = {name for each in (*acted_on, *relaxing) for name in self.upstream(each)}
        return frozenset({*self.clauses, *relaxing, *upstream})

    @cached_property
    def references_asked(self) -> tuple[Fact, ...]:
        """The facts that name elements and of which some condition asks whom, or anything of these."""
        asked = (t for c in self.conditions() for part in parts(c) for t in terms(part))
        found = {t.fact.path for t in asked if isinstance(t, FactTerm) and isinstance(t.fact.type, Reference)}
        return tuple(fact for fact in self.facts.values() if fact.path in found)

    def asked_by(self, condition: Condition) -> frozenset[str]:
        """The facts, by path, and the lists of which a condition speaks, through defines and values by a fact."""
        found = set[str]()
        for part in parts(condition, self.defines):
            if isinstance(part, Quantified | Counted):
                found.add(part.group)
            for term in terms(part):
                if isinstance(term, FactTerm):
                    found.add(term.fact.path)
                elif isinstance(term, ValueTerm) and (by := self.values[term.name].by) is not None:
                    found.add(by.path)
        return frozenset(found)

    @cached_property
    def asked(self) -> frozenset[str]:
        """The facts, by path, and the lists of which any condition speaks."""
        return frozenset[str]().union(*map(self.asked_by, self.conditions()))

    @cached_property
    def ruled_on(self) -> frozenset[str]:
        """The facts, by path, and the lists of which some `impossible` speaks."""
        return frozenset[str]().union(*self.asked_by_impossibles.values())

    @cached_property
    def asked_by_impossibles(self) -> Mapping[str, frozenset[str]]:
        """The facts, by path, and the lists of which each `impossible` speaks."""
        return {each.name: self.asked_by(each.condition) for each in self.impossibles}

    @cached_property
    def told_by_name(self) -> frozenset[str]:
        """The lists of whose elements some condition asks the name."""
        asked = (t for c in self.conditions() for part in parts(c) for t in terms(part))
        return frozenset(t.fact.group for t in asked if isinstance(t, FactTerm) and t.fact.name == "name")

    @cached_property
    def has_rows(self) -> bool:
        """Whether anything but a safeguard speaks of each element of a list: then every row has an outcome."""
        scoped = (self.clauses, self.exceptions, self.duties, self.advice)
        return any(provision.scope for table in scoped for provision in table.values())

    @cached_property
    def has_references(self) -> bool:
        """Whether some fact names elements of a list."""
        return any(isinstance(fact.type, Reference) for fact in self.facts.values())

    @cached_property
    def uses_new_forms(self) -> bool:
        """Whether it uses rows, people or anything else that came with them: then a decision has `ask_consent`."""
        provisions = list(self.provisions())
        clauses = self.clauses.values()
        return (
            self.new_words
            or self.has_rows
            or self.has_references
            or bool(self.relaxed_by or self.replaced_by or self.holidays or self.parts)
            or any(c.should or c.closing or c.whom is not None for c in clauses)
            or any(p.instead_of or (p.scope and isinstance(p, Guarantee)) for p in provisions)
            or any(duty.deadline or duty.follows_holding_back for duty in self.duties.values())
            or any(f.ask_first or f.fixed or getattr(f.type, "in_order", False) for f in self.facts.values())
            or any(g.none_listed for g in self.groups.values())
            or any(d.for_each for d in self.defines.values())
            or any(v.by for v in self.values.values())
            or any(_is_new(part) for each in self.conditions() for part in parts(each))
        )

    def own_when(self, provision: Provision) -> Condition | None:
        """Its `when` as it is written: without the condition of its part, and that there is somebody to ask."""
        when = provision.when
        if isinstance(provision, Clause) and isinstance(whom := provision.whom, EachOf):
            when = _before(when, Quantified("any", whom.group, whom.condition, whom.within))
        part = None if provision.part is None else self.parts[provision.part].condition
        if part is None or isinstance(provision, Advice | Guarantee):
            return when
        return when.items[1] if isinstance(when, All) and when.items[:1] == (part,) else None

    def in_order(self) -> Iterator[Provision]:
        """Exceptions, clauses, duties and advice, each after whatever acts on it."""
        tables = (self.exceptions, self.clauses, self.duties, self.advice)
        return (next(table[name] for table in tables if name in table) for name in self.order)

    @cached_property
    def _position(self) -> Mapping[str, int]:
        return {name: index for index, name in enumerate(self.order)}

    @cached_property
    def defeated_by(self) -> Mapping[str, tuple[str, ...]]:
        """For a clause, the overrides of another outcome that prevail over it; those of its own only confirm it."""
        return {
            name: tuple(each for each in by if self.clauses[each].outcome is not self.clauses[name].outcome)
            for name, by in self.prevailed_over_by.items()
        }

    def upstream(self, name: str) -> set[str]:
        """The exceptions that can set aside a provision, or one of those that can, and so on."""
        found, pending = set[str](), [name]
        while pending:
            new = set(self.set_aside_by.get(pending.pop(), ())) - found
            found |= new
            pending.extend(new)
        return found

    def downstream(self, name: str) -> list[str]:
        """A clause or exception and every one that it can act on, directly or not, in order."""
        known = self._downstream.get(name)
        if known is not None:
            return known
        found, pending = {name}, [name]
        while pending:
            for target in self.targets.get(pending.pop(), ()):
                if target not in found and (target in self.clauses or target in self.exceptions):
                    found.add(target)
                    pending.append(target)
        known = self._downstream[name] = sorted(found, key=self._position.__getitem__)
        return known

    def lists_of(self, condition: Condition) -> tuple[str, ...]:
        """The lists of which a condition of this policy speaks of an element in hand (see `lists_of`)."""
        found = self._lists_of.get(id(condition))
        if found is None:  # the condition is kept with it, so that its identity stays its own
            found = self._lists_of[id(condition)] = condition, lists_of(condition, self.defines)
        return found[1]

    def facts_of(self, condition: Condition | None) -> tuple[Fact, ...]:
        """The facts that a condition asks about, through defines, each once, in order."""
        if condition is None:
            return ()
        found = self._facts_of.get(id(condition))
        if found is None:  # as above
            asked = (term for part in parts(condition, self.defines) for term in terms(part))
            facts = {term.fact.path: term.fact for term in asked if isinstance(term, FactTerm)}
            found = self._facts_of[id(condition)] = condition, tuple(facts.values())
        return found[1]

    @cached_property
    def _facts_of(self) -> dict[int, tuple[Condition, tuple[Fact, ...]]]:
        """What was found for each condition."""
        return {}

    @cached_property
    def _lists_of(self) -> dict[int, tuple[Condition, tuple[str, ...]]]:
        """What was found for each condition."""
        return {}

    @cached_property
    def _downstream(self) -> dict[str, list[str]]:
        """What was found for each name."""
        return {}

    def in_policy_order(self, provisions: Iterable[Provision]) -> list[Provision]:
        """Provisions as they were declared, used files first."""
        position = self._declared_at
        return sorted(provisions, key=lambda p: position[p.name])

    @cached_property
    def _declared_at(self) -> Mapping[str, int]:
        return {name: index for index, name in enumerate(self.declared)}

    def in_force(self, provision: Provision, day: date) -> bool:
        """Whether its own dates and its policy's say that it is in force (both ends included), and nothing replaces it."""
        return self._by_dates(provision, day) and not self._is_replaced(provision.name, day)

    def _by_dates(self, provision: Provision, day: date) -> bool:
        header = self.headers[provision.policy] if provision.policy else None
        own = covers(provision.start, provision.end, day)
        return own and (header is None or covers(header.start, header.end, day))

    def _is_replaced(self, name: str, day: date) -> bool:
        """Whether anything stands instead of it, or instead of what does, and is in force by its dates."""
        instead = self.replaced_by.get(name)
        return instead is not None and (
            self._by_dates(self.provision(instead), day) or self._is_replaced(instead, day)
        )

    def policy_in_force(self, day: date) -> bool:
        """Whether the loaded policy itself is in force; a library always is."""
        return self.header is None or covers(self.header.start, self.header.end, day)


def _before(whole: Condition | None, last: Condition) -> Condition | None:
    """What stands before the last of what a condition was put together from."""
    return whole.items[0] if isinstance(whole, All) and whole.items[-1:] == (last,) else None


def _is_new(part: Condition) -> bool:
    """Whether a condition is of a form that came with rows and people."""
    match part:
        case Meets() | Counted():
            return True
        case Quantified():
            return part.within is not None
        case _:
            return any(isinstance(term, Sum | YearsBetween) for term in terms(part))


def covers(start: date | None, end: date | None, day: date) -> bool:
    """Whether a day lies between two, both included; without one, there is no bound on that side."""
    return (start is None or start <= day) and (end is None or day <= end)
