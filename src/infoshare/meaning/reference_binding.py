"""What is said of references -> conditions of the model: whom they name, whether anybody, and whether the same.

Deliberately not here: what is asked of whom they name (`binding`).
"""

from collections.abc import Iterable
from typing import assert_never

from infoshare.meaning import model as m
from infoshare.meaning.lookup import Groups, group_of, is_many, listed
from infoshare.meaning.term_binding import Terms, Through, wrapped
from infoshare.meaning.types import Reference
from infoshare.syntax import tree as t

_NOBODY = frozenset({"empty"})


class References(Terms):
    """Binds conditions about references."""

    def is_named(
        self, node: t.Is, fact: m.Fact, hand: str | None, here: Groups, through: Through
    ) -> m.Condition | None:
        """`recipient.who is item.told_by`, `is person`, `is none of them`; `item.about is empty`.

        Args:
            fact: the reference on the left.
            hand: of which element in hand, where that is not the one of its list.
        """
        if group_of(fact) not in self.groups:
            return None  # which the reference has been told of
        referred = m.Referred(fact, hand)
        tests: list[m.Condition | None] = []
        for value in node.values:
            if isinstance(value, t.NoneOfThem) or (isinstance(value, t.Word) and value.text in _NOBODY):
                anybody = m.Quantified("any", group_of(fact), m.All(()), referred)
                tests.append(m.Not(anybody))
            elif is_many(fact):
                said = value.text if isinstance(value, t.Word | t.Path) else group_of(fact)
                self.faults.error(
                    "IS302",
                    f"`{fact.path}` may name several, so it is never just one of them",
                    node.fact.span,
                    help=(f"write `{fact.path} includes {said}`, or `{fact.path} is exactly {said}`",),
                )
                return None
            else:
                named = self._named(value, fact, here, through)
                tests.append(None if named is None else m.Meets(referred, named))
        bound = either(tests)
        return None if bound is None else wrapped(bound, through)

    def includes_named(
        self, node: t.Includes, fact: m.Fact, hand: str | None, here: Groups, through: Through
    ) -> m.Condition | None:
        """`item.about includes recipient.who`, `includes any of …`, `is exactly …`; the arguments as of `is_named`."""
        if group_of(fact) not in self.groups:
            return None  # likewise
        if not is_many(fact):
            said = node.values[0].text
            self.faults.error(
                "IS302",
                f"`{fact.path}` names one at most, so it includes nothing",
                node.fact.span,
                help=(f"write `{fact.path} is {'one of ' if len(node.values) > 1 else ''}{said}`",),
            )
            return None
        found = [self._named(value, fact, here, through) for value in node.values]
        named = [each for each in found if each is not None]
        if len(named) < len(found):
            return None
        referred, group = m.Referred(fact, hand), group_of(fact)
        meeting = [m.Meets(referred, each) for each in named]
        if node.how != "exactly":
            return wrapped(several(meeting, node.how), through)
        own = m.InHand(fact.path)  # everybody whom it names is one of them
        others = several((m.Meets(own, each) for each in named), "any")
        bound = m.All((*meeting, m.Quantified("every", group, others, referred, fact.path)))
        return wrapped(bound, through)

    def within(
        self, path: t.Path | None, group: str, here: Groups, through: Through
    ) -> tuple[m.Referred | None] | None:
        """The reference after `in`, in a tuple of its own as it may be left out; None, with the fault told, if it is none.

        Args:
            group: the list of whose elements is spoken.
        """
        if path is None:
            return (None,)
        reached = self.reached(path, here, through)
        if reached is None:
            return None
        fact, hand = reached
        if isinstance(fact.type, Reference) and fact.type.group == group:
            return (m.Referred(fact, hand),)
        self._no_reference_to(group, fact, path)
        return None

    def _named(
        self, value: t.Value | t.Path | t.NoneOfThem, of: m.Fact, here: Groups, through: Through
    ) -> m.Named | None:
        """Somebody who is compared with those whom a reference names."""
        group = group_of(of)
        match value:
            case t.Path():
                reached = self.reached(value, here, through)
                if reached is None:
                    return None
                fact, hand = reached
                if not isinstance(fact.type, Reference) or fact.type.group != group:
                    self._no_reference_to(group, fact, value)
                    return None
                if fact.type.many:
                    self.faults.error(
                        "IS302",
                        f"`{fact.path}` may name several, and one is compared with those whom `{of.path}` names",
                        value.span,
                        help=(f"write `any {group} in {fact.path} (…)` around it, and `{group}` here",),
                    )
                    return None
                return m.Referred(fact, hand)
            case t.Word(text) if text == group:
                if group in here:
                    return m.InHand(group)
                self.faults.error(
                    "IS211",
                    f"`{group}` is one {group}, and it is not said which",
                    value.span,
                    help=(f"write `any {group} (…)` or `every {group} (…)` around it",),
                )
                return None
            case t.NoneOfThem():
                self.faults.error(
                    "IS302",
                    "nobody is among those whom a reference names",
                    value.span,
                    help=(f"that it names nobody is written `{of.path} is empty`",),
                )
                return None
            case t.Word() | t.Number() | t.Date() | t.Text():
                self.wrong_type(of, value, unsure=False)
                return None
            case _:
                assert_never(value)

    def _no_reference_to(self, group: str, fact: m.Fact, path: t.Path) -> None:
        theirs = isinstance(fact.type, Reference) and fact.type.group
        if theirs and theirs not in self.groups:
            return  # which the reference has been told of
        others = [
            f.path for f in self.facts.values() if isinstance(f.type, Reference) and f.type.group == group
        ]
        offered = (
            f"those that name one of `{group}` are {listed(others)}"
            if others
            else f'declare one: `{path.fact} "…" : one {group}`'
        )
        self.faults.error(
            "IS302",
            f"`{fact.path}` names no {group}",
            path.span,
            f"it names elements of `{theirs}`" if theirs else "it is no reference to a list",
            help=(offered,),
        )


def either(tests: Iterable[m.Condition | None]) -> m.Condition | None:
    """Whether any of some conditions is so; None if one of them has a fault."""
    found = list(tests)
    bound = tuple(each for each in found if each is not None)
    if len(bound) < len(found):
        return None
    return bound[0] if len(bound) == 1 else m.Any(bound)


def several(tests: Iterable[m.Condition], how: str | None) -> m.Condition:
    """`includes any of`, `all of`, `none of`, or of one alone."""
    found = tuple(tests)
    if how == "all" and len(found) > 1:
        return m.All(found)
    bound = found[0] if len(found) == 1 else m.Any(found)
    return m.Not(bound) if how == "none" else bound
