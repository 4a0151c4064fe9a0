"""The code that tells which provisions hold in a case of which everything that matters is known.

The facts are the locals of `reading_code`; what holds becomes the bits of one whole number: bit `i` for
provision `i` of the plan, and above them one for each `impossible`.
"""

import ast
from collections.abc import Sequence

from infoshare.engine import assembly as a
from infoshare.engine.atoms import Atom
from infoshare.engine.conditions_code import Conditions
from infoshare.engine.plan import Plan
from infoshare.engine.reading_code import Names, effective
from infoshare.meaning.types import Number, OneOf, SomeOf, Text, YesNo


class Holding:
    """The statements that work out `mask`, in the order in which they must run."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._position = {fact.path: i for i, fact in enumerate(plan.facts)}
        self._encoded: dict[int, str] = {}
        self._conditions = Conditions(plan.atoms, self._atom, lanes=False)
        always = 0
        marked: dict[str, tuple[a.Expr, list[int]]] = {}  # what is asked twice is looked at once
        wanted = [self._conditions.holds(provision) for provision in plan.provisions]
        wanted += [self._conditions.of(impossible.condition) for impossible in plan.model.impossibles]
        for bit, expr in enumerate(wanted):
            if expr is True:
                always |= 1 << bit
            elif expr is not False:
                marked.setdefault(ast.dump(expr), (expr, []))[1].append(bit)
        self.always = always
        self._marks = [a.when(expr, [a.mark("mask", *bits)]) for expr, bits in marked.values()]

    def statements(self, names: Names) -> list[a.Stmt]:
        """All of them; `names` gets what they refer to."""
        encoded = [
            a.assign(local, a.call(f"encode{position}", a.name(effective(self.plan, position))))
            for position, local in self._encoded.items()
        ]
        names |= {
            f"encode{p}": self.plan.atoms.world.encoder(self.plan.facts[p], None) for p in self._encoded
        }
        return [*encoded, *self._conditions.statements, a.assign("mask", a.const(self.always)), *self._marks]

    def _atom(self, atom: Atom) -> a.Expr:
        position = self._position[atom.fact.path]
        fact = a.name(effective(self.plan, position))
        of, option = atom.fact.type, atom.option
        if isinstance(of, YesNo):
            return fact if atom.of(1) else a.negated(fact)
        if isinstance(of, SomeOf):
            ticked = a.compare(a.const(option), (ast.In(), fact))
            return ticked if atom.of(1) else a.negated(ticked)
        if isinstance(of, OneOf):
            return _among(fact, [v for i, v in enumerate(of.values) if atom.of(i)], of.values)
        if isinstance(of, Text):
            texts = self.plan.atoms.texts()
            said = [text for value, text in texts.items() if atom.of(value) is not atom.of(0)]
            among = _among(fact, said)
            return a.negated(among) if atom.of(0) else among
        if isinstance(of, Number):
            return _between(fact, atom)
        return _between(a.name(self._encoded.setdefault(position, f"n{position}")), atom)


def _among(fact: a.Expr, values: Sequence[str], every: Sequence[str] = ()) -> a.Expr:
    """Whether a fact is one of some values; the shorter way to say it, where there are no others than `every`."""
    if len(values) == 1:
        return a.compare(fact, (ast.Eq(), a.const(values[0])))
    if len(values) == len(every) - 1:
        left = next(v for v in every if v not in values)
        return a.compare(fact, (ast.NotEq(), a.const(left)))
    return a.compare(fact, (ast.In(), a.const(frozenset(values))))


def _between(value: a.Expr, atom: Atom) -> a.Expr:
    """Whether a number lies in the stretches in which the atom is yes."""
    stretches: list[a.Expr] = []
    lows, highs = [None, *atom.bounds], [*atom.bounds, None]
    for low, high, truth in zip(lows, highs, atom.truths, strict=True):
        if truth and low is None:
            stretches.append(a.compare(value, (ast.Lt(), a.const(high))))
        elif truth and high is None:
            stretches.append(a.compare(value, (ast.GtE(), a.const(low))))
        elif truth:
            stretches.append(a.compare(a.const(low), (ast.LtE(), value), (ast.Lt(), a.const(high))))
    return a.either(stretches)
