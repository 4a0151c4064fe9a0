"""A case seen from within: conditions -> diagrams over everything that the case leaves unknown.

A fact that is known is a constant; one that is not becomes a variable, and a condition becomes the
diagram of the completions in which it is yes. What cannot be told apart exactly (a quantifier over
an unknown list, a comparison of two unknown facts) becomes a variable of its own, an *opaque* one:
true or false independently of all else, so that nothing is ever settled that a completion denies.

Deliberately not here: which clauses stand (`evaluator`), and what is assumed (`presumption`).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import assert_never

import attrs

from infoshare.budget import Budget
from infoshare.meaning import calendar
from infoshare.meaning.case import Case, key_of, rows
from infoshare.meaning.diagram import Diagram, Diagrams
from infoshare.meaning.model import (
    All,
    Among,
    Any,
    Compare,
    Condition,
    Defined,
    Duration,
    Fact,
    FactTerm,
    Literal_,
    Model,
    Not,
    Offset,
    Quantified,
    Term,
    Ticked,
    Today,
    ValueTerm,
    lists_of,
    parts,
    terms,
)
from infoshare.meaning.types import Answer, PlainAnswer, Text
from infoshare.values import frozen

Here = Mapping[str, str]
"""Which element of each group is being spoken of."""

NOWHERE: Here = {}

STEPS_FOR_A_ROW = 20
"""What the budget of the diagrams has more for each further row of a case."""


@frozen
class Variable:
    """What a variable of the diagrams stands for.

    Attributes:
        keys: the facts (or lists) whose answer it is part of; one, unless it is opaque.
        fact: None for a list and for what is opaque.
        option: for one option of a some-of fact.
    """

    index: int
    keys: tuple[str, ...]
    fact: Fact | None = None
    option: str | None = None

    @property
    def opaque(self) -> bool:
        """Whether it stands for something that is not told apart exactly."""
        return self.fact is None


@frozen
class _Hanging:
    """A term that hangs on one unknown fact, by way of some offsets (innermost first)."""

    key: str
    fact: Fact
    offsets: tuple[Duration, ...] = ()


@frozen
class _Unclear:
    """A term that cannot be told: it hangs on these facts."""

    keys: tuple[str, ...]


class World:
    """The truth of conditions in every completion of a case.

    Args:
        known: the answers that are known, by key; answered or assumed.
        open_lists: whether the lists of the case are themselves taken as not known: a variable each.
        budget: of the diagrams, where others share it or it is not as large as usual.
    """

    def __init__(
        self,
        model: Model,
        case: Case,
        day: date,
        known: Mapping[str, Answer],
        *,
        open_lists: bool = False,
        budget: Budget | None = None,
    ) -> None:
        self.model, self.case, self.day, self.known = model, case, day, known
        self.diagrams = Diagrams() if budget is None else Diagrams(budget)
        more = (len(rows(case)) - 1) * STEPS_FOR_A_ROW
        if budget is None and more:  # what is said of a row is worked out and not searched for
            self.diagrams.budget = Budget(self.diagrams.budget.steps + more)
        self.variables: list[Variable] = []
        self._by_name: dict[object, Variable] = {}
        self._of_key: dict[str, list[Variable]] = {}
        self._texts: dict[str, int] = {}
        self._encoders: dict[int, Callable[[Answer], int]] = {}
        self._defines: dict[str, Diagram] = {}
        self._in_hand: dict[tuple[object, ...], Diagram] = {}
        self.reasons: dict[tuple[object, ...], dict[str, PlainAnswer]] = {}  # kept by `reasons`
        self._lists_of: dict[int, tuple[Condition, tuple[str, ...]]] = {}
        self._open_lists = open_lists

    def beside(self, model: Model) -> "World":
        """Another policy's world of this case over the same variables: what is equal in both is one diagram."""
        other = World(model, self.case, self.day, self.known, open_lists=self._open_lists)
        other.diagrams, other.variables, other._by_name = self.diagrams, self.variables, self._by_name
        other._of_key, other._texts, other._encoders = self._of_key, self._texts, self._encoders
        return other

    def without(self, keys: Collection[str]) -> "World":
        """The world of this case where some of what is known is not; what is the same in both is one diagram."""
        known = {key: answer for key, answer in self.known.items() if key not in keys}
        other = World(self.model, self.case, self.day, known, open_lists=self._open_lists)
        other.diagrams, other._texts = self.diagrams, self._texts
        other.variables, other._by_name = [*self.variables], {**self._by_name}
        other._of_key = {key: [*variables] for key, variables in self._of_key.items()}
        return other

    @property
    def doubtful(self) -> bool:
        """Whether anything so far was not told apart exactly."""
        return bool(self.diagrams.gave_up_on) or any(variable.opaque for variable in self.variables)

    def of_key(self, key: str) -> frozenset[int]:
        """The variables that an answer to a fact, or to a list, decides."""
        return frozenset(v.index for v in self._of_key.get(key, ()))

    def encoded(self, variable: Variable, answer: Answer) -> int:
        """An answer as a value of one of its variables."""
        if variable.fact is None:
            return 1
        if isinstance(answer, bool):  # yes or no, or whether an option is ticked
            return int(answer)
        encode = self._encoders.get(variable.index)
        if encode is None:
            encode = self._encoders[variable.index] = self.encoder(variable.fact, variable.option)
        return encode(answer)

    def encoder(self, fact: Fact, option: str | None) -> Callable[[Answer], int]:
        """What turns answers of a fact into values of its variable, or of the one for an option."""
        return fact.type.encoder(option, self._texts)

    def text_of(self, value: int) -> str:
        """A text for a value of a text fact's variable: the constant itself, or one that is no constant."""
        known = self.constant_texts()
        return known.get(value, "-".join(["other", *known.values()]))

    def constant_texts(self) -> dict[int, str]:
        """The texts that text facts are compared with, by the value that stands for each."""
        return {index: text for text, index in self._texts.items()}

    def truth(self, condition: Condition | None, here: Here = NOWHERE) -> Diagram:
        """Where a condition of the policy is yes; no condition is always yes."""
        if condition is None:
            return self.diagrams.yes
        if not here:
            return self._truth(condition, here)
        name = self.spoken_of(condition, here)
        if len(name) > len(here):
            return self._truth(condition, here)
        found = self._in_hand.get(name)  # worked out once, whatever else is in hand
        if found is None:
            found = self._in_hand[name] = self._truth(condition, here)
        return found

    def spoken_of(self, condition: Condition, here: Here) -> tuple[object, ...]:
        """A condition and the elements in hand of which it speaks: its truth is the same whatever else is in hand."""
        lists = self._lists_of.get(id(condition))
        if lists is None:  # the condition is kept with it, so that its identity stays its own
            lists = self._lists_of[id(condition)] = condition, lists_of(condition, self.model.defines)
        return (id(condition), *[here.get(group) for group in lists[1]])

    def _truth(self, condition: Condition, here: Here) -> Diagram:
        match condition:
            case Among(fact, values):
                return self._among(fact, values, here)
            case Ticked(fact, option):
                return self._ticked(fact, option, here)
            case Compare(left, op, right):
                return self._compare(condition, self._term(left, here), op, self._term(right, here))
            case Defined(name):
                return self._define(name)
            case Not(item):
                return ~self.truth(item, here)
            case All(items):
                return self._all(items, here)
            case Any(items):
                return self.diagrams.either(self.truth(item, here) for item in items)
            case Quantified():
                return self._quantified(condition, here)
            case _:
                assert_never(condition)

    def _all(self, items: Sequence[Condition], here: Here) -> Diagram:
        result = self.diagrams.yes
        for item in items:
            result = result & self.truth(item, here)
            if result is self.diagrams.no:
                break
        return result

    def _define(self, name: str) -> Diagram:
        found = self._defines.get(name)
        if found is None:
            found = self._defines[name] = self.truth(self.model.defines[name].condition)
        return found

    def _quantified(self, condition: Quantified, here: Here) -> Diagram:
        kind, group, inner = condition.kind, condition.group, condition.condition
        found = self._some(group, inner, here, wanted=kind != "every")
        return found if kind == "any" else ~found

    def _some(self, group: str, condition: Condition, here: Here, *, wanted: bool) -> Diagram:
        """Where a condition is as wanted, yes or no, of some element of a list."""
        names = self.case.elements.get(group)
        listed = self.diagrams.no
        if names is not None:
            each = (self.truth(condition, {**here, group: name}) for name in names)
            listed = self.diagrams.either(each if wanted else (~where for where in each))
            if not self._open_lists:
                return listed
        in_hand = tuple(
            (each, here[each])
            for each in lists_of(condition, self.model.defines)
            if each != group and each in here
        )
        unlisted = (group, condition if wanted else Not(condition), in_hand)
        if names is None:
            return self._opaque(unlisted, (group, *self._unknown(condition, here)))
        is_listed = self.diagrams.test(self.list_variable(group).index, 1, None)
        return (is_listed & listed) | (~is_listed & self._opaque(unlisted, (group,)))

    def listed(self) -> list[str]:
        """The lists of the case on which something hangs in an open world."""
        return [g for g in self.case.elements if ("list", g) in self._by_name]

    def list_variable(self, group: str) -> Variable:
        """The variable that says that a list is as the case gives it."""
        return self._variable(("list", group), (group,))

    def _among(self, fact: Fact, values: frozenset[Answer], here: Here) -> Diagram:
        key = key_of(fact, here)
        if key is None:
            return self._opaque((fact.path, values), (fact.group,))
        if key in self.known:
            return self.diagrams.of(self.known[key] in values)
        variable = self._variable(key, (key,), fact)
        return self.diagrams.either(
            self._between(variable, fact, self.encoded(variable, v), self.encoded(variable, v) + 1)
            for v in values
        )

    def _ticked(self, fact: Fact, option: str, here: Here) -> Diagram:
        key = key_of(fact, here)
        if key is None:
            return self._opaque((fact.path, option), (fact.group,))
        if key in self.known:
            answer = self.known[key]
            return self.diagrams.of(isinstance(answer, frozenset) and option in answer)
        return self._between(self._variable((key, option), (key,), fact, option), fact, 1, 2)

    def _term(self, term: Term, here: Here) -> "int | str | _Hanging | _Unclear":
        match term:
            case Literal_(value):
                return value.toordinal() if isinstance(value, date) else value
            case Today():
                return self.day.toordinal()
            case ValueTerm(name):
                current = self.model.values[name].on(self.day)
                match current:
                    case date():
                        return current.toordinal()
                    case int():
                        return current
                    case _:
                        return _Unclear(())
            case FactTerm(fact):
                key = key_of(fact, here)
                if key is None:
                    return _Unclear((fact.group,))
                answer = self.known.get(key)
                match answer:
                    case None:
                        return _Hanging(key, fact)
                    case date():
                        return answer.toordinal()
                    case int() | str():
                        return answer
                    case _:
                        raise AssertionError("a term that is neither a number, a date nor a text")
            case Offset(amount, sign, base):
                return self._offset(amount, sign, self._term(base, here))
            case _:
                assert_never(term)

    def _offset(
        self, amount: Duration | ValueTerm, sign: int, base: "int | str | _Hanging | _Unclear"
    ) -> "int | str | _Hanging | _Unclear":
        length = self.model.values[amount.name].on(self.day) if isinstance(amount, ValueTerm) else amount
        if not isinstance(length, Duration):
            return _Unclear(base.keys if isinstance(base, _Unclear) else ())
        signed = Duration(sign * length.count, length.unit)
        match base:
            case int():
                return _shifted(base, signed)
            case _Hanging():
                return attrs.evolve(base, offsets=(*base.offsets, signed))
            case _:
                return base

    def _compare(
        self,
        condition: Compare,
        left: "int | str | _Hanging | _Unclear",
        op: str,
        right: "int | str | _Hanging | _Unclear",
    ) -> Diagram:
        match left, right:
            case (int() | str(), int() | str()):
                return self.diagrams.of(_compared(left, op, right))
            case (_Hanging(), int() | str()):
                return self._against(left, op, right)
            case (int() | str(), _Hanging()):
                return self._against(right, _MIRRORED[op], left)
            case (_Hanging(), _Hanging()) if (same := _by_bounds(left, op, right)) is not None:
                return self.diagrams.of(same)
            case _:
                keys = [k for side in (left, right) for k in _keys(side)]
                return self._opaque((condition, tuple(keys)), tuple(dict.fromkeys(keys)))

    def _against(self, hanging: _Hanging, op: str, constant: int | str) -> Diagram:
        variable = self._variable(hanging.key, (hanging.key,), hanging.fact)
        if isinstance(constant, str):
            index = self._texts.setdefault(constant, len(self._texts) + 1)
            return self._between(variable, hanging.fact, index, index + 1)
        reached = _first_reaching(hanging.offsets, constant)
        passed = _first_reaching(hanging.offsets, constant + 1)
        match op:
            case "<":
                return self._between(variable, hanging.fact, None, reached)
            case "<=":
                return self._between(variable, hanging.fact, None, passed)
            case ">":
                return self._between(variable, hanging.fact, passed, None)
            case ">=":
                return self._between(variable, hanging.fact, reached, None)
            case _:
                return self._between(variable, hanging.fact, reached, passed)

    def _between(self, variable: Variable, fact: Fact, low: int | None, high: int | None) -> Diagram:
        first, end = fact.type.domain
        if first is not None and low is not None and low <= first:
            low = None
        if end is not None and high is not None and high >= end:
            high = None
        if (low is not None and end is not None and low >= end) or (
            high is not None and first is not None and high <= first
        ):
            return self.diagrams.no
        return self.diagrams.test(variable.index, low, high)

    def _variable(
        self, name: object, keys: tuple[str, ...], fact: Fact | None = None, option: str | None = None
    ) -> Variable:
        found = self._by_name.get(name)
        if found is None:
            found = self._by_name[name] = Variable(len(self.variables), keys, fact, option)
            self.variables.append(found)
            for key in keys:
                self._of_key.setdefault(key, []).append(found)
        return found

    def _opaque(self, name: object, keys: tuple[str, ...]) -> Diagram:
        return self.diagrams.test(self._variable(("opaque", name), keys).index, 1, None)

    def _unknown(self, condition: Condition, here: Here) -> list[str]:
        """The unknown facts outside every list that a condition speaks of."""
        facts = facts_of(self.model, condition)
        keys = [key_of(fact, here) for fact in facts]
        return [key for key in keys if key is not None and key not in self.known]


def facts_of(model: Model, condition: Condition | None) -> list[Fact]:
    """The facts that a condition asks about, through defines, each once, in order."""
    asked = () if condition is None else parts(condition, model.defines)
    return list(
        {t.fact.path: t.fact for part in asked for t in terms(part) if isinstance(t, FactTerm)}.values()
    )


_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}


def _compared(left: int | str, op: str, right: int | str) -> bool:
    if isinstance(left, str) or isinstance(right, str):
        return left == right
    match op:
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
        case _:
            return left == right


def _by_bounds(left: _Hanging, op: str, right: _Hanging) -> bool | None:
    """What a comparison of two unknown facts comes to, if that is the same whatever they are."""
    if left == right:
        return _compared(0, op, 0)
    if isinstance(left.fact.type, Text):
        return None
    (first, last), (other_first, other_last) = _reach(left), _reach(right)
    if last is not None and other_first is not None and last <= other_first:
        below, touching = _compared(0, op, 1), _compared(0, op, 0)
        return below if last < other_first or below == touching else None
    if first is not None and other_last is not None and first >= other_last:
        above, touching = _compared(1, op, 0), _compared(0, op, 0)
        return above if first > other_last or above == touching else None
    return None


def _reach(hanging: _Hanging) -> tuple[int | None, int | None]:
    """The lowest and the highest that a term can be."""
    first, end = hanging.fact.type.domain
    ends = [first, None if end is None else end - 1]
    for by in hanging.offsets:
        ends = [None if each is None else _shifted(each, by) for each in ends]
    return ends[0], ends[1]


def _keys(side: "int | str | _Hanging | _Unclear") -> tuple[str, ...]:
    match side:
        case _Hanging(key):
            return (key,)
        case _Unclear(keys):
            return keys
        case _:
            return ()


def _shifted(ordinal: int, by: Duration) -> int:
    return calendar.shift(date.fromordinal(ordinal), by.count, by.unit).toordinal()


def _first_reaching(offsets: tuple[Duration, ...], target: int) -> int:
    """The first day (or number) that the offsets take to the target or beyond: they never go back."""
    if not offsets:
        return target
    low, high = calendar.FIRST, calendar.LAST + 1
    while low < high:
        middle = (low + high) // 2
        reached = middle
        for by in offsets:
            reached = _shifted(reached, by)
        if reached >= target:
            high = middle
        else:
            low = middle + 1
    return low
