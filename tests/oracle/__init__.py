"""Trees and a case to the decision that the contract gives them, by trying every completion.

This is what the evaluator is held against, so it is written from the contract's section 4 alone and shares
nothing with the evaluator: no model, no resolver, no printer, no three-valued logic. It is slow and plain:
answer the unknown facts in every way the policy can tell apart, drop what is impossible, decide each complete
case with ordinary booleans, and say what all of them agree on.

Deliberately not here: phrases, citations, digests, `not_fired` and `relied_on` (the laws hold those).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any

from infoshare.outcome import Basis, Outcome
from infoshare.syntax import tree
from oracle.answers import Answer, Expected, ExpectedQuestion, ExpectedRow, by
from oracle.complete import Complete, Decider, Pair
from oracle.conditions import UnknownListError, shift
from oracle.reading import element, read_case, read_policy

__all__ = ["Expected", "ExpectedQuestion", "TooManyError", "UnknownListError", "element", "expect", "shift"]

Completion = tuple[dict[str, Answer], Complete]


class TooManyError(Exception):
    """The completions are more than the limit."""


def expect(
    files: Sequence[tree.File] | tree.File,
    case: Mapping[str, Any],
    as_of: date,
    *,
    presume: bool = True,
    limit: int = 20_000,
) -> Expected | None:
    """What the contract says of a case; None where no completion of it can be.

    Args:
        files: used files first, the loaded one last.
        case: groups of facts, as in JSON.
        as_of: the day decided for.
        presume: whether `unanswered means` is applied.
        limit: how many completions are tried at most.

    Raises:
        UnknownListError: a condition in force speaks of a list that the case does not give.
        TooManyError: there are more completions than the limit.
    """
    world = read_policy([files] if isinstance(files, tree.File) else files, as_of)
    read = read_case(world, case)
    return SummingUp(world, read, presume).expected(limit)


class SummingUp(Decider):
    """What all completions of a case agree on."""

    def expected(self, limit: int) -> Expected | None:
        """All of it; None where no completion can be."""
        size = 1
        for p in self.open:
            size *= len(self.domains[p])
        if size > limit:
            raise TooManyError(size)
        base: dict[str, Answer] = {**self.case.known, **self.assumed}
        envs = [
            {**base, **dict(zip(self.open, values, strict=True))}
            for values in product(*(self.domains[p] for p in self.open))
        ]
        pairs = [(env, one) for env in envs if (one := self.complete(env)) is not None]
        return self.aggregate(pairs) if pairs else None

    def aggregate(self, pairs: list[Completion]) -> Expected:
        world = self.world
        ones = [one for _, one in pairs]
        possible = frozenset(one.outcome for one in ones)
        bases = {one.basis for one in ones}
        if len(possible) > 1:
            own, basis = Outcome.SEEK_ADVICE, Basis.UNKNOWN_FACTS
        else:
            (own,) = possible
            basis = (
                bases.pop()
                if len(bases) == 1
                else next(b for b in (Basis.CLAUSES, Basis.CONFLICT) if b in bases)
            )
        out = Expected(own, basis, self.mandatory(basis, ones), possible, completions=len(ones))
        for name, acting in world.acting.items():
            stood = [name in one.stands for one in ones]
            applied = [name in one.applies for one in ones]
            held = all(name in one.holds for one in ones)
            if isinstance(acting, tree.Clause):
                if all(stood):
                    out.fired.append(name)
                elif any(stood):
                    out.unresolved.append(name)
                elif all(applied):
                    out.defeated[name] = by([self.prevailing(name, one) for one in ones])
            if held and not any(applied) and not isinstance(acting, tree.Duty):
                out.excepted[name] = by([self.setting_aside(name, one) for one in ones])
            if isinstance(acting, tree.Duty):
                self.duty(out, name, ones)
            if isinstance(acting, tree.Advice) and any(applied):
                out.advice.append(name)
        if own is Outcome.SHARE:
            self.table(out, pairs)
        self.hang_on(out, pairs)
        return out

    def mandatory(self, basis: Basis, ones: list[Complete]) -> bool | None:
        """Whether a clause that concludes the outcome says must: in every completion, in none, or not told."""
        if basis not in (Basis.CLAUSES, Basis.UNKNOWN_FACTS):
            return False
        if basis is Basis.CLAUSES and all(one.mandatory for one in ones):
            return True
        return None if any(one.must for one in ones) else False

    def duty(self, out: Expected, name: str, ones: list[Complete]) -> None:
        met = [name in self.considered(one, out.outcome) for one in ones]
        due = [m and name in one.applies for m, one in zip(met, ones, strict=True)]
        lifted = [m and name in one.holds - one.applies for m, one in zip(met, ones, strict=True)]
        if all(due):
            out.duties[name] = "due"
        elif any(due):
            out.duties[name] = "open"
        elif any(lifted):
            where = [one for one, off in zip(ones, lifted, strict=True) if off]
            out.lifted[name] = by([self.setting_aside(name, one) for one in where])

    def table(self, out: Expected, pairs: list[Completion]) -> None:
        ones = [one for _, one in pairs]
        for row in self.rows:
            held = [one.held[row] for one in ones]
            release = None if any(held) and not all(held) else not any(held)
            out.rows.append(ExpectedRow(*row, release, by(held), self.turning(pairs, row)))
        kept = [
            s.name.text
            for s in self.world.kind(tree.Safeguard)
            if not all(self.case.lists.get(g) for g in s.scope)
        ]
        out.safeguards = by([frozenset(n for n in kept if n in one.applies) for one in ones])

    def turning(self, pairs: list[Completion], row: Pair) -> frozenset[str]:
        """The unknown facts that alone, in some completion, hold a row back or let it go."""
        return frozenset(
            p
            for p in self.open
            if any(len({bool(o.held[row]) for o in lot}) > 1 for lot in self.alike(p, pairs))
        )

    def alike(self, path: str, pairs: list[Completion]) -> Iterable[list[Complete]]:
        """The completions in lots that differ in one fact alone."""
        others = [p for p in self.open if p != path]
        lots: dict[tuple[Answer, ...], list[Complete]] = {}
        for env, one in pairs:
            lots.setdefault(tuple(env[p] for p in others), []).append(one)
        return lots.values()

    def hang_on(self, out: Expected, pairs: list[Completion]) -> None:
        """The assumptions, the questions, and what each is for."""
        for path, value in self.assumed.items():
            others = [v for v in self.domains.get(path, []) if v != value]
            matters = any(
                self.changes(one, other, out.outcome)
                for env, one in pairs
                for v in others
                if (other := self.complete({**env, path: v})) is not None
            )
            out.assumed[path] = value, matters
        for path in self.open:
            changes: frozenset[str] = frozenset()
            for lot in self.alike(path, pairs):
                changes = changes.union(*(self.changes(lot[0], o, out.outcome) for o in lot[1:]))
            if changes:
                leads: dict[Answer, dict[Outcome, set[str | None]]] = {}
                for env, one in pairs:
                    leads.setdefault(env[path], {}).setdefault(one.outcome, set()).add(strength(one))
                fact = self.case.unknown[path]
                countable = isinstance(fact.type, tree.YesNo | tree.OneOf)
                agreed = {
                    answer: {o: next(iter(each)) if len(each) == 1 else None for o, each in found.items()}
                    for answer, found in leads.items()
                }
                out.questions.append(
                    ExpectedQuestion(path, path in self.case.unsure, changes, agreed, countable)
                )
        order = {p: n for n, p in enumerate(self.case.unknown)}
        out.questions.sort(
            key=lambda q: (q.unsure, self.case.unknown[q.fact].assumed is not None, *_best(q), order[q.fact])
        )


def strength(one: Complete) -> str | None:
    """How strong the outcome of a complete case is; None where it does not rest on clauses."""
    return None if one.basis is not Basis.CLAUSES else "must" if one.mandatory else "may"


def _best(question: ExpectedQuestion) -> tuple[float, int]:
    """The larger share of answers that settle first, then the fewest outcomes left in the worst case."""
    left = [len(outcomes) for outcomes in question.leads_to.values()]
    return -sum(n == 1 for n in left) / len(left), max(left)
