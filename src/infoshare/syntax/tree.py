"""The tree: what an author wrote, declaration by declaration.

Invariants: nodes are immutable; spans and comments are outside equality, so two trees are equal
when they say the same in the same order; `parse(print(tree)) == tree` for every tree whose names
are well formed. Deliberately not here: what anything means (`infoshare.meaning.model`).
"""

from datetime import date
from typing import Literal, TypeAlias, assert_never

import attrs

from infoshare.outcome import Act, Basis, Outcome
from infoshare.text import Source, Span
from infoshare.values import frozen

_NOWHERE = Span(Source("", ""), 0, 0)


@frozen
class Node:
    """Anything written in a policy file; `span` is the stretch of text that says it."""

    span: Span = attrs.field(default=_NOWHERE, eq=False, repr=False, kw_only=True)


# --- names and literals ---------------------------------------------------------------------


@frozen
class Name(Node):
    """A name: of a declaration where it declares, of what it refers to elsewhere."""

    text: str


@frozen
class Path(Node):
    """A fact as it is written: `group.fact`."""

    group: str
    fact: str

    @property
    def text(self) -> str:
        """The path with its dot."""
        return f"{self.group}.{self.fact}"


@frozen
class Word(Node):
    """A bare word in the place of a value: `refused`, `yes`, `no`, `unsure`, or the name of a `value`."""

    text: str


@frozen
class Number(Node):
    """A whole number."""

    value: int


@frozen
class Date(Node):
    """A calendar date, written `2026-01-31`."""

    value: date


@frozen
class Text(Node):
    """A string; white space in it is already folded to single spaces."""

    value: str


Unit: TypeAlias = Literal["days", "weeks", "months", "years"]


@frozen
class Duration(Node):
    """A length of time: `6 months`. The unit is always kept in the plural."""

    count: int
    unit: Unit


Value: TypeAlias = Word | Number | Date | Text

# --- terms: what is compared ----------------------------------------------------------------


@frozen
class Today(Node):
    """The as-of date."""


@frozen
class Offset(Node):
    """`6 months before TERM`, `retention after TERM`: a date counted from another by the calendar."""

    amount: Duration | Name
    direction: Literal["before", "after"]
    base: "Term"


Term: TypeAlias = Path | Name | Number | Date | Today | Offset

# --- conditions -----------------------------------------------------------------------------


@frozen
class Holds(Node):
    """A yes-or-no fact, or a define, by itself."""

    ref: Path | Name


@frozen
class Is(Node):
    """`FACT is VALUE`, `is not VALUE`; with `listed`, `is one of a, b`, `is not one of a, b`."""

    fact: Path
    values: tuple[Value, ...]
    negated: bool = False
    listed: bool = False


@frozen
class Includes(Node):
    """`FACT includes VALUE`: the option is among those ticked."""

    fact: Path
    value: Word


@frozen
class Compare(Node):
    """`TERM < TERM`."""

    left: Term
    op: Literal["<", "<=", ">", ">="]
    right: Term


@frozen
class Not(Node):
    """`not CONDITION`."""

    item: "Condition"


@frozen
class And(Node):
    """Two or more conditions joined with `and`; flat."""

    items: tuple["Condition", ...]


@frozen
class Or(Node):
    """Two or more conditions joined with `or`; flat."""

    items: tuple["Condition", ...]


@frozen
class These(Node):
    """`any of these`, `all of these`, `none of these`, and a list of one or more `-` items.

    Invariant: no `These` inside an item, and an item that joins with and/or stands in brackets.
    """

    kind: Literal["any", "all", "none"]
    items: tuple["Condition", ...]


@frozen
class Quantified(Node):
    """`any GROUP (CONDITION)`, `every GROUP (CONDITION)`, `no GROUP (CONDITION)`."""

    kind: Literal["any", "every", "no"]
    group: Name
    condition: "Condition"


Condition: TypeAlias = Holds | Is | Includes | Compare | Not | And | Or | These | Quantified


def children(condition: Condition) -> tuple[Condition, ...]:
    """The conditions that a condition is directly made of."""
    match condition:
        case Holds() | Is() | Includes() | Compare():
            return ()
        case Not(item) | Quantified(_, _, item):
            return (item,)
        case And(items) | Or(items) | These(_, items):
            return items
        case _:
            assert_never(condition)


def with_children(condition: Condition, items: tuple[Condition, ...]) -> Condition:
    """The same condition made of others, as many as it has `children`."""
    match condition:
        case Holds() | Is() | Includes() | Compare():
            return condition
        case Not():
            return attrs.evolve(condition, item=items[0])
        case Quantified():
            return attrs.evolve(condition, condition=items[0])
        case And() | Or() | These():
            return attrs.evolve(condition, items=items)
        case _:
            assert_never(condition)


# --- vocabulary -----------------------------------------------------------------------------


@frozen
class YesNo(Node):
    """`yes or no`."""


@frozen
class Option(Node):
    """One value of a `one of` or `some of`, with its label if it has one."""

    value: Name
    label: str | None = None


@frozen
class OneOf(Node):
    """`one of a "label", b`."""

    options: tuple[Option, ...]


@frozen
class SomeOf(Node):
    """`some of a "label", b`."""

    options: tuple[Option, ...]


@frozen
class NumberType(Node):
    """`number`, `number of years`, `number from 0 to 130`; both bounds are included."""

    unit: str | None = None
    low: int | None = None
    high: int | None = None


@frozen
class DateType(Node):
    """`date`."""


@frozen
class TextType(Node):
    """`text`."""


TypeExpr: TypeAlias = YesNo | OneOf | SomeOf | NumberType | DateType | TextType


@frozen
class FactDecl(Node):
    """`NAME "phrase" : TYPE [unanswered means VALUE] [ask "question"]`.

    `assumed` holds one value, or for `some of` the options taken as ticked.
    """

    name: Name
    phrase: str
    type: TypeExpr
    assumed: tuple[Value, ...] | None = None
    ask: str | None = None


@frozen
class FactsDecl(Node):
    """`facts about GROUP "phrase"`, or with `each`, `facts about each GROUP "phrase"`."""

    group: Name
    phrase: str
    facts: tuple[FactDecl, ...]
    each: bool = False


@frozen
class DefineDecl(Node):
    """`define NAME "phrase" as CONDITION`."""

    name: Name
    phrase: str
    condition: Condition


@frozen
class ValueStep(Node):
    """`LITERAL from DATE`."""

    literal: Number | Duration | Date
    start: Date


@frozen
class ValueDecl(Node):
    """`value NAME LITERAL from DATE, LITERAL from DATE …`."""

    name: Name
    steps: tuple[ValueStep, ...]


@frozen
class ImpossibleDecl(Node):
    """`impossible NAME "why" when CONDITION`."""

    name: Name
    why: str
    condition: Condition


# --- clauses --------------------------------------------------------------------------------


@frozen
class Cite(Node):
    """`cites SOURCE "place", "place"`; a source may be cited whole."""

    source: Name
    places: tuple[str, ...] = ()


@frozen
class Provisions:
    """What any clause may say after its effect, targets or timing, in any order."""

    when: Condition | None = None
    unless: Condition | None = None
    start: Date | None = None
    end: Date | None = None
    because: str | None = None
    cites: tuple[Cite, ...] = ()


@frozen
class Effect(Node):
    """`share`, `must share`, `seek consent` …"""

    outcome: Outcome
    must: bool = False


@frozen
class EveryConsentClause(Node):
    """The target `every consent clause`."""


Target: TypeAlias = Name | EveryConsentClause


@frozen
class Clause(Node):
    """`consent`, `rule` or `override`. Only an override has targets: what it prevails over."""

    kind: Literal["consent", "rule", "override"]
    name: Name
    statement: str
    effect: Effect
    targets: tuple[Target, ...] = ()
    provisions: Provisions = attrs.field(factory=Provisions)


@frozen
class Exception_(Node):  # noqa: N801 - the plain name is Python's
    """`exception NAME "statement" sets aside TARGETS`."""

    name: Name
    statement: str
    targets: tuple[Target, ...]
    provisions: Provisions = attrs.field(factory=Provisions)


@frozen
class Timing(Node):
    """`before sharing`, `after deciding` … (`before deciding` is not in the language)."""

    order: Literal["before", "after"]
    act: Act


@frozen
class Duty(Node):
    """`duty NAME "what to do" TIMING, TIMING`."""

    name: Name
    statement: str
    timings: tuple[Timing, ...]
    provisions: Provisions = attrs.field(factory=Provisions)


@frozen
class Safeguard(Node):
    """`safeguard NAME "statement" [for each item …] require CONDITION otherwise "remedy"`.

    `scope` holds `item`, `recipient`, both (in that order) or nothing.
    """

    name: Name
    statement: str
    scope: tuple[Literal["item", "recipient"], ...]
    require: Condition
    otherwise: str
    provisions: Provisions = attrs.field(factory=Provisions)


@frozen
class Advice(Node):
    """`advice NAME from "whom"`."""

    name: Name
    whom: str
    provisions: Provisions = attrs.field(factory=Provisions)


@frozen
class Guarantee(Node):
    """`guarantee NAME "statement"` and `never OUTCOME`, `always OUTCOME`, `always requires DUTY` …

    Exactly one of `outcome` and `duty` is given. `provisions` holds `when`, `because`, `cites` only.
    """

    name: Name
    statement: str
    modality: Literal["never", "always"]
    outcome: Outcome | None = None
    duty: Name | None = None
    provisions: Provisions = attrs.field(factory=Provisions)


# --- scenarios ------------------------------------------------------------------------------


@frozen
class GivenHolds(Node):
    """`child.competent` or `not concern.sexual_abuse`. Inside an element the group is the element's."""

    fact: Path
    negated: bool = False


@frozen
class GivenIs(Node):
    """`consent.status is refused`, `child.age is unsure`, `concern.signs is exactly bruising, fear`."""

    fact: Path
    values: tuple[Value, ...]
    exactly: bool = False


@frozen
class GivenElement(Node):
    """`item "GP letter" (necessary, recorded_on is 2026-01-01)`; each fact's group is `group`."""

    group: Name
    name: str
    facts: tuple[GivenHolds | GivenIs, ...] = ()


@frozen
class GivenNone(Node):
    """`no item`: the case lists none of them."""

    group: Name


Given: TypeAlias = GivenHolds | GivenIs | GivenElement | GivenNone


@frozen
class Row(Node):
    """`"item" [from "recipient"]` after `releasing`, `holding back` or `leaving open`."""

    item: str
    recipient: str | None = None


@frozen
class Expectation(Node):
    """What follows `then`. `asking` holds facts, or the name of a list that is asked for."""

    outcome: Outcome
    must: bool = False
    because_of: tuple[Name, ...] = ()
    basis: Basis | None = None
    with_: tuple[Name, ...] = ()
    without: tuple[Name, ...] = ()
    lifting: tuple[Name, ...] = ()
    asking: tuple[Path | Name, ...] = ()
    releasing: tuple[Row, ...] = ()
    holding_back: tuple[Row, ...] = ()
    leaving_open: tuple[Row, ...] = ()


@frozen
class Scenario(Node):
    """`scenario "title" [as of DATE] [cites …] given … then …`."""

    title: str
    given: tuple[Given, ...]
    then: Expectation
    as_of: Date | None = None
    cites: tuple[Cite, ...] = ()


# --- files ----------------------------------------------------------------------------------


@frozen
class PolicyDecl(Node):
    """`policy NAME "title"` with `version`, `owner`, `from`, `until`, `review by`."""

    name: Name
    title: str
    version: str | None = None
    owner: str | None = None
    start: Date | None = None
    end: Date | None = None
    review_by: Date | None = None


@frozen
class Use(Node):
    """`use "path"`."""

    path: str


@frozen
class SourceDecl(Node):
    """`source NAME "title"` with `by "body"`, `dated DATE`, `at "address"`."""

    name: Name
    title: str
    by: str | None = None
    dated: Date | None = None
    at: str | None = None


Declaration: TypeAlias = (
    PolicyDecl
    | Use
    | SourceDecl
    | FactsDecl
    | DefineDecl
    | ValueDecl
    | ImpossibleDecl
    | Clause
    | Exception_
    | Duty
    | Safeguard
    | Advice
    | Guarantee
    | Scenario
)


@frozen
class Comment(Node):
    """A comment, from `#` to the end of its line, as written."""

    text: str


@frozen
class File(Node):
    """A whole file: the version of the language, the declarations in order, the comments in order."""

    version: int
    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...] = attrs.field(default=(), eq=False, repr=False)
