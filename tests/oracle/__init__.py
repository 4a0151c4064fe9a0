"""Trees and a case to the decision that the contract gives them, by trying every completion.

This is what the evaluator is held against, so it is written from the contract alone and shares nothing with the
evaluator: no model, no resolver, no printer, no three-valued logic. It is slow and plain: answer the unknown facts
in every way the policy can tell apart, drop what is impossible, decide each item for each recipient of each complete
case with ordinary booleans, and say what all of them agree on.

Of a list that the case does not give nothing is guessed: `listings` gives the case with a few lists in its place,
and whatever is settled has to be settled so of each of them.

Deliberately not here: phrases, citations, digests, `not_fired` and `relied_on` (the laws hold those).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any

from infoshare.outcome import Basis, Outcome
from infoshare.syntax import tree
from oracle.answers import Answer, By, Expected, ExpectedQuestion, ExpectedRow, Pair, by, keyed
from oracle.complete import Complete, Decider, Row
from oracle.conditions import shift
from oracle.reading import UnknownListError, element, read_case, read_policy

__all__ = [
    "Expected",
    "ExpectedQuestion",
    "ExpectedRow",
    "TooManyError",
    "UnknownListError",
    "element",
    "expect",
    "keyed",
    "listings",
    "shift",
]

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
    tried: Iterable[str] = (),
) -> Expected | None:
    """What the contract says of a case; None where no completion of it can be.

    Args:
        files: used files first, the loaded one last.
        case: groups of facts, as in JSON.
        as_of: the day decided for.
        presume: whether `unanswered means` is applied.
        limit: how many completions are tried at most.
        tried: lists that the case does not really give: nothing is assumed of their elements, and a safeguard for
            each of them is a condition to keep.

    Raises:
        UnknownListError: something in force speaks of a list that the case does not give.
        TooManyError: there are more completions than the limit.
    """
    world = read_policy([files] if isinstance(files, tree.File) else files, as_of)
    read = read_case(world, case, presume, tried)
    return SummingUp(world, read, presume).expected(limit)


def listings(
    files: Sequence[tree.File], case: Mapping[str, Any], as_of: date, *, presume: bool = True, most: int = 2
) -> tuple[list[str], Iterator[dict[str, Any]]]:
    """The lists that a case does not give, and the case with a few in their place: of none, of one, of two."""
    world = read_policy(files, as_of)
    given = read_case(world, case, presume).lists
    missing = [group for group, listed in world.listed.items() if listed and group not in given]
    names = [f"someone {n + 1}" for n in range(most)]
    ways = product(*([names[:n] for n in range(most + 1)] for _ in missing))
    return missing, (
        {**case, **{g: [{"name": n} for n in way] for g, way in zip(missing, each, strict=True)}}
        for each in ways
    )


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
        ones = [one for _, one in pairs]
        rows = [self.row(pair, pairs) for pair in self.rows]
        out = self.whole_decision(rows)
        out.completions = len(ones)
        out.assumed_lists = frozenset(self.case.assumed_empty)
        owns = {row.pair: row.outcome for row in rows}
        for name, acting in self.world.acting.items():
            if isinstance(acting, tree.Duty):
                self.duty(out, acting, ones, owns)
            elif isinstance(acting, tree.Advice):
                hands = self.hands(acting) if name in self.world.in_force else ()
                out.advice += [
                    key for hand in hands if any((key := keyed(name, hand)) in one.applies for one in ones)
                ]
            elif isinstance(acting, tree.Safeguard) and not out.has_rows and name not in self.perhaps:
                held = all(name in one.holds for one in ones)  # in whatever row
                if held and not any(name in one.applies for one in ones):
                    out.excepted[name] = by([one.set_aside[name] for one in ones])
        kept = [
            s.name.text
            for s in self.world.kind(tree.Safeguard)
            if s.name.text in self.to_keep and (s.name.text, ()) in self.tests
        ]
        if any(row.outcome is Outcome.SHARE for row in rows):
            certain = [frozenset(n for n in kept if n in one.applies) for one in ones]
            out.safeguards = By(by(certain).always - self.perhaps, by(certain).sometimes)
        out.excepted = {name: out.excepted[name] for name in self.world.acting if name in out.excepted}
        self.hang_on(out, pairs, owns)
        return out

    def whole_decision(self, rows: list[ExpectedRow]) -> Expected:
        """What all rows agree on."""
        settled = {row.outcome for row in rows if row.basis is not Basis.UNKNOWN_FACTS}
        bases = {row.basis for row in rows}
        mandatory: set[bool | None] = {row.mandatory for row in rows}
        strengths = {row.strength for row in rows}
        if not settled:
            outcome, basis = Outcome.SEEK_ADVICE, Basis.UNKNOWN_FACTS
        elif len(settled) > 1 or Basis.UNKNOWN_FACTS in bases:
            outcome, basis, mandatory = Outcome.DIFFERS, Basis.ROWS, {None}
        else:
            (outcome,) = settled
            basis = agreed_basis(bases)
        out = Expected(
            outcome,
            basis,
            mandatory.pop() if len(mandatory) == 1 else None,
            strengths.pop() if len(strengths) == 1 and basis is Basis.CLAUSES else None,
            frozenset[Outcome]().union(*(row.possible for row in rows)),
            rows,
            self.world.has_rows,
        )
        for name in self.world.acting:
            out.fired += [name] if any(name in row.fired for row in rows) else []
            out.unresolved += [name] if any(name in row.unresolved for row in rows) else []
            for found, each in ((out.defeated, "defeated"), (out.excepted, "excepted")):
                if who := [getattr(row, each)[name] for row in rows if name in getattr(row, each)]:
                    found[name] = By(
                        frozenset[str]().union(*(w.always for w in who)),
                        frozenset[str]().union(*(w.sometimes for w in who)),
                    )
        return out

    def row(self, pair: Pair, pairs: list[Completion]) -> ExpectedRow:
        """One item for one recipient, over all completions."""
        ones = [one.rows[pair] for _, one in pairs]
        possible = frozenset(one.outcome for one in ones)
        bases = {one.basis for one in ones}
        own, basis = Outcome.SEEK_ADVICE, Basis.UNKNOWN_FACTS
        if len(possible) == 1:
            (own,) = possible
            basis = agreed_basis(bases)
        strengths = {one.strength for one in ones}
        fired, unresolved = list[str](), list[str]()
        defeated, excepted, relaxed = dict[str, By](), dict[str, By](), dict[str, By]()
        for name, acting in self.world.acting.items():
            stood = [name in one.stands for one in ones]
            applied = [name in one.applies for one in ones]
            if isinstance(acting, tree.Clause):
                if all(stood):
                    fired.append(name)
                elif any(stood):
                    unresolved.append(name)
                elif all(applied) and not acting.effect.closing:
                    defeated[name] = by([self.prevailing(name, one) for one in ones])
                if all(stood) and all(name in one.relaxed for one in ones):
                    relaxed[name] = by([one.relaxed[name] for one in ones])
            if isinstance(acting, tree.Safeguard) and (not self.world.has_rows or name in self.perhaps):
                continue
            if all(name in one.holds for one in ones) and not any(applied):
                excepted[name] = by([one.set_aside[name] for one in ones])
        going = {one.goes for one in ones}
        asked = frozenset.intersection(
            *(frozenset(ask for ask in one.ask if ask[0] in fired) for one in ones)
        )
        return ExpectedRow(
            *pair,
            going.pop() if len(going) == 1 else None,
            by([one.held if len(possible) == 1 else one.would_hold for one in ones]),
            self.turning(pairs, pair),
            own,
            basis,
            self.mandatory(basis, ones),
            strengths.pop() if len(strengths) == 1 and basis is Basis.CLAUSES else None,
            possible,
            tuple(fired),
            tuple(unresolved),
            defeated,
            excepted,
            relaxed,
            asked if own is Outcome.SEEK_CONSENT else frozenset(),
        )

    def mandatory(self, basis: Basis, ones: list[Row]) -> bool | None:
        """Whether a clause that concludes the outcome says must: in every completion, in none, or not told."""
        if basis not in (Basis.CLAUSES, Basis.UNKNOWN_FACTS):
            return False
        if basis is Basis.CLAUSES and all(one.mandatory for one in ones):
            return True
        return None if any(one.must for one in ones) else False

    def duty(
        self, out: Expected, duty: tree.Duty, ones: list[Complete], owns: Mapping[Pair, Outcome]
    ) -> None:
        """What it is of each of whom it is for: due, open or lifted."""
        brought = [self.considered(one, owns) for one in ones]
        for hand in self.hands(duty) if duty.name.text in self.world.in_force else ():
            key = keyed(duty.name.text, hand)
            due = [key in b & one.applies for b, one in zip(brought, ones, strict=True)]
            lifted = [key in b & one.holds - one.applies for b, one in zip(brought, ones, strict=True)]
            if any(due):
                out.duties[key] = "due" if all(due) else "open"
            elif any(lifted):
                where = [one for one, off in zip(ones, lifted, strict=True) if off]
                out.lifted[key] = by([one.set_aside[key] for one in where])
            if duty.deadline is not None:
                days = {one.last_days[key] for one in ones}
                out.last_days[key] = days.pop() if len(days) == 1 else None

    def turning(self, pairs: list[Completion], row: Pair) -> frozenset[str]:
        """The unknown facts that alone, in some completion, hold a row back or let it go."""
        return frozenset(
            p
            for p in self.open
            if any(len({o.rows[row].goes for o in lot}) > 1 for lot in self.alike(p, pairs))
        )

    def alike(self, path: str, pairs: list[Completion]) -> Iterable[list[Complete]]:
        """The completions in lots that differ in one fact alone."""
        others = [p for p in self.open if p != path]
        lots: dict[tuple[Answer, ...], list[Complete]] = {}
        for env, one in pairs:
            lots.setdefault(tuple(env[p] for p in others), []).append(one)
        return lots.values()

    def hang_on(self, out: Expected, pairs: list[Completion], owns: Mapping[Pair, Outcome]) -> None:
        """The assumptions, the questions, and what each is for."""
        for path, value in self.assumed.items():
            others = [v for v in self.domains.get(path, []) if v != value]
            matters = any(
                self.changes(one, other, owns)[0]
                for env, one in pairs
                for v in others
                if (other := self.complete({**env, path: v})) is not None
            )
            out.assumed[path] = value, matters
        for path in self.open:
            aspects, rows = frozenset[str](), frozenset[Pair]()
            for lot in self.alike(path, pairs):
                for other in lot[1:]:
                    more, where = self.changes(lot[0], other, owns)
                    aspects, rows = aspects | more, rows | where
            if aspects:
                leads: dict[Answer, dict[Outcome, set[str | None]]] = {}
                for env, one in pairs:
                    for pair in rows or self.rows:
                        row = one.rows[pair]
                        leads.setdefault(env[path], {}).setdefault(row.outcome, set()).add(row.strength)
                fact = self.case.unknown[path]
                countable = isinstance(fact.type, tree.YesNo | tree.OneOf)
                agreed = {
                    answer: {o: next(iter(each)) if len(each) == 1 else None for o, each in found.items()}
                    for answer, found in leads.items()
                }
                out.questions.append(
                    ExpectedQuestion(path, path in self.case.unsure, aspects, rows, agreed, countable)
                )
        order = {p: n for n, p in enumerate(self.case.unknown)}
        out.questions.sort(
            key=lambda q: (
                q.unsure,
                not self.case.unknown[q.fact].ask_first,
                self.case.unknown[q.fact].assumed is not None,
                *_best(q),
                order[q.fact],
            )
        )


def agreed_basis(bases: set[Basis]) -> Basis:
    """What an outcome rests on that all agree on."""
    first = (Basis.CLAUSES, Basis.CONFLICT, Basis.SILENCE, Basis.NOT_IN_FORCE)
    return next(basis for basis in first if basis in bases)


def _best(question: ExpectedQuestion) -> tuple[float, int]:
    """The larger share of answers that settle first, then the fewest outcomes left in the worst case."""
    left = [len(outcomes) for outcomes in question.leads_to.values()]
    return -sum(n == 1 for n in left) / len(left), max(left)
