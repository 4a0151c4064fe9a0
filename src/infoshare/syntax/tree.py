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
    """A fact as it is written: `group.fact`; or a fact of the one whom it names: `group.fact.further`."""

    group: str
    fact: str
    further: str | None = None

    @property
    def text(self) -> str:
        """The path with its dots."""
        return f"{self.group}.{self.fact}" + (f".{self.further}" if self.further else "")


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


@frozen
class NoneOfThem(Node):
    """`none of them`: nobody whom the case lists."""


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


@frozen
class Sum(Node):
    """`NUMBER plus NUMBER`, `NUMBER minus NUMBER`, from left to right: the second is never itself a sum."""

    left: "Term"
    op: Literal["plus", "minus"]
    right: "Term"


@frozen
class YearsBetween(Node):
    """`years between DATE and DATE`; neither is itself a sum or years between."""

    first: "Term"
    second: "Term"


Term: TypeAlias = Path | Name | Number | Date | Today | Offset | Sum | YearsBetween

# --- conditions -----------------------------------------------------------------------------


@frozen
class Holds(Node):
    """A yes-or-no fact, or a define, by itself."""

    ref: Path | Name


@frozen
class Is(Node):
    """`FACT is VALUE`, `is not VALUE`; with `listed`, `is one of a, b`, `is not one of a, b`.

    A reference may be what another names (`recipient.who is item.told_by`), the element in hand (a `Word`, its
    group) or `none of them`; `is empty` is the word `empty`.
    """

    fact: Path
    values: tuple["Value | Path | NoneOfThem", ...]
    negated: bool = False
    listed: bool = False


@frozen
class Includes(Node):
    """`FACT includes VALUE`, `includes any of a, b`, `all of`, `none of`, and `FACT is exactly a, b`.

    A value is an option, or for a reference another (`item.about includes recipient.who`) or the element in hand.
    """

    fact: Path
    values: tuple[Word | Path, ...]
    how: Literal["any", "all", "none", "exactly"] | None = None


@frozen
class Compare(Node):
    """`TERM < TERM`; in words, `TERM is less than TERM`, `is at most`, `is more than`, `is at least`.

    In words, the right side may be an option of a `one of … in order`: a `Name`.
    """

    left: Term
    op: Literal["<", "<=", ">", ">="]
    right: Term
    in_words: bool = False


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
    """`any GROUP (CONDITION)`, `every GROUP (CONDITION)`, `no GROUP (CONDITION)`; `any GROUP in PATH (CONDITION)`."""

    kind: Literal["any", "every", "no"]
    group: Name
    condition: "Condition"
    within: Path | None = None


@frozen
class Counted(Node):
    """`at least 3 GROUP (CONDITION)`, `at most`, `exactly`; also with `in PATH`. The group as it is written."""

    how: Literal["at least", "at most", "exactly"]
    number: int
    group: Name
    condition: "Condition"
    within: Path | None = None


Condition: TypeAlias = Holds | Is | Includes | Compare | Not | And | Or | These | Quantified | Counted


def children(condition: Condition) -> tuple[Condition, ...]:
    """The conditions that a condition is directly made of."""
    match condition:
        case Holds() | Is() | Includes() | Compare():
            return ()
        case Not(item) | Quantified(_, _, item) | Counted(_, _, _, item):
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
        case Quantified() | Counted():
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
    """`one of a "label", b`; with `in_order`, `one of none, possible, significant in order`."""

    options: tuple[Option, ...]
    in_order: bool = False


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


@frozen
class Reference(Node):
    """`one GROUP`, or with `many`, `some GROUP`: answered by the names of elements of a list."""

    group: Name
    many: bool = False


TypeExpr: TypeAlias = YesNo | OneOf | SomeOf | NumberType | DateType | TextType | Reference


@frozen
class EveryElement(Node):
    """`unanswered means every GROUP (CONDITION)`: a `some GROUP` is taken to name all of whom this is so."""

    group: Name
    condition: Condition


@frozen
class FactDecl(Node):
    """`NAME "phrase" : TYPE [unanswered means VALUE] [ask "question" | ask first "question"] [fixed]`.

    `assumed` holds one value, or for `some of` the options taken as ticked; of a reference the word `none`.
    """

    name: Name
    phrase: str
    type: TypeExpr
    assumed: tuple[Value, ...] | EveryElement | None = None
    ask: str | None = None
    ask_first: bool = False
    fixed: bool = False


@frozen
class MoreOptions(Node):
    """`NAME also one of c, d` (no colon): values that an overlay adds to a fact of a policy that it uses."""

    name: Name
    type: OneOf | SomeOf


@frozen
class FactsDecl(Node):
    """`facts about GROUP "phrase"`, or with `each`, `facts about each GROUP "phrase" [unanswered means none]`."""

    group: Name
    phrase: str
    facts: tuple[FactDecl | MoreOptions, ...]
    each: bool = False
    none_listed: bool = False


@frozen
class DefineDecl(Node):
    """`define NAME "phrase" [for each GROUP] as CONDITION`."""

    name: Name
    phrase: str
    condition: Condition
    for_each: Name | None = None


@frozen
class ValueStep(Node):
    """`LITERAL from DATE`."""

    literal: Number | Duration | Date
    start: Date


@frozen
class ValueDecl(Node):
    """`value NAME LITERAL from DATE, LITERAL from DATE …`; or with `by` and `entries`, `value NAME by PATH: …`."""

    name: Name
    steps: tuple[ValueStep, ...] = ()
    by: Path | None = None
    entries: tuple["ValueEntry", ...] = ()


@frozen
class ValueEntry(Node):
    """`ireland 16`, `others 13 from DATE`: a date is that of all entries since the last that has one."""

    option: Name
    literal: Number | Duration | Date
    start: Date | None = None


@frozen
class HolidaysDecl(Node):
    """`holidays NAME DATE, DATE …`."""

    name: Name
    days: tuple[Date, ...]


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
class EachOf(Node):
    """`each GROUP [in PATH] (CONDITION)` after `seek consent from`."""

    group: Name
    condition: Condition
    within: Path | None = None


Whom: TypeAlias = Text | Path | Name | EachOf
"""Whom to ask: in words, whom a reference names, the element in hand (its group), or each of some."""

Scope: TypeAlias = tuple[str, ...]
"""What follows `for each`: `item`, `recipient`, both in that order, or another list; empty where there is no `for each`."""


@frozen
class Effect(Node):
    """`share`, `must share`, `should withhold`, `seek consent from WHOM`, `withhold where no other clause stands` …"""

    outcome: Outcome
    must: bool = False
    should: bool = False
    whom: Whom | None = None
    closing: bool = False


@frozen
class EveryConsentClause(Node):
    """The target `every consent clause`."""


@frozen
class AllOtherClauses(Node):
    """The target `all other clauses`."""


@frozen
class EveryClauseOf(Node):
    """The target `every clause of PART`."""

    part: Name


Target: TypeAlias = Name | EveryConsentClause | AllOtherClauses | EveryClauseOf


@frozen
class Clause(Node):
    """`consent`, `rule` or `override`. Only an override has targets: what it prevails over."""

    kind: Literal["consent", "rule", "override"]
    name: Name
    statement: str
    effect: Effect
    targets: tuple[Target, ...] = ()
    provisions: Provisions = attrs.field(factory=Provisions)
    scope: Scope = ()
    instead_of: Name | None = None


@frozen
class Exception_(Node):  # noqa: N801 - the plain name is Python's
    """`exception NAME "statement" sets aside TARGETS`, or `relaxes TARGETS`."""

    name: Name
    statement: str
    targets: tuple[Target, ...]
    provisions: Provisions = attrs.field(factory=Provisions)
    relaxes: bool = False
    scope: Scope = ()
    instead_of: Name | None = None


@frozen
class Timing(Node):
    """`before sharing`, `after deciding` … (`before deciding` is not in the language)."""

    order: Literal["before", "after"]
    act: Act


@frozen
class Duty(Node):
    """`duty NAME "what to do" TIMING, TIMING [for each …] [within 3 working days of FACT]`."""

    name: Name
    statement: str
    timings: tuple[Timing, ...]
    provisions: Provisions = attrs.field(factory=Provisions)
    scope: Scope = ()
    deadline: "Deadline | None" = None
    instead_of: Name | None = None


@frozen
class Deadline(Node):
    """`within 36 hours`, `within 3 working days of FACT`. The unit is always kept in the plural."""

    count: int
    unit: Literal["hours", "days", "working days", "weeks", "months"]
    of: Path | None = None


@frozen
class Safeguard(Node):
    """`safeguard NAME "statement" [for each item …] require CONDITION otherwise "remedy"`.

    `scope` holds `item`, `recipient`, both (in that order) or nothing.
    """

    name: Name
    statement: str
    scope: Scope
    require: Condition
    otherwise: str
    provisions: Provisions = attrs.field(factory=Provisions)
    instead_of: Name | None = None


@frozen
class Advice(Node):
    """`advice NAME from "whom"`."""

    name: Name
    whom: str
    provisions: Provisions = attrs.field(factory=Provisions)
    scope: Scope = ()
    instead_of: Name | None = None


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
    scope: Scope = ()


@frozen
class Part(Node):
    """`part NAME "title" [when CONDITION] [from DATE] [until DATE] [cites SOURCE]`: heads what follows it in its file.

    `provisions` holds `when`, `start`, `end` and `cites` only.
    """

    name: Name
    title: str
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
    values: tuple[Value | NoneOfThem, ...]
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
class OutcomeFor(Node):
    """`[must|should] OUTCOME for "item" to "recipient"` after `then`; of either side that is left out, of all of them."""

    outcome: Outcome
    must: bool = False
    should: bool = False
    item: str | None = None
    recipient: str | None = None


@frozen
class DutyFor(Name):
    """`DUTY for "Ann"`, `DUTY for "item" to "recipient"` where a scenario names a duty."""

    for_: str
    to: str | None = None


@frozen
class Expectation(Node):
    """What follows `then`; the outcome may be `differs`.

    `asking` holds facts, or the name of a list that is asked for; `leaving open` rows, and the names of duties.
    """

    outcome: Outcome
    must: bool = False
    should: bool = attrs.field(default=False, kw_only=True)
    rows: tuple[OutcomeFor, ...] = attrs.field(default=(), kw_only=True)
    asking_consent: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    because_of: tuple[Name, ...] = ()
    basis: Basis | None = None
    with_: tuple[Name, ...] = ()
    without: tuple[Name, ...] = ()
    lifting: tuple[Name, ...] = ()
    asking: tuple[Path | Name, ...] = ()
    releasing: tuple[Row, ...] = ()
    holding_back: tuple[Row, ...] = ()
    leaving_open: tuple[Row | Name, ...] = ()


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
    | HolidaysDecl
    | Part
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
