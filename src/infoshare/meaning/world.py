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
from infoshare.meaning.arithmetic import (
    MIRRORED,
    OfOneFact,
    OfSeveral,
    Operand,
    by_bounds,
    compared,
    keys_in,
    shifted,
    sum_of,
    years_of,
)
from infoshare.meaning.case import Case, element_key, element_of, in_order, key_of, keys_of, path_of, rows
from infoshare.meaning.diagram import Diagram, Diagrams
from infoshare.meaning.model import (
    All,
    Among,
    Any,
    Compare,
    Condition,
    Counted,
    Defined,
    Duration,
    EachOf,
    Fact,
    FactTerm,
    InHand,
    Literal_,
    Meets,
    Model,
    Named,
    Not,
    Offset,
    OverElements,
    Quantified,
    Referred,
    Sum,
    Term,
    Ticked,
    Today,
    ValueTerm,
    Whom,
    YearsBetween,
    terms,
    with_value,
)
from infoshare.meaning.types import Answer, PlainAnswer, Reference, SomeOf
from infoshare.values import frozen

Here = Mapping[str, str]
"""Which element of each group, or by another name of an element in hand (`Quantified.hand`), is being spoken of."""

NOWHERE: Here = {}

STEPS_FOR_A_ROW = 20
"""What the budget of the diagrams has more for each further row of a case."""


@frozen
class Variable:
    """What a variable of the diagrams stands for.

    Attributes:
        keys: the facts (or lists) whose answer it is part of; one, unless it is opaque.
        fact: None for a list and for what is opaque.
        option: for one option of a some-of fact, and one name of a reference to some.
        elsewhere: whether it says that a reference names somebody besides those whom the case lists, which can
            only be where the list is itself not known.
        element: whether it says that a list which is not given has the element that a row without one stands for.
    """

    index: int
    keys: tuple[str, ...]
    fact: Fact | None = None
    option: str | None = None
    elsewhere: bool = False
    element: bool = False

    @property
    def opaque(self) -> bool:
        """Whether it stands for something that is not told apart exactly."""
        return self.fact is None and not self.element


@attrs.frozen(eq=False)
class _Elements:
    """What a quantifier or count goes over.

    Attributes:
        listed: the elements, and where each is one of them; None where nobody knows any.
        otherwise: what says where the elements are others than these; None where they never are.
    """

    listed: list[tuple[str, Diagram]] | None
    otherwise: Callable[[], Diagram] | None


def _group_of(reference: Fact) -> str:
    if not isinstance(reference.type, Reference):
        raise TypeError("only a reference names elements")
    return reference.type.group


class World:
    """The truth of conditions in every completion of a case.

    Args:
        known: the answers that are known, by key; answered or assumed.
        open_lists: whether the lists of the case are themselves taken as not known: a variable each.
        budget: of the diagrams, where others share it or it is not as large as usual.
        lay_out: whether the variables of references are put in their places first; not where another world's are used.
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
        lay_out: bool = True,
    ) -> None:
        self.model, self.case, self.day, self.known = model, case, day, known
        self.diagrams = Diagrams() if budget is None else Diagrams(budget)
        each = STEPS_FOR_A_ROW * (len(model.order) if model.has_rows else 1)
        more = (len(rows(case)) - 1) * each
        if budget is None and more:  # what is said of a row is worked out and not searched for
            self.diagrams.budget = Budget(self.diagrams.budget.steps + more)
        self.variables: list[Variable] = []
        self._by_name: dict[object, Variable] = {}
        self._of_key: dict[str, list[Variable]] = {}
        self._texts: dict[str, int] = {}
        self._encoders: dict[int, Callable[[Answer], int]] = {}
        self._numbers: dict[str, dict[str, int]] = {}
        self._defines: dict[tuple[str, str | None], Diagram] = {}
        self._in_hand: dict[tuple[object, ...], Diagram] = {}
        self.reasons: dict[tuple[object, ...], dict[str, PlainAnswer]] = {}  # kept by `reasons`
        self._open_lists = open_lists
        self._kinds: dict[tuple[str, str], list[str]] | None = None
        if model.has_references and lay_out:
            self._lay_out_references()

    def _lay_out_references(self) -> None:
        """Puts the variables of references where diagrams stay small, whatever is asked first.

        Whom a reference to one names comes before all that is asked of them: then a test through it is as large as
        its list. What else is asked of the element that refers comes beside it, so that what is said of one element
        and of another is not multiplied. Whether a reference to some names somebody comes there too, if fewer are
        listed than refer to them; else beside what is asked of that one, element by element.
        """
        references = [(f, f.type) for f in self.model.references_asked if isinstance(f.type, Reference)]
        unknown = {f.path: [k for k in keys_of(f, self.case) if k not in self.known] for f, _ in references}
        inside, many = set[str](), list[tuple[str, Fact, str]]()
        for group in dict.fromkeys(type_.group for _, type_ in references if type_.many):
            to_it = [(k, f) for f, t in references if t.many and t.group == group for k in unknown[f.path]]
            listed = self.case.elements.get(group, ())
            if len(listed) < len(to_it):
                inside.update(key for key, _ in to_it)
                for each in listed:
                    self._lay_out_element(group, each)
            else:
                many += [(k, f, group) for k, f in to_it]
        of_element: dict[tuple[str, str | None], list[tuple[Fact, Reference, str]]] = {}
        for fact, type_ in references:
            for key in unknown[fact.path]:
                of_element.setdefault(element_of(key) or (fact.group, None), []).append((fact, type_, key))
        for group in dict.fromkeys(fact.group for fact, _ in references):
            for name in (*self.case.elements.get(group, ()), None):
                keys = of_element.get((group, name), ())
                for fact, type_, key in keys:
                    if not type_.many:
                        self._variable(key, (key,), fact)
                for fact, type_, key in keys:
                    if key in inside:
                        for named in self.case.elements.get(type_.group, ()):
                            self._variable((key, named), (key,), fact, named)
                if name is not None:
                    self._lay_out_element(group, name)
        for group in dict.fromkeys(group for _, _, group in many):
            for name in self.case.elements.get(group, ()):
                self._lay_out_element(group, name)
                for key, fact, of in many:
                    if of == group:
                        self._variable((key, name), (key,), fact, name)

    def _lay_out_element(self, group: str, name: str) -> None:
        """The variables of what is not known of an element, references apart."""
        for fact in self.model.facts.values():
            if fact.group == group and not isinstance(fact.type, Reference | SomeOf):
                key = element_key(group, name, fact.name)
                if key not in self.known:
                    self._variable(key, (key,), fact)

    def beside(self, model: Model) -> "World":
        """Another policy's world of this case over the same variables: what is equal in both is one diagram."""
        return self._another(model, self.case, self.known)

    def knowing(self, case: Case, known: Mapping[str, Answer]) -> "World":
        """The world where more is known, or listed, over the same variables: what is equal in both is one diagram."""
        return self._another(self.model, case, known)

    def _another(self, model: Model, case: Case, known: Mapping[str, Answer]) -> "World":
        other = World(model, case, self.day, known, open_lists=self._open_lists, lay_out=False)
        other.diagrams, other.variables, other._by_name = self.diagrams, self.variables, self._by_name
        other._of_key, other._texts, other._encoders = self._of_key, self._texts, self._encoders
        return other

    def without(self, keys: Collection[str]) -> "World":
        """The world of this case where some of what is known is not; what is the same in both is one diagram."""
        known = {key: answer for key, answer in self.known.items() if key not in keys}
        other = World(self.model, self.case, self.day, known, open_lists=self._open_lists, lay_out=False)
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
        if variable.elsewhere:
            return 0
        if isinstance(variable.fact.type, Reference) and not variable.fact.type.many:
            return self._number_of(variable.fact.type.group, answer)
        if isinstance(answer, bool):  # yes or no, or whether an option is ticked
            return int(answer)
        encode = self._encoders.get(variable.index)
        if encode is None:
            encode = self._encoders[variable.index] = self.encoder(variable.fact, variable.option)
        return encode(answer)

    def _number_of(self, group: str, answer: Answer) -> int:
        """Whom a reference to one names, as the value of its variable: 0 for nobody, else their place in the list."""
        if not isinstance(answer, frozenset):
            return 0
        if group not in self._numbers:
            self._numbers[group] = {
                n: number for number, n in enumerate(self.case.elements.get(group, ()), 1)
            }
        return min((self._numbers[group][name] for name in answer if name in self._numbers[group]), default=0)

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

    def ways(self, condition: Condition, here: Here = NOWHERE) -> list[Diagram]:
        """Where a condition is yes, way by way: it is wherever one of these is, and each speaks of less."""
        match condition:
            case Any(items):
                return [way for item in items for way in self.ways(item, here)]
            case Defined(name) if self.model.defines[name].for_each is None:
                return self.ways(self.model.defines[name].condition)
            case Quantified("any", group, inner, None) if self._is_given(group):
                names = self.case.elements[group]
                return [way for name in names for way in self.ways(inner, {**here, condition.bound: name})]
            case All(items):
                found = [self.diagrams.yes]
                for item in items:
                    ways = self.ways(item, here) if len(found) == 1 else [self.truth(item, here)]
                    found = [one & other for one in found for other in ways]
                return found
            case Among() | Ticked() | Compare() | Meets() | Defined() | Not() | Quantified() | Counted():
                return [self.truth(condition, here)]
            case _:
                assert_never(condition)

    def spoken_of(self, condition: Condition, here: Here) -> tuple[object, ...]:
        """A condition and the elements in hand of which it speaks: its truth is the same whatever else is in hand."""
        return (id(condition), *[here.get(group) for group in self.model.lists_of(condition)])

    def _truth(self, condition: Condition, here: Here) -> Diagram:
        match condition:
            case Among(fact, values):
                return self._among(fact, values, here)
            case Ticked(fact, option):
                return self._ticked(fact, option, here)
            case Compare():
                return self._compare(condition, here)
            case Meets(left, right):
                return self._meets(left, right, here)
            case Defined(name):
                return self._define(name, here)
            case Not(item):
                return ~self.truth(item, here)
            case All(items):
                return self._all(items, here)
            case Any(items):
                return self.diagrams.either(self.truth(item, here) for item in items)
            case Quantified():
                return self._quantified(condition, here)
            case Counted():
                return self._counted(condition, here)
            case _:
                assert_never(condition)

    def _all(self, items: Sequence[Condition], here: Here) -> Diagram:
        result = self.diagrams.yes
        for item in items:
            result = result & self.truth(item, here)
            if result is self.diagrams.no:
                break
        return result

    def _define(self, name: str, here: Here) -> Diagram:
        define = self.model.defines[name]
        element = here.get(define.for_each) if define.for_each else None
        found = self._defines.get((name, element))
        if found is None:
            in_hand = {define.for_each: element} if define.for_each and element is not None else NOWHERE
            found = self._defines[name, element] = self.truth(define.condition, in_hand)
        return found

    def _quantified(self, condition: Quantified, here: Here) -> Diagram:
        kind, inner, within = condition.kind, condition.condition, condition.within
        wanted = kind != "every"
        among = self._among_elements(condition, here)
        found = self.diagrams.no
        if among.listed is not None:
            tried = ((self.truth(inner, {**here, condition.bound: n}), member) for n, member in among.listed)
            found = self.diagrams.either(member & (where if wanted else ~where) for where, member in tried)
        if among.otherwise is not None:
            others = among.otherwise()
            unlisted = self._unlisted(condition, inner if wanted else Not(inner), here)
            found = (~others & found) | (others & unlisted)
        if kind == "any":
            return found
        return ~found if within is None else ~found & self._somebody(within, among)

    def _counted(self, condition: Counted, here: Here) -> Diagram:
        among = self._among_elements(condition, here)
        found = self.diagrams.no
        if among.listed is not None:
            found = self._as_many(
                condition.op,
                condition.number,
                [
                    member & self.truth(condition.condition, {**here, condition.bound: name})
                    for name, member in among.listed
                ],
            )
        if among.otherwise is not None:
            others = among.otherwise()
            found = (~others & found) | (others & self._unlisted(condition, condition, here))
        return found if condition.within is None else found & self._somebody(condition.within, among)

    def _as_many(self, op: str, number: int, wheres: Sequence[Diagram]) -> Diagram:
        """Where at least, at most or exactly so many of these are so."""
        most = number + 1  # more are not told apart
        counts = [
            self.diagrams.yes,
            *[self.diagrams.no] * most,
        ]  # where exactly so many are, the last and more
        for where in wheres:
            more = [self.diagrams.no, *(count & where for count in counts)]
            stay = [count & ~where for count in counts[:-1]] + [counts[-1]]
            counts = [a | b for a, b in zip(stay, more, strict=False)]
        match op:
            case ">=":
                return self.diagrams.either(counts[number:])
            case "<=":
                return self.diagrams.either(counts[: number + 1])
            case _:
                return counts[number]

    def _among_elements(self, condition: OverElements, here: Here) -> "_Elements":
        """The elements that a quantifier or count goes over, and where each is one of them."""
        group, within = condition.group, condition.within
        names = self.case.elements.get(group)
        if within is None:
            if names is None:
                return _Elements(None, lambda: self.diagrams.yes)
            listed = [(name, self.diagrams.yes) for name in names]
            return _Elements(listed, (lambda: ~self._is_listed(group)) if self._open_lists else None)
        return self._named_elements(within, here)

    def _named_elements(self, within: Referred, here: Here) -> "_Elements":
        key = key_of(within.fact, here, within.hand)
        answer = None if key is None else self.known.get(key)
        if isinstance(answer, frozenset):
            named = in_order(self.case, _group_of(within.fact), answer)
            return _Elements([(name, self.diagrams.yes) for name in named], None)
        group = _group_of(within.fact)
        names = self.case.elements.get(group)
        if names == () and not self._open_lists:
            return _Elements([], None)  # nobody can be named
        if key is None or names is None:
            return _Elements(None, lambda: self.diagrams.yes)
        listed = [(name, self._names(within.fact, key, name)) for name in names]
        otherwise = (lambda: self._elsewhere(within.fact, key, group)) if self._open_lists else None
        return _Elements(listed, otherwise)

    def _somebody(self, within: Referred, among: "_Elements") -> Diagram:
        """Where a reference to one names somebody; of one to some it does not matter."""
        if isinstance(within.fact.type, Reference) and within.fact.type.many:
            return self.diagrams.yes
        somebody = self.diagrams.either(member for _, member in among.listed or ())
        return somebody if among.otherwise is None else somebody | among.otherwise()

    def _unlisted(self, condition: OverElements, inner: Condition, here: Here) -> Diagram:
        """A quantifier or count over what is not listed: so or not, whatever else is."""
        # what the policy keeps: `inner` may be its opposite, made here
        own = condition if inner is condition else condition.condition
        groups = self.model.lists_of(own)
        in_hand = tuple((each, here[each]) for each in groups if each != condition.bound and each in here)
        keys = (condition.group, *self._unknown(own, here))
        if condition.within is not None:
            key = key_of(condition.within.fact, here, condition.within.hand)
            # a list that is given is not asked for
            keys = (*(each for each in keys if not self._is_given(each)), key or condition.within.fact.group)
            name = ("within", key or condition.within, condition.group, inner, in_hand)
            return self._opaque(name, tuple(dict.fromkeys(keys)))
        if condition.group in self.case.elements:
            keys = (condition.group,)
        return self._opaque((condition.group, inner, in_hand), tuple(dict.fromkeys(keys)))

    def _meets(self, left: Named, right: Named, here: Here) -> Diagram:
        match left, right:
            case InHand(a), InHand(b):
                return self._in_hand_together(a, b, here)
            case InHand(), Referred():
                return self._meets(right, left, here)
            case Referred(), InHand(group):
                among, name = self._named_elements(left, here), here.get(group)
                if among.listed is None or (name is None and among.listed):
                    return self._unclear_meeting(left, right, here)
                return self.diagrams.either(member for each, member in among.listed if each == name)
            case Referred(), Referred():
                one, other = self._named_elements(left, here), self._named_elements(right, here)
                if any(each.listed == [] and each.otherwise is None for each in (one, other)):
                    return self.diagrams.no
                if one.listed is None or other.listed is None:
                    return self._unclear_meeting(left, right, here)
                by_name = dict(other.listed)
                both = self.diagrams.either(
                    member & by_name[name] for name, member in one.listed if name in by_name
                )
                if one.otherwise is None or other.otherwise is None:
                    return both
                elsewhere = one.otherwise() & other.otherwise()
                return both | (elsewhere & self._unclear_meeting(left, right, here))
            case _:
                raise AssertionError("an element in hand or whom a reference names")

    def _is_given(self, group: str) -> bool:
        return group in self.case.elements and not self._open_lists

    def _in_hand_together(self, group: str, other: str, here: Here) -> Diagram:
        one, two = here.get(group), here.get(other)
        if one is None or two is None:
            return self._opaque(("in hand", group, other), (group,))
        return self.diagrams.of(one == two)

    def _unclear_meeting(self, left: Named, right: Named, here: Here) -> Diagram:
        keys: list[str] = []
        for named in (left, right):
            if isinstance(named, Referred):
                key = key_of(named.fact, here, named.hand)
                keys += [_group_of(named.fact), key or named.fact.group]
            elif named.group not in here:
                keys.append(named.group)
        keys = [key for key in dict.fromkeys(keys) if key not in self.known]
        unknown = tuple(key for key in keys if not self._is_given(key)) or tuple(keys)
        in_hand = tuple(sorted(here.items()))
        return self._opaque(("meets", left, right, in_hand), unknown)

    def _names(self, fact: Fact, key: str, name: str) -> Diagram:
        """Where an unknown reference names somebody whom the case lists."""
        if isinstance(fact.type, Reference) and fact.type.many:
            return self._between(self._variable((key, name), (key,), fact, name), fact, 1, 2)
        place = self.case.elements[_group_of(fact)].index(name) + 1
        return self.diagrams.test(self._variable(key, (key,), fact).index, place, place + 1)

    def _elsewhere(self, fact: Fact, key: str, group: str) -> Diagram:
        """Where an unknown reference names somebody whom the case does not list, as nobody knows the list."""
        variable = self._by_name.get(("elsewhere", key))
        if variable is None:
            variable = Variable(len(self.variables), (key,), fact, elsewhere=True)
            self._by_name["elsewhere", key] = variable
            self.variables.append(variable)
            self._of_key.setdefault(key, []).append(variable)
        return self.diagrams.test(variable.index, 1, None) & ~self._is_listed(group)

    def _is_listed(self, group: str) -> Diagram:
        return self.diagrams.test(self.list_variable(group).index, 1, None)

    def named(self, whom: "Referred | str", here: Here) -> list[tuple[str, Diagram]]:
        """The elements of a list, or those whom a reference may name, and where it names each."""
        if isinstance(whom, str):
            return [(name, self.diagrams.yes) for name in self.case.elements.get(whom, ())]
        return self._named_elements(whom, here).listed or []

    def is_listed(self, whom: "Whom | None", here: Here) -> bool:
        """Whether the case lists those of whom it is to be said who is asked for consent."""
        match whom:
            case None | str():
                return False
            case InHand(group):
                return group in here or group in self.case.elements
            case EachOf(group, _, None):
                return group in self.case.elements
            case Referred(fact, hand) | EachOf(within=Referred(fact, hand)):
                own = (hand or fact.group) if fact.each else None
                in_hand = own is None or own in here or own in self.case.elements
                return in_hand and _group_of(fact) in self.case.elements
            case _:
                raise AssertionError("nobody else is asked")

    def kind_of(self, group: str, name: str) -> object:
        """What tells elements of a list apart: two of one kind are interchangeable in all that a policy says."""
        if self._kinds is None:
            named: dict[tuple[str, str], list[str]] = {}
            for key, answer in self.known.items():
                fact = self.model.facts.get(path_of(key))
                if fact is not None and isinstance(fact.type, Reference) and isinstance(answer, frozenset):
                    for each in answer:
                        named.setdefault((fact.type.group, each), []).append(key)
            self._kinds = named
        if group in self.model.told_by_name:
            return name
        own = [f for f in self.model.facts.values() if f.group == group and f.name != "name"]
        answers = [self.known.get(element_key(group, name, fact.name)) for fact in own]
        return (*answers, *self._kinds.get((group, name), ()))

    def one_of(self, group: str) -> Diagram:
        """Where a list has the element that stands for any of it: of one that is given, nowhere."""
        if group in self.case.elements:
            return self.diagrams.no
        return self._element(group)

    def _element(self, group: str) -> Diagram:
        name = ("element", group)
        if name not in self._by_name:
            variable = self._by_name[name] = Variable(len(self.variables), (group,), element=True)
            self.variables.append(variable)
            self._of_key.setdefault(group, []).append(variable)
        return self.diagrams.test(self._by_name[name].index, 1, None)

    def of_nameless(self, group: str, provision: str, where: Diagram) -> Diagram:
        """Where a provision holds of somebody whom nobody has listed: another may hold of somebody else.

        What is asked of the element in hand, or of the list, is then so or not for this provision alone, as it is put:
        where another policy puts it otherwise, that may hold of others.
        """
        kept = {self._by_name.get(name) for name in (("element", group), ("list", group))}
        asked = {v.index for v in self._of_key.get(group, ()) if v.keys == (group,) and v not in kept}
        left_out = frozenset(asked.intersection(where.variables))
        if not left_out:
            return where
        sometimes = self.diagrams.exists(where, left_out)
        always = ~self.diagrams.exists(~where, left_out)
        return always | (sometimes & self._opaque(("of", group, provision, where), (group,)))

    def each_of(self, group: str) -> "list[tuple[str | None, Diagram]]":
        """The elements of a list, and where there are such: without a name, one that nobody has listed."""
        names = self.case.elements.get(group)
        if names is None:
            return [(None, self.one_of(group))]
        there = self._is_listed(group) if self._open_lists else self.diagrams.yes
        listed: list[tuple[str | None, Diagram]] = [(name, there) for name in names]
        if self._open_lists:
            others = ~self._is_listed(group) & self._element(group)
            listed.append((None, others))
        return listed

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
        # in one order, as a set has another one in every process
        codes = sorted([self.encoded(variable, value) for value in sorted(values, key=repr)])
        return self.diagrams.either(self._between(variable, fact, code, code + 1) for code in codes)

    def _ticked(self, fact: Fact, option: str, here: Here) -> Diagram:
        key = key_of(fact, here)
        if key is None:
            return self._opaque((fact.path, option), (fact.group,))
        if key in self.known:
            answer = self.known[key]
            return self.diagrams.of(isinstance(answer, frozenset) and option in answer)
        return self._between(self._variable((key, option), (key,), fact, option), fact, 1, 2)

    def _term(self, term: Term, here: Here) -> Operand:
        match term:
            case Literal_(value):
                return value.toordinal() if isinstance(value, date) else value
            case Today():
                return self.day.toordinal()
            case ValueTerm(name):
                current = self.model.values[name].on(self.day)  # by a fact, it was put in before
                match current:
                    case date():
                        return current.toordinal()
                    case int():
                        return current
                    case _:
                        return OfSeveral(())
            case FactTerm(fact, hand):
                key = key_of(fact, here if hand is None else {fact.group: here[hand]} if hand in here else {})
                if key is None:
                    return OfSeveral((fact.group,))
                answer = self.known.get(key)
                match answer:
                    case None:
                        return OfOneFact(key, fact)
                    case date():
                        return answer.toordinal()
                    case int() | str():
                        return answer
                    case _:
                        raise AssertionError("a term that is neither a number, a date nor a text")
            case Offset(amount, sign, base):
                return self._offset(amount, sign, self._term(base, here))
            case Sum(left, sign, right):
                return sum_of(self._term(left, here), sign, self._term(right, here))
            case YearsBetween(first, second):
                return years_of(self._term(first, here), self._term(second, here))
            case _:
                assert_never(term)

    def _offset(self, amount: Duration | ValueTerm, sign: int, base: Operand) -> Operand:
        length = self.model.values[amount.name].on(self.day) if isinstance(amount, ValueTerm) else amount
        if not isinstance(length, Duration):
            return OfSeveral(base.keys if isinstance(base, OfSeveral) else ())
        signed = Duration(sign * length.count, length.unit)
        match base:
            case int():
                return shifted(base, signed)
            case OfOneFact():
                return attrs.evolve(base, offsets=(*base.offsets, signed))
            case _:
                return base

    def _compare(self, condition: Compare, here: Here) -> Diagram:
        for value in (self.model.values[t.name] for t in terms(condition) if isinstance(t, ValueTerm)):
            if value.by is None:
                continue
            answers = value.tables if value.by.path not in self.known else (self.known[value.by.path],)
            each = []
            for answer in answers:
                current = value.on(self.day, answer)
                where = self._among(value.by, frozenset([answer]), here)
                if current is None:
                    each.append(where & self._opaque((condition, value.name, answer), (value.by.path,)))
                else:
                    each.append(where & self._compare(with_value(condition, value.name, current), here))
            return self.diagrams.either(each)
        left, op, right = self._term(condition.left, here), condition.op, self._term(condition.right, here)
        match left, right:
            case (int() | str(), int() | str()):
                return self.diagrams.of(compared(left, op, right))
            case (OfOneFact(), int() | str()):
                return self._against(left, op, right)
            case (int() | str(), OfOneFact()):
                return self._against(right, MIRRORED[op], left)
            case (OfOneFact(), OfOneFact()) if (same := by_bounds(left, op, right)) is not None:
                return self.diagrams.of(same)
            case (OfOneFact(), OfOneFact()) if isinstance(
                apart := sum_of(left, -1, right), OfOneFact | int
            ) and (not left.is_plain or not right.is_plain):
                return (
                    self._against(apart, op, 0)
                    if isinstance(apart, OfOneFact)
                    else self.diagrams.of(compared(apart, op, 0))
                )
            case _:
                keys = [k for side in (left, right) for k in keys_in(side)]
                return self._opaque((condition, tuple(keys)), tuple(dict.fromkeys(keys)))

    def _against(self, term: OfOneFact, op: str, constant: int | str) -> Diagram:
        variable = self._variable(term.key, (term.key,), term.fact)
        if isinstance(constant, str):
            index = self._texts.setdefault(constant, len(self._texts) + 1)
            return self._between(variable, term.fact, index, index + 1)
        return self._between(variable, term.fact, *term.stretch(op, constant))

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
        keys = [key_of(fact, here) for fact in self.model.facts_of(condition)]
        return [key for key in keys if key is not None and key not in self.known]
