"""Conditions as written -> conditions of the model: every name bound, every type checked.

A condition with a fault in it binds to None, and the fault has been told. Deliberately not here: names (`lookup`),
answers, terms and references (`answer_binding`, `term_binding`, `reference_binding`), declarations (`resolver`), and
circles of defines (`relations`).
"""

from collections.abc import Iterable, Mapping
from typing import Literal, assert_never

from infoshare.diagnostic import did_you_mean
from infoshare.meaning import model as m
from infoshare.meaning.answer_binding import example, how_to_write, ticked, with_article
from infoshare.meaning.lookup import Groups, group_of
from infoshare.meaning.reference_binding import References, several
from infoshare.meaning.term_binding import Through, wrapped
from infoshare.meaning.types import Date, FactType, Number, OneOf, Reference, SomeOf, YesNo
from infoshare.syntax import tree as t

_ORDER = dict.fromkeys(("more", "above", "older", "later", "greater", "higher", "upwards", "up"), ">=")
_ORDER |= dict.fromkeys(("less", "under", "below", "younger", "earlier", "fewer", "lower"), "<=")
_IN_WORDS = {"<": "is less than", "<=": "is at most", ">": "is more than", ">=": "is at least"}
_AS_MANY: Mapping[str, Literal[">=", "<=", "="]] = {"at least": ">=", "at most": "<=", "exactly": "="}

NOBODY: Groups = frozenset()


class Binder(References):
    """Binds conditions against the names of a policy.

    Attributes:
        entangled: the paths of the numbers and dates that some condition so far compares with another fact.
        new_words: whether any condition so far uses a form that leaves no trace in the model (`Model.new_words`).
    """

    def condition(self, node: t.Condition, here: Groups = NOBODY) -> m.Condition | None:
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
            case t.Quantified():
                return self._quantified(node, here)
            case t.Counted():
                return self._counted_elements(node, here)
            case _:
                assert_never(node)

    def _joined(
        self, join: type[m.All] | type[m.Any], items: Iterable[t.Condition], here: Groups
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
            case t.Includes(path, (t.Word(first),)), SomeOf(values) if second in values:
                instead = (
                    f"write the fact again: `{path.text} includes {first}`, `{path.text} includes {second}`"
                )
            case _:
                return False
        from infoshare.syntax.faults import value_or_value  # only where there is one

        self.faults.add(value_or_value(item.span, before.span, second, instead))
        return True

    def _holds(self, path: t.Path, here: Groups) -> m.Condition | None:
        if path.further is not None:
            found = self.through(path, here)
            if found is None:
                return None
            reference, inner = found
            bound = self._holds(inner, here | {inner.group})
            return None if bound is None else m.Quantified("any", inner.group, bound, m.Referred(reference))
        define = self.define_of(path)
        if define is not None and path.text not in self.facts:
            return m.Defined(define) if self.is_in_hand(path.group, path, here) else None
        fact = self.fact(path, here)
        if fact is None:
            return None
        if not self.stands_alone(fact, path.span):
            return None
        return m.Among(fact, frozenset({True}))

    def _define(self, name: t.Name) -> m.Condition | None:
        if name.text in self.defines:
            each = self.defines[name.text]
            if each is None:
                return m.Defined(name.text)
            self.faults.error(
                "IS211",
                f"`{name.text}` speaks of one {each}, and it is not said which",
                name.span,
                help=(f"write `{each}.{name.text}`: of the {each} in hand, or in `any {each} (…)`",),
            )
            return None
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
        whole = self.whole_path.get(name.text)
        self.faults.unknown(
            "IS202",
            f"nothing is defined as `{name.text}`",
            name.span,
            "neither a definition nor a fact",
            space="term",
            known=() if whole else self.near_defines,
            help=lambda: (
                (f"did you mean `{whole}`?",)
                if whole
                else did_you_mean(name.text, self.near_facts) or ("a fact is written `group.fact`",)
            ),
        )
        return None

    def _is(self, node: t.Is, here: Groups) -> m.Condition | None:
        through: Through = {}
        reached = self.reached(node.fact, here, through)
        if reached is None:
            return None
        fact, hand = reached
        bound: m.Condition | None
        if isinstance(fact.type, Reference):
            bound = self.is_named(node, fact, hand, here, through)
        else:
            bound = self._of_whom(self._is_value(node, fact), through)
        if bound is None or not node.negated:
            return bound
        return bound.item if isinstance(bound, m.Not) else m.Not(bound)  # `is not empty`

    def _is_value(self, node: t.Is, fact: m.Fact) -> m.Condition | None:
        values = [value for value in node.values if not isinstance(value, t.Path | t.NoneOfThem)]
        if isinstance(fact.type, SomeOf):
            if node.values == (t.Word("empty"),):
                self.new_words = True
                return m.Not(several((m.Ticked(fact, option) for option in fact.type.values), "any"))
            self.faults.error(
                "IS302",
                f"several answers of `{fact.path}` may be ticked, so it is never just one of them",
                node.fact.span,
                help=(ticked(fact.path, fact.type, node),),
            )
            return None
        if len(values) < len(node.values):
            self._is_no_reference(node, fact)
            return None
        if isinstance(fact.type, YesNo | OneOf):
            answers = [self.answer(fact, value) for value in values]
            self.no_doubles(values)
            if None in answers:
                return None
            return m.Among(fact, frozenset(a for a in answers if a is not None))
        terms = [self.value_term(fact, value) for value in values]
        compares = tuple(m.Compare(m.FactTerm(fact), "=", term) for term in terms if term is not None)
        if len(compares) < len(terms):
            return None
        for compare in compares:
            self._entangle(compare)
        return compares[0] if len(compares) == 1 else m.Any(compares)

    def _is_no_reference(self, node: t.Is, fact: m.Fact) -> None:
        """Tells that what is no reference is said to be what a fact says, or none of them."""
        other = next(value for value in node.values if isinstance(value, t.Path | t.NoneOfThem))
        if isinstance(other, t.Path) and isinstance(fact.type, Number | Date):
            help_ = f"write `{fact.path} <= {other.text} and {fact.path} >= {other.text}`"
        elif isinstance(other, t.Path):
            help_ = how_to_write(fact)
        else:
            help_ = "`none of them` is said of a fact that names an element of a list: `who is none of them`"
        self.faults.error(
            "IS302",
            f"`{fact.path}` is {with_article(fact.type)}, and only a reference to a list is said to be "
            + ("what another names" if isinstance(other, t.Path) else "none of them"),
            other.span,
            help=(help_,),
        )

    def _includes(self, node: t.Includes, here: Groups) -> m.Condition | None:
        through: Through = {}
        reached = self.reached(node.fact, here, through)
        if reached is None:
            return None
        fact, hand = reached
        if isinstance(fact.type, Reference):
            return self.includes_named(node, fact, hand, here, through)
        if not isinstance(fact.type, SomeOf):
            self.faults.error(
                "IS302",
                f"`{fact.path}` is {with_article(fact.type)}, so it includes nothing",
                node.fact.span,
                help=(self.how_to_say(fact, [value.text for value in node.values]),),
            )
            return None
        options: list[str] = []
        for value in node.values:
            if isinstance(value, t.Path):
                self.faults.error(
                    "IS302",
                    f"`{fact.path}` is {with_article(fact.type)}, and only a reference includes what another names",
                    value.span,
                    help=(f"write one of its values: `{example(fact.path, fact.type)}`",),
                )
            else:
                option = self.answer(fact, value)
                options += [option] if isinstance(option, str) else []
        self.no_doubles(node.values)
        if len(options) < len(node.values):
            return None
        self.new_words = self.new_words or node.how is not None
        return self._of_whom(_of_options(fact, options, node.how), through)

    def _of_whom(self, bound: m.Condition | None, through: Through) -> m.Condition | None:
        """A test of one fact, asked of whom a reference names: no, where that is nobody."""
        for reference in through.values():
            if bound is not None:
                bound = m.Quantified("any", group_of(reference), bound, m.Referred(reference))
        return bound

    def _compare(self, node: t.Compare, here: Groups) -> m.Condition | None:
        self.new_words = self.new_words or node.in_words
        ordered = self._type_of(node.left)
        if (
            isinstance(ordered, OneOf)
            and isinstance(node.left, t.Path)
            and (ordered.in_order or node.in_words)
        ):
            return self._in_order(node, node.left, here)
        through: Through = {}
        left = self.term(node.left, here, through)
        if left is None and isinstance(node.right, t.Name):
            return None  # what has no order is often compared with a value, which would be told as a name
        right = self.term(node.right, here, through)
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
        compare = m.Compare(left_term, node.op, right_term)
        self._entangle(compare)
        return wrapped(compare, through)

    def _entangle(self, compare: m.Compare) -> None:
        paths = [*self.asked(compare.left), *self.asked(compare.right)]
        if len(paths) > 1:
            self.entangled.update(paths)

    def _type_of(self, term: t.Term) -> FactType | None:
        """The type of the fact that a term is, if it is one; what is wrong with it is told by others."""
        if not isinstance(term, t.Path):
            return None
        fact = self.facts.get(f"{term.group}.{term.fact}")
        if fact is not None and term.further is not None and isinstance(fact.type, Reference):
            fact = self.facts.get(f"{fact.type.group}.{term.further}")
        return None if fact is None else fact.type

    def _in_order(self, node: t.Compare, path: t.Path, here: Groups) -> m.Condition | None:
        """`concern.harm is at least significant`: the values from there on."""
        through: Through = {}
        reached = self.reached(path, here, through)
        if reached is None:
            return None
        fact, _ = reached
        if not isinstance(fact.type, OneOf):
            raise TypeError("it was one of several values")
        values, words = fact.type.values, _IN_WORDS[node.op]
        if not fact.type.in_order or not node.in_words or not isinstance(node.right, t.Name):
            instead = node.right.text if isinstance(node.right, t.Name) else values[-1]
            self.faults.error(
                "IS308",
                f"`{fact.path}` is one of several values, which are compared in words with one of them"
                if fact.type.in_order
                else f"`{fact.path}` is {with_article(fact.type)}, which has no order",
                node.span if fact.type.in_order else path.span,
                help=(
                    f"write `{fact.path} {words} {instead}`"
                    if fact.type.in_order
                    else f"to give it one, declare it `one of {', '.join(values)} in order`, the least first",
                ),
            )
            return None
        least = self.answer(fact, t.Word(node.right.text, span=node.right.span))
        if not isinstance(least, str):
            return None
        at = values.index(least)
        chosen = {"<": values[:at], "<=": values[: at + 1], ">": values[at + 1 :], ">=": values[at:]}[node.op]
        if not chosen:
            self.faults.error(
                "IS305",
                f"nothing {words} `{least}`, which is the {'first' if at == 0 else 'last'} value of `{fact.path}`",
                node.right.span,
                help=(f"write `{fact.path} is {'at least' if at else 'at most'} {least}`, or another value",),
            )
            return None
        return self._of_whom(m.Among(fact, frozenset(chosen)), through)

    def _quantified(self, node: t.Quantified, here: Groups) -> m.Condition | None:
        group, through = node.group.text, Through()
        if not self.is_list(group, node.group.span):
            return None
        within = self.within(node.within, group, here, through)
        bound = self.condition(node.condition, here | {group})
        if bound is None or within is None:
            return None
        return wrapped(m.Quantified(node.kind, group, bound, within[0]), through)

    def _counted_elements(self, node: t.Counted, here: Groups) -> m.Condition | None:
        group, through = node.group.text, Through()
        if group not in self.groups and group.removesuffix("s") in self.groups:
            group = group.removesuffix("s")
        if not self.is_list(group, node.group.span):
            return None
        within = self.within(node.within, group, here, through)
        bound = self.condition(node.condition, here | {group})
        if bound is None or within is None:
            return None
        return wrapped(m.Counted(_AS_MANY[node.how], node.number, group, bound, within[0]), through)


def _of_options(fact: m.Fact, options: list[str], how: str | None) -> m.Condition:
    chosen = [m.Ticked(fact, option) for option in options]
    if how != "exactly" or not isinstance(fact.type, SomeOf):
        return several(chosen, how)
    others = (m.Not(m.Ticked(fact, option)) for option in fact.type.values if option not in options)
    return m.All((*chosen, *others))
