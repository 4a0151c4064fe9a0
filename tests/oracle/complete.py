"""One complete case decided, two-valued, in the order of the contract's sentences; and what is assumed."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from infoshare.outcome import Act, Basis, Outcome
from infoshare.syntax import tree
from oracle.answers import Answer
from oracle.conditions import Bind, Conditions, Env, Test, domain, subsets
from oracle.reading import Case, World, assumption, targets_of

Pair = tuple[str | None, str | None]


@dataclass(frozen=True)
class Complete:
    """What one complete case comes to."""

    outcome: Outcome
    basis: Basis
    mandatory: bool  # the outcome rests on clauses, and one of them says must
    must: bool  # a clause that stands says must, whatever it is that others say
    holds: frozenset[str]
    applies: frozenset[str]
    stands: frozenset[str]
    held: Mapping[Pair, frozenset[str]]


class Decider:
    """One case of one policy on one day."""

    def __init__(self, world: World, case: Case, presume: bool) -> None:
        self.world, self.case = world, case
        self.conditions = Conditions(world, case.lists)
        make = self.conditions.test
        self.impossible = [make(i.condition, {}) for i in world.impossible]
        self.in_impossible = {p for paths, _ in self.conditions.atoms for p in paths}
        items: list[str | None] = [*case.lists.get("item", [])] or [None]
        recipients: list[str | None] = [*case.lists.get("recipient", [])] or [None]
        self.rows = list(product(items, recipients))
        self.when: dict[str, Test] = {}
        self.row_tests: dict[tuple[str, Pair], tuple[Test, Test]] = {}
        for acting in world.acting.values():
            if acting.name.text not in world.in_force:
                continue
            if isinstance(acting, tree.Safeguard) and acting.scope:
                self.scoped(acting)
            else:
                self.when[acting.name.text] = self.provisions(acting.provisions, {})
                if isinstance(acting, tree.Safeguard):
                    test = make(acting.require, {})
                    for row in self.rows:
                        self.row_tests[acting.name.text, row] = self.when[acting.name.text], test
        self.sets_aside = [(e, targets_of(world, e)) for e in world.kind(tree.Exception_)]
        self.prevails = [(o, targets_of(world, o)) for o in world.kind(tree.Clause) if o.kind == "override"]
        self.cache: dict[tuple[Answer, ...], Complete | None] = {}
        self.assumed = self.assumptions() if presume else {}
        self.conditions.constants |= {v for v in self.assumed.values() if not isinstance(v, frozenset | bool)}
        self.relevant = sorted({p for paths, _ in self.conditions.atoms for p in paths} & case.unknown.keys())
        self.domains = {p: domain(p, case.unknown[p], self.conditions, case.known) for p in self.relevant}
        self.open = [p for p in self.relevant if p not in self.assumed]

    def scoped(self, safeguard: tree.Safeguard) -> None:
        """Where the case lists what it speaks of, a test a row; else it is a condition to keep."""
        name = safeguard.name.text
        if not all(self.case.lists.get(g) for g in safeguard.scope):
            try:
                self.when[name] = self.provisions(safeguard.provisions, {})
            except KeyError:  # its `when` speaks of an element, and there is none to look at
                self.when[name] = lambda _: True
            return
        for row in self.rows:
            bind: dict[str, str] = {
                g: n for g, n in zip(("item", "recipient"), row, strict=True) if g in safeguard.scope and n
            }
            tests = self.provisions(safeguard.provisions, bind), self.conditions.test(safeguard.require, bind)
            self.row_tests[name, row] = tests
        self.when[name] = self.conditions.any_of(
            [t for (n, _), (t, _) in self.row_tests.items() if n == name]
        )

    def provisions(self, provisions: tree.Provisions, bind: Bind) -> Test:
        when = self.conditions.test(provisions.when, bind) if provisions.when else lambda _: True
        unless = self.conditions.test(provisions.unless, bind) if provisions.unless else lambda _: False
        return lambda env: when(env) and not unless(env)

    def can_be(self, known: Env) -> bool:
        """Whether some completion of these answers is not impossible."""
        free = sorted(self.in_impossible - known.keys())
        domains = [domain(p, self.case.unknown[p], self.conditions, known) for p in free]
        return any(
            not any(test({**known, **dict(zip(free, values, strict=True))}) for test in self.impossible)
            for values in product(*domains)
        )

    def assumptions(self) -> dict[str, Answer]:
        """What is assumed: all that can be together, and none of what cannot be beside other assumptions."""
        wanted = {
            p: assumption(f)
            for p, f in self.case.unknown.items()
            if f.assumed is not None and p not in self.case.unsure
        }
        if not self.impossible or self.can_be({**self.case.known, **wanted}):
            return wanted
        disputed = [p for p in wanted if p in self.in_impossible]
        largest: list[set[str]] = []
        for kept in reversed(list(subsets(disputed))):
            if any(set(kept) <= other for other in largest):
                continue
            if self.can_be({**self.case.known, **{p: wanted[p] for p in kept}}):
                largest.append(set(kept))
        agreed = set.intersection(*largest) if largest else set()
        return {p: v for p, v in wanted.items() if p not in disputed or p in agreed}

    def complete(self, env: Env) -> Complete | None:
        """Decide one complete case; None if it cannot be."""
        key = tuple(env[p] for p in self.relevant)
        if key not in self.cache:
            self.cache[key] = None if any(t(env) for t in self.impossible) else self.decide(env)
        return self.cache[key]

    def decide(self, env: Env) -> Complete:
        world = self.world
        holds = {name for name, test in self.when.items() if test(env)}
        effective: dict[str, bool] = {}

        def aside(name: str) -> bool:
            return any(name in targets and acts(e.name.text) for e, targets in self.sets_aside)

        def acts(name: str) -> bool:
            if name not in effective:
                effective[name] = name in holds and not aside(name)
            return effective[name]

        applies = {name for name in holds if acts(name)}
        standing: dict[str, bool] = {}

        def stands(clause: tree.Clause) -> bool:
            name = clause.name.text
            if name not in standing:
                standing[name] = name in applies and not any(
                    name in targets and o.effect.outcome is not clause.effect.outcome and stands(o)
                    for o, targets in self.prevails
                )
            return standing[name]

        deciding = [c for c in world.kind(tree.Clause) if stands(c)]
        outcomes = {c.effect.outcome for c in deciding}
        outcome, basis = Outcome.SEEK_ADVICE, Basis.CONFLICT
        if len(outcomes) == 1:
            (outcome,), basis = outcomes, Basis.CLAUSES
        elif not outcomes:
            basis = Basis.SILENCE
        held: dict[Pair, frozenset[str]] = {}
        if outcome is Outcome.SHARE:
            for row in self.rows:
                held[row] = frozenset(
                    name
                    for (name, of), (when, require) in self.row_tests.items()
                    if of == row and name in applies and when(env) and not require(env)
                )
        return Complete(
            outcome,
            basis if world.policy_in_force else Basis.NOT_IN_FORCE,
            basis is Basis.CLAUSES and any(c.effect.must for c in deciding),
            any(c.effect.must for c in deciding),
            frozenset(holds),
            frozenset(applies),
            frozenset(c.name.text for c in deciding),
            held,
        )

    def prevailing(self, name: str, one: Complete) -> frozenset[str]:
        """The overrides that stand and defeat a clause, in one completion."""
        clause = self.world.acting[name]
        assert isinstance(clause, tree.Clause)
        return frozenset(
            o.name.text
            for o, targets in self.prevails
            if name in targets and o.name.text in one.stands and o.effect.outcome is not clause.effect.outcome
        )

    def setting_aside(self, name: str, one: Complete) -> frozenset[str]:
        return frozenset(
            e.name.text for e, ts in self.sets_aside if name in ts and e.name.text in one.applies
        )

    def considered(self, one: Complete, own: Outcome) -> frozenset[str]:
        """The duties that a completion's outcome, or the decision's own, brings."""
        acts = {one.outcome, own}
        return frozenset(
            d.name.text
            for d in self.world.kind(tree.Duty)
            if any(t.act is Act.DECIDING or t.act.outcome in acts for t in d.timings)
        )

    def changes(self, a: Complete, b: Complete, own: Outcome) -> frozenset[str]:
        """What differs between two complete cases, of what a fact may matter for."""
        a_brings, b_brings = self.considered(a, own), self.considered(b, own)
        due = a_brings & a.applies != b_brings & b.applies
        lifted = a_brings & (a.holds - a.applies) != b_brings & (b.holds - b.applies)
        aspects = {
            "outcome": a.outcome is not b.outcome,
            "mandatory": a.mandatory is not b.mandatory,
            "duties": due or lifted,
            "disclosures": {r for r, h in a.held.items() if not h} != {r for r, h in b.held.items() if not h},
        }
        return frozenset(k for k, differs in aspects.items() if differs)
