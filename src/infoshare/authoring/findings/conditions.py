"""The conditions of a file, as they are written and as they are bound.

Deliberately not here: what is found in them (`wording`, `truths`).
"""

from collections.abc import Iterator

import attrs

from infoshare.meaning import model as m
from infoshare.meaning.binding import Binder
from infoshare.meaning.faults import Faults
from infoshare.syntax import tree as t

Groups = frozenset[str]


@attrs.frozen
class Written:
    """A condition of a declaration.

    Attributes:
        name: of the declaration.
        groups: the lists of which it speaks of one element.
    """

    name: str
    condition: t.Condition
    groups: Groups = frozenset()


def written(node: t.Declaration) -> Iterator[Written]:
    """Every condition of a declaration."""
    match node:
        case t.DefineDecl() | t.ImpossibleDecl():
            yield Written(node.name.text, node.condition)
        case t.Clause() | t.Exception_() | t.Duty() | t.Safeguard() | t.Advice() | t.Guarantee():
            groups = frozenset[str](node.scope) if isinstance(node, t.Safeguard) else frozenset[str]()
            required = node.require if isinstance(node, t.Safeguard) else None
            for condition in (node.provisions.when, node.provisions.unless, required):
                if condition is not None:
                    yield Written(node.name.text, condition, groups)
        case _:
            pass


class Binding:
    """Binds any condition of a policy that loads, so that nothing is wrong with it."""

    def __init__(self, model: m.Model) -> None:
        self._binder = Binder(Faults(), model.groups, model.facts, model.defines, model.values)

    def bound(self, node: t.Condition, groups: Groups) -> m.Condition:
        """What a condition means; `groups` are the lists of which it speaks of one element."""
        bound = self._binder.condition(node, groups)
        if bound is None:
            raise AssertionError("a condition of a policy that loads did not bind")
        return bound
