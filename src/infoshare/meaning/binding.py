"""Conditions as written -> conditions of the model: every name bound, every type checked.

A condition with a fault in it binds to None, and the fault has been told. Deliberately not here:
declarations (`resolver`), and circles of defines (`relations`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Literal, assert_never

from infoshare.diagnostic import Label, Nearest, did_you_mean
from infoshare.meaning import model as m
from infoshare.meaning.faults import Faults
from infoshare.meaning.types import UNSURE, Answer, Date, FactType, Number, OneOf, SomeOf, Text, YesNo
from infoshare.syntax import tree as t
from infoshare.text import Span

_MOST_NAMES = 20  # that a message lists
_ORDER = dict.fromkeys(("more", "above", "older", "later", "greater", "higher", "upwards", "up"), ">=")
_ORDER |= dict.fromkeys(("less", "under", "below", "younger", "earlier", "fewer", "lower"), "<=")
_WHETHER_ANSWERED = frozenset(
    (
        "unknown",
        "known",
        "unanswered",
        "answered",
        "missing",
        "empty",
        "blank",
        "undefined",
        "null",
        "not_known",
    )
)

Kind = Literal["number", "date", "duration"]


def kind_of(value: int | date | m.Duration | t.Number | t.Date | t.Duration) -> Kind:
    """What a `value` holds."""
    match value:
        case m.Duration() | t.Duration():
            return "duration"
        case int() | t.Number():
            return "number"
        case date() | t.Date():
            return "date"
        case _:
            assert_never(value)


class Binder:
    """Binds conditions against the names of a policy.

    Args:
        facts: by path, the built-in `name` of every list included.
        defines: the names of all defines (their conditions may still be unbound).
        values: by name.
    """

    def __init__(
        self,
        faults: Faults,
        groups: Mapping[str, m.Group],
        facts: Mapping[str, m.Fact],
        defines: Iterable[str],
        values: Mapping[str, m.Value],
    ) -> None:
        self.faults, self.groups, self.facts, self.values = faults, groups, facts, values
        self.defines = frozenset(defines)
        self.entangled: set[str] = set()
        # What a name that nothing declares may have been meant for; each is made when the first such name is met.
        self._near_facts, self._near_values = Nearest(facts), Nearest(values)
        self._near_defines = Nearest(sorted(self.defines))
        self._near_options: dict[str, Nearest] = {}

    def condition(self, node: t.Condition, here: frozenset[str] = frozenset()) -> m.Condition | None:
        """Binds a condition; `here` are the groups of which one element is being spoken of."""
        match node:
            case t.Holds(ref):
                return self._holds(ref, here) if isinstance(ref, t.Path) else self._define(ref)
            case t.Is():
                return self._is(node, here)
            case t.Includes():
                return self._includes(node, here)
            case t.Compare():
                return self._compare(node, here)
            case t.Not(item):
                bound = self.condition(item, here)
                return None if bound is None else m.Not(bound)
            case t.And(items):
                return self._joined(m.All, items, here)
            case t.Or(items):
                return self._joined(m.Any, items, here)
            case t.These(kind, items):
                bound = self._joined(m.All if kind == "all" else m.Any, items, here)
                return m.Not(bound) if bound is not None and kind == "none" else bound
            case t.Quantified(kind, group, inner):
                return self._quantified(kind, group, inner, here)
            case _:
                assert_never(node)

    def fact(self, path: t.Path, here: frozenset[str]) -> m.Fact | None:
        """The fact of a path; None, with the fault told, if there is none that can be spoken of here."""
        fact = self.facts.get(path.text)
        if fact is None:
            if path.text not in self.faults.broken and path.group not in self.faults.broken:
                self.faults.unknown(
                    "IS201",
                    f"no fact is named `{path.text}`",
                    path.span,
                    "not declared in this policy, nor in a file that it uses",
                    space="fact",
                    known=self._near_facts,
                    help=lambda: self._facts_of(path.group),
                )
            return None
        if fact.each and fact.group not in here:
            self.faults.error(
                "IS211",
                f"`{path.text}` speaks of one {fact.group}, and it is not said which",
                path.span,
                help=(f"write `any {fact.group} (…)` or `every {fact.group} (…)` around it",),
            )
            return None
        return fact

    def answer(self, fact: m.Fact, value: t.Value, *, unsure: bool = False) -> Answer | None:
        """A written value as an answer of a fact; None, with the fault told, if it is not one.

        Args:
            unsure: whether `unsure` could have been meant.
        """
        match fact.type, value:
            case YesNo(), t.Word("yes" | "no" as word):
                return word == "yes"
            case ((OneOf(values) | SomeOf(values)), t.Word(word)) if word in values:
                return word
            case ((OneOf(values) | SomeOf(values)), t.Word(word)) if word != UNSURE:
                self.faults.unknown(
                    "IS301",
                    f"`{word}` is not a value of `{fact.path}`",
                    value.span,
                    f"its values are {_list(values)}",
                    space="value",
                    known=()
                    if word in _WHETHER_ANSWERED
                    else self._options(fact.path, values, unsure=unsure),
                    of=fact.path,
                    help=(self._whether_answered(fact, word, unsure=unsure),)
                    if word in _WHETHER_ANSWERED
                    else (f"write one of them, such as `{_example(fact.path, fact.type)}`",),
                )
                return None
            case Number(_, low, high), t.Number(number):
                if (low is not None and number < low) or (high is not None and number > high):
                    self.faults.error(
                        "IS305",
                        f"expected a number from {low} to {high}, found {number}",
                        value.span,
                        f"`{fact.path}` cannot be that",
                        help=("check the number, or give the fact a wider range",),
                    )
                    return None
                return number
            case Date(), t.Date(day):
                return day
            case Text(), t.Text(text):
                return text
            case _:
                self._wrong_type(fact, value, unsure=unsure)
                return None

    def stands_alone(self, fact: m.Fact, span: Span) -> bool:
        """Whether a fact may stand by itself; the fault told if not."""
        if isinstance(fact.type, YesNo):
            return True
        self.faults.error(
            "IS302",
            f"`{fact.path}` is {_with_article(fact.type)}, so it cannot stand by itself",
            span,
            "only a yes-or-no fact can",
            help=(_how_to_write(fact),),
        )
        return False

    def _wrong_type(self, fact: m.Fact, value: t.Value, *, unsure: bool) -> None:
        help_: tuple[str, ...] = (_how_to_write(fact),)
        match fact.type, value:
            case _, t.Word("unsure") if not unsure:
                help_ = (
                    "a clause cannot ask for doubt: what is unsure is unknown to it, and leads to advice",
                )
            case _, t.Word(word) if word in _WHETHER_ANSWERED:
                help_ = (self._whether_answered(fact, word, unsure=unsure),)
            case Text(), t.Word(word):
                help_ = (f'text stands in double quotes: `{fact.path} is "{word}"`',)
            case YesNo(), t.Word("true" | "so"):
                help_ = (f"write `{fact.path}`",)
            case YesNo(), t.Word("false" | "not"):
                help_ = (f"write `not {fact.path}`",)
            case YesNo(), t.Word("none") if fact.each:
                help_ = (f"that it is so of none of them is written `no {fact.group} ({fact.path})`",)
            case ((OneOf(values) | SomeOf(values)), t.Text(text)) if text in values:
                help_ = (f"a value stands without quotes: `{_example(fact.path, fact.type, text)}`",)
            case _, t.Word(word) if unsure:
                help_ = (*did_you_mean(word, (UNSURE, "yes", "no")), *help_)
            case _:
                pass
        self.faults.error(
            "IS302",
            f"`{fact.path}` is {_with_article(fact.type)}",
            value.span,
            "this is not an answer to it",
            help=help_,
        )

    def _whether_answered(self, fact: m.Fact, word: str, *, unsure: bool) -> str:
        if unsure:
            return f"leave the line out: what is not given is unanswered; doubt is `{fact.path} is {UNSURE}`"
        return (
            f"a clause cannot ask whether a fact is {word.replace('_', ' ')}: "
            "what is not answered is unknown to it, and leads to questions or advice"
        )

    def _joined(
        self, join: type[m.All] | type[m.Any], items: Iterable[t.Condition], here: frozenset[str]
    ) -> m.Condition | None:
        bound: list[m.Condition | None] = []
        before: t.Condition | None = None
        for item in items:
            bound.append(None if self._value_or_value(before, item) else self.condition(item, here))
            before = item
        whole = tuple(item for item in bound if item is not None)
        if len(whole) < len(bound):
            return None
        return whole[0] if len(whole) == 1 else join(whole)

    def _value_or_value(self, before: t.Condition | None, item: t.Condition) -> bool:
        """Whether a value or `more` was written where a condition stands, as after `is 16 or`; then it has been told."""
        if not isinstance(before, t.Is | t.Includes) or not isinstance(item, t.Holds):
            return False
        known, second = self.facts.get(before.fact.text), item.ref.text
        if known is None or second in self.defines or second in self.faults.broken:
            return False
        match before, known.type:
            case t.Is(_, (t.Word(first),)), OneOf(values) if second in values:
                is_ = "is not" if before.negated else "is"
                instead = f"to name several values write `{is_} one of {first}, {second}`"
            case t.Is(path, (t.Number() | t.Date() as first,)), Number() | Date() if second in _ORDER:
                order = _ORDER[second]
                if before.negated:
                    order = "<" if order == ">=" else ">"
                instead = f"write `{path.text} {order} {first.value}`"
            case t.Includes(path, t.Word(first)), SomeOf(values) if second in values:
                instead = (
                    f"write the fact again: `{path.text} includes {first}`, `{path.text} includes {second}`"
                )
            case _:
                return False
        from infoshare.syntax.faults import value_or_value  # only where there is one

        self.faults.add(value_or_value(item.span, before.span, second, instead))
        return True

    def _holds(self, path: t.Path, here: frozenset[str]) -> m.Condition | None:
        fact = self.fact(path, here)
        if fact is None:
            return None
        if not self.stands_alone(fact, path.span):
            return None
        return m.Among(fact, frozenset({True}))

    def _define(self, name: t.Name) -> m.Condition | None:
        if name.text in self.defines:
            return m.Defined(name.text)
        if name.text in self.faults.broken:
            return None
        if name.text in self.values:
            self.faults.error(
                "IS302",
                f"`{name.text}` is a value, and here a condition is needed",
                name.span,
                help=(f"compare something with it: `… < {name.text}`",),
            )
            return None
        whole = self._whole_path.get(name.text)
        self.faults.unknown(
            "IS202",
            f"nothing is defined as `{name.text}`",
            name.span,
            "neither a definition nor a fact",
            space="term",
            known=() if whole else self._near_defines,
            help=lambda: (
                (f"did you mean `{whole}`?",)
                if whole
                else did_you_mean(name.text, self._near_facts) or ("a fact is written `group.fact`",)
            ),
        )
        return None

    def _is(self, node: t.Is, here: frozenset[str]) -> m.Condition | None:
        fact = self.fact(node.fact, here)
        if fact is None:
            return None
        if isinstance(fact.type, SomeOf):
            self.faults.error(
                "IS302",
                f"several answers of `{fact.path}` may be ticked, so it is never just one of them",
                node.fact.span,
                help=(_ticked(fact.path, fact.type, node),),
            )
            return None
        if isinstance(fact.type, YesNo | OneOf):
            answers = [self.answer(fact, value) for value in node.values]
            self._no_doubles(node.values)
            if None in answers:
                return None
            bound: m.Condition = m.Among(fact, frozenset(a for a in answers if a is not None))
        else:
            terms = [self._value_term(fact, value) for value in node.values]
            compares = tuple(m.Compare(m.FactTerm(fact), "=", term) for term in terms if term is not None)
            if len(compares) < len(terms):
                return None
            bound = compares[0] if len(compares) == 1 else m.Any(compares)
        return m.Not(bound) if node.negated else bound

    def _no_doubles(self, values: tuple[t.Value, ...]) -> None:
        seen: dict[t.Value, Span] = {}
        for value in values:
            if value in seen:
                self.faults.error(
                    "IS303",
                    "the same value is given twice",
                    value.span,
                    "again",
                    also=(Label(seen[value], "first here"),),
                    help=("delete one, or write what was meant there",),
                )
            seen.setdefault(value, value.span)

    def _value_term(self, fact: m.Fact, value: t.Value) -> m.Term | None:
        """A value that a number, date or text fact is said to be; a word may name a `value`, or today."""
        if isinstance(value, t.Word) and not isinstance(fact.type, Text):
            wanted = "number" if isinstance(fact.type, Number) else "date"
            if value.text == "today" and wanted == "date":
                return m.Today()
            if value.text in self.values and kind_of(self.values[value.text].steps[0][1]) == wanted:
                return m.ValueTerm(value.text)
        answer = self.answer(fact, value)
        return None if answer is None or isinstance(answer, frozenset) else m.Literal_(answer)

    def _includes(self, node: t.Includes, here: frozenset[str]) -> m.Condition | None:
        fact = self.fact(node.fact, here)
        if fact is None:
            return None
        if not isinstance(fact.type, SomeOf):
            self.faults.error(
                "IS302",
                f"`{fact.path}` is {_with_article(fact.type)}, so it includes nothing",
                node.fact.span,
                help=(self._how_to_say(fact, node.value.text),),
            )
            return None
        option = self.answer(fact, node.value)
        return m.Ticked(fact, option) if isinstance(option, str) else None

    def _compare(self, node: t.Compare, here: frozenset[str]) -> m.Condition | None:
        left = self._term(node.left, here)
        if left is None and isinstance(node.right, t.Name):
            return None  # what has no order is often compared with a value, which would be told as a name
        right = self._term(node.right, here)
        if left is None or right is None:
            return None
        (left_term, left_kind), (right_term, right_kind) = left, right
        if left_kind != right_kind or left_kind == "duration":
            from infoshare.syntax.spelling import run_together  # only where there is a fault

            day = run_together(node.right.span.text) if left_kind == "date" else None
            help_ = (
                f"write {day}"
                if day
                else "compare a number with a number, or a date with a date: `2 years before today`"
            )
            self.faults.error(
                "IS308", f"a {left_kind} cannot be compared with a {right_kind}", node.span, help=(help_,)
            )
            return None
        paths = [*_paths(left_term), *_paths(right_term)]
        if len(paths) > 1:
            self.entangled.update(paths)
        return m.Compare(left_term, node.op, right_term)

    def _term(self, node: t.Term, here: frozenset[str]) -> tuple[m.Term, Kind] | None:
        match node:
            case t.Number(value):
                return m.Literal_(value), "number"
            case t.Date(day):
                return m.Literal_(day), "date"
            case t.Today():
                return m.Today(), "date"
            case t.Name(text):
                if text in self.values:
                    return m.ValueTerm(text), kind_of(self.values[text].steps[0][1])
                if text not in self.faults.broken:
                    whole = self._whole_path.get(text)
                    self.faults.unknown(
                        "IS202",
                        f"no value is named `{text}`",
                        node.span,
                        space="term",
                        known=() if whole else self._near_values,
                        help=(f"did you mean `{whole}`?",)
                        if whole
                        else ("write a number, a date, or the name of a `value`",),
                    )
                return None
            case t.Path():
                fact = self.fact(node, here)
                if fact is None:
                    return None
                if isinstance(fact.type, Number):
                    return m.FactTerm(fact), "number"
                if isinstance(fact.type, Date):
                    return m.FactTerm(fact), "date"
                self.faults.error(
                    "IS308",
                    f"`{fact.path}` is {_with_article(fact.type)}, which has no order",
                    node.span,
                    "only numbers and dates are compared",
                    help=(_how_to_write(fact),),
                )
                return None
            case t.Offset():
                return self._offset(node, here)
            case _:
                assert_never(node)

    def _offset(self, node: t.Offset, here: frozenset[str]) -> tuple[m.Term, Kind] | None:
        base = self._term(node.base, here)
        match node.amount:
            case t.Duration(count, unit):
                amount: m.Duration | m.ValueTerm = m.Duration(count, unit)
            case t.Name():
                length = self._term(node.amount, here)
                if length is None:
                    return None
                if length[1] != "duration":
                    self.faults.error(
                        "IS308",
                        f"`{node.amount.text}` is not a length of time",
                        node.amount.span,
                        help=("give its steps a unit, `6 months`, or write the length of time itself",),
                    )
                    return None
                amount = m.ValueTerm(node.amount.text)
        if base is None:
            return None
        if base[1] != "date":
            self.faults.error(
                "IS308",
                f"`{node.direction}` needs a date, found a {base[1]}",
                node.base.span,
                help=(f"count from a date: `6 months {node.direction} today`, or from a fact that is one",),
            )
            return None
        return m.Offset(amount, -1 if node.direction == "before" else 1, base[0]), "date"

    def _quantified(
        self, kind: Literal["any", "every", "no"], group: t.Name, inner: t.Condition, here: frozenset[str]
    ) -> m.Condition | None:
        if not self.is_list(group.text, group.span):
            return None
        bound = self.condition(inner, here | {group.text})
        return None if bound is None else m.Quantified(kind, group.text, bound)

    def _how_to_say(self, fact: m.Fact, word: str) -> str:
        if isinstance(fact.type, OneOf) and word in fact.type.values:
            return f"write `{fact.path} is {word}`"
        return _how_to_write(fact)

    @cached_property
    def _whole_path(self) -> Mapping[str, str]:
        """The path of a fact by its name alone."""
        return {fact.name: fact.path for fact in self.facts.values()}

    @cached_property
    def _by_group(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for fact in self.facts.values():
            found.setdefault(fact.group, []).append(fact.path)
        return found

    def _options(self, path: str, values: tuple[str, ...], *, unsure: bool) -> Nearest:
        known = (*values, UNSURE) if unsure else values
        return self._near_options.setdefault(f"{path} {unsure}", Nearest(known))

    def is_list(self, name: str, span: Span) -> bool:
        """Whether a group is a list, of one element of which may be spoken; told if not."""
        if (name in self.groups and self.groups[name].each) or name in self.faults.broken:
            return name not in self.faults.broken
        lists = [g.name for g in self.groups.values() if g.each]
        declare = f'declare it: `facts about each {name} "…"`, and below it the facts of each'
        if name in self.groups:
            declare = f"declare it with `each`: `facts about each {name} …`"
        self.faults.unknown(
            "IS205",
            f"`{name}` is not a list" if name in self.groups else f"no list is named `{name}`",
            span,
            "`facts about each …` declares one",
            space="group",
            known=lists,
            word=name,
            help=(f"the lists are {_list(lists)}", declare) if lists else (declare,),
        )
        return False

    def _facts_of(self, group: str) -> tuple[str, ...]:
        names = self._by_group.get(group)
        if names:
            return (f"`{group}` has {_list(names)}",)
        return did_you_mean(group, self.groups) or (
            f'declare it: `facts about {group} "…"`, and the fact below it',
        )


def _paths(term: m.Term) -> list[str]:
    match term:
        case m.FactTerm(fact):
            return [fact.path]
        case m.Offset(_, _, base):
            return _paths(base)
        case m.Literal_() | m.Today() | m.ValueTerm():
            return []
        case _:
            assert_never(term)


def _list(words: Sequence[str]) -> str:
    """Names in a sentence: the first ones, if they are many."""
    more = f" and {len(words) - _MOST_NAMES} more" if len(words) > _MOST_NAMES else ""
    return ", ".join(f"`{word}`" for word in words[:_MOST_NAMES]) + more


def _with_article(type_: FactType) -> str:
    match type_:
        case OneOf():
            return "one of several values"
        case SomeOf():
            return "some of several values"
        case Number() | Date():
            return f"a {type_.words}"
        case YesNo() | Text():
            return type_.words
        case _:
            assert_never(type_)


def _example(path: str, type_: OneOf | SomeOf, value: str | None = None) -> str:
    return f"{path} {'includes' if isinstance(type_, SomeOf) else 'is'} {value or type_.values[0]}"


def _ticked(path: str, type_: SomeOf, node: t.Is) -> str:
    """How to say of a fact of which several values may be ticked what was said with `is`."""
    named = [value.text for value in node.values if isinstance(value, t.Word) and value.text in type_.values]
    of_none = node.values in {(t.Word("none"),), (t.Word("empty"),), (t.Word("nothing"),)}
    asked = named[:3] or list(type_.values[:3])
    each = [f"{path} includes {value}" for value in asked]
    if of_none or node.negated:
        return f"write `not ({' or '.join(each)})`" + (", with all of its values" if of_none else "")
    whole = f"write `{' or '.join(each) if named else each[0]}`"
    return whole if named else f"{whole}; its values are {_list(type_.values)}"


def _how_to_write(fact: m.Fact) -> str:
    match fact.type:
        case YesNo():
            return f"write `{fact.path}`, or `not {fact.path}`"
        case OneOf(values):
            return f"write `{fact.path} is {values[0]}`; its values are {_list(values)}"
        case SomeOf(values):
            return f"write `{fact.path} includes {values[0]}`; its values are {_list(values)}"
        case Number():
            return f"write `{fact.path} is 3`, or compare it: `{fact.path} < 3`"
        case Date():
            return f"write `{fact.path} is 2026-01-31`, or compare it: `{fact.path} < 2026-01-31`"
        case Text():
            return f'write `{fact.path} is "…"`'
        case _:
            assert_never(fact.type)
