"""Conditions -> expressions, of truths (`and`, `or`, `not`) or of lanes (`&`, `|`, `^`).

A define that more than one fact decides becomes a local, worked out once before it is used. Deliberately not
here: what an atom looks like in either kind of expression.
"""

import ast
from collections.abc import Callable
from typing import assert_never

from infoshare.engine import assembly as a
from infoshare.engine.atoms import Atom, Atoms
from infoshare.meaning.model import (
    All,
    Any,
    Atomic,
    Condition,
    Counted,
    Defined,
    Not,
    Provision,
    Quantified,
)

AtomExpr = Callable[[Atom], a.Expr]


class Conditions:
    """Translates conditions into one kind of expression.

    Attributes:
        statements: the defines that the conditions so far need, in the order in which they must run.
    """

    def __init__(self, atoms: Atoms, atom: AtomExpr, *, lanes: bool) -> None:
        self.atoms, self.atom, self.lanes = atoms, atom, lanes
        self.statements: list[a.Stmt] = []
        self._defines: dict[str, str] = {}

    def holds(self, provision: Provision) -> a.Expr | bool:
        """Where a provision in force holds: its `when` yes and its `unless` no."""
        wanted = [] if provision.when is None else [self.of(provision.when)]
        if provision.unless is not None:
            wanted.append(self._not(self.of(provision.unless)))
        return self._all(wanted)

    def of(self, condition: Condition) -> a.Expr | bool:
        """A condition, or its truth if it is always the same."""
        atom = self.atoms.of(condition)
        if isinstance(atom, bool):
            return atom
        if atom is not None:
            return self.atom(atom)
        match condition:
            case Not(item):
                return self._not(self.of(item))
            case All(items):
                return self._all([self.of(item) for item in items])
            case Any(items):
                return self._any([self.of(item) for item in items])
            case Defined(name):
                return self._define(name)
            case Quantified() | Counted():
                raise AssertionError("refused before")
            case _ if isinstance(condition, Atomic):
                raise AssertionError("an atom, or refused before")
            case _:
                assert_never(condition)

    def _define(self, name: str) -> a.Expr | bool:
        local = self._defines.get(name)
        if local is None:
            said = self.of(self.atoms.model.defines[name].condition)
            if isinstance(said, bool):
                return said
            local = self._defines[name] = f"d{len(self._defines)}"
            self.statements.append(a.assign(local, said))
        return a.name(local)

    def _not(self, item: a.Expr | bool) -> a.Expr | bool:
        if isinstance(item, bool):
            return not item
        return a.others(item) if self.lanes else a.negated(item)

    def _all(self, items: list[a.Expr | bool]) -> a.Expr | bool:
        if any(item is False for item in items):
            return False
        parts = [item for item in items if not isinstance(item, bool)]
        if not parts:
            return True
        if len(parts) == 1:
            return parts[0]
        return unless_nowhere(parts, a.joined(ast.BitAnd(), parts)) if self.lanes else a.both(parts)

    def _any(self, items: list[a.Expr | bool]) -> a.Expr | bool:
        if any(item is True for item in items):
            return True
        parts = [item for item in items if not isinstance(item, bool)]
        if not parts:
            return False
        return a.joined(ast.BitOr(), parts) if self.lanes else a.either(parts)


def unless_nowhere(factors: list[a.Expr], product: a.Expr) -> a.Expr:
    """A product of lanes, not worked out where a factor that costs nothing to look at is 0 in every lane."""
    plain = [factor for factor in factors if isinstance(factor, ast.Name)]
    return a.both([*plain, product]) if plain else product
