"""One complete case decided, two-valued, in the order of the contract's sentences; and what is assumed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import product

from infoshare.outcome import Act, Basis, Outcome
from infoshare.syntax import tree
from oracle.answers import Answer, Ask, Pair, keyed
from oracle.conditions import Conditions, Env, Test, all_of, domain, everybody, shift, subsets
from oracle.reading import SIDES, Acting, Case, World, assumption, targets_of

Hand = Mapping[str, str | None]  # the element in hand of each list; None for a side that has none


@dataclass(frozen=True)
class Row:
    """What one item for one recipient comes to in a complete case."""

    outcome: Outcome
    basis: Basis
    strength: str | None  # where the outcome rests on clauses: must, should or may
    must: bool  # a clause that stands says must, whatever it is that others say
    holds: frozenset[str]
    applies: frozenset[str]
    stands: frozenset[str]
    held: frozenset[str]
    would_hold: frozenset[str]  # whatever the outcome
    goes: bool
    ask: frozenset[Ask]
    relaxed: Mapping[str, frozenset[str]]
    set_aside: Mapping[str, frozenset[str]]

    @property
    def mandatory(self) -> bool:
        return self.strength == "must"

    @property
    def asked(self) -> frozenset[Ask]:
        """Whose consent is to be sought and by which clauses, where that is the outcome."""
        return self.ask if self.outcome is Outcome.SEEK_CONSENT else frozenset()


@dataclass(frozen=True)
class Complete:
    """What one complete case comes to; duties and advice for each of a list are named as `keyed` names them."""

    rows: Mapping[Pair, Row]
    holds: frozenset[str]
    applies: frozenset[str]
    set_aside: Mapping[str, frozenset[str]]
    last_days: Mapping[str, date | None]

    @cached_property
    def outcome(self) -> Outcome:
        """What all rows come to."""
        outcomes = {row.outcome for row in self.rows.values()}
        return outcomes.pop() if len(outcomes) == 1 else Outcome.DIFFERS

    @cached_property
    def basis(self) -> Basis | None:
        """What it rests on in all rows; None where rows differ in that."""
        bases = {row.basis for row in self.rows.values()}
        return bases.pop() if len(bases) == 1 else None

    @cached_property
    def stands(self) -> frozenset[str]:
        """The clauses that stand in some row."""
        return frozenset().union(*(row.stands for row in self.rows.values()))


class Decider:
    """One case of one policy on one day."""

    def __init__(self, world: World, case: Case, presume: bool) -> None:
        self.world, self.case = world, case
        self.conditions = Conditions(world, case.lists)
        self.impossible = [self.conditions.test(i.condition, {}) for i in world.impossible]
        self.in_impossible = {p for paths, _ in self.conditions.atoms for p in paths}
        items: list[str | None] = [*case.lists.get("item", [])] or [None]
        recipients: list[str | None] = [*case.lists.get("recipient", [])] or [None]
        self.rows = list(product(items, recipients))
        self.tests: dict[tuple[str, tuple[str | None, ...]], Test] = {}
        self.requires: dict[tuple[str, tuple[str | None, ...]], Test] = {}
        self.whom: dict[tuple[str, tuple[str | None, ...]], list[tuple[Ask, Test]]] = {}
        self.to_keep = {n for n, a in world.acting.items() if self.is_to_keep(a)}
        self.perhaps: set[str] = set()  # conditions to keep, that may be none
        self.whole: set[str] = set()  # the facts whose answers are told apart whole
        for acting in world.acting.values():
            if acting.name.text in world.in_force:
                self.make(acting)
        exceptions = list(world.kind(tree.Exception_))
        self.sets_aside = [(e, targets_of(world, e)) for e in exceptions if not e.relaxes]
        self.relaxes = [(e, targets_of(world, e)) for e in exceptions if e.relaxes]
        self.prevails = [(o, targets_of(world, o)) for o in world.kind(tree.Clause) if o.kind == "override"]
        self.cache: dict[tuple[Answer, ...], Complete | None] = {}
        self.assumed = self.assumptions() if presume else {}
        self.conditions.constants |= {v for v in self.assumed.values() if not isinstance(v, frozenset | bool)}
        spoken_of = {p for paths, _ in self.conditions.atoms for p in paths} | self.whole
        self.relevant = sorted(spoken_of & case.unknown.keys())
        self.domains = {
            p: domain(p, case.unknown[p], self.conditions, case.known, p in self.whole) for p in self.relevant
        }
        self.open = [p for p in self.relevant if p not in self.assumed]

    # --- conditions of everything -------------------------------------------------------------

    def hands(self, acting: Acting) -> Iterator[dict[str, str]]:
        """Every choice of elements of the lists that something is for each of."""
        for names in product(*(self.conditions.elements(group) for group in acting.scope)):
            yield dict(zip(acting.scope, names, strict=True))

    def make(self, acting: Acting) -> None:
        name, own = acting.name.text, acting.provisions
        if name in self.to_keep:
            try:
                self.tests[name, ()] = self.provisions(own, {})
            except KeyError:  # its `when` speaks of an element, and there is none to look at
                self.tests[name, ()] = everybody
                self.perhaps.add(name)
            return
        for hand in self.hands(acting):
            here = name, tuple(hand.values())
            self.tests[here] = self.provisions(own, hand)
            if isinstance(acting, tree.Safeguard):
                self.requires[here] = self.conditions.test(acting.require, hand)
            if isinstance(acting, tree.Clause):
                self.whom[here] = list(self.to_ask(acting, hand))
                if isinstance(acting.effect.whom, tree.EachOf):
                    somebody = [test for _, test in self.whom[here]]
                    self.tests[here] = all_of(
                        [self.tests[here], lambda env, s=somebody: any(t(env) for t in s)]
                    )  # type: ignore[misc]
            if isinstance(acting, tree.Duty) and acting.deadline and (of := acting.deadline.of):
                self.whole.add(self.conditions.key(of.group, of.fact, hand))

    def is_to_keep(self, acting: Acting) -> bool:
        """Whether a safeguard is for each of what is not listed: then it is a condition to keep."""
        return isinstance(acting, tree.Safeguard) and any(
            not self.case.lists.get(group) or group in self.case.never_listed for group in acting.scope
        )

    def provisions(self, provisions: tree.Provisions, hand: Mapping[str, str]) -> Test:
        when = self.conditions.test(provisions.when, hand) if provisions.when else everybody
        unless = self.conditions.test(provisions.unless, hand) if provisions.unless else None
        return lambda env: when(env) and not (unless and unless(env))

    def to_ask(self, clause: tree.Clause, hand: Mapping[str, str]) -> Iterator[tuple[Ask, Test]]:
        """Whom a clause would have asked, and of whom it is so."""
        name = clause.name.text
        match clause.effect.whom:
            case None:
                if clause.effect.outcome is Outcome.SEEK_CONSENT:
                    yield (name, None, None), everybody
            case tree.Text(words):
                yield (name, None, words), everybody
            case tree.Path() as path:
                self.whole.add(self.conditions.key(path.group, path.fact, hand))
                for each in self.conditions.elements(self.conditions.referred(path).group.text):
                    yield (name, each, None), self.conditions.names(path, each, hand)
            case tree.Name(group):
                yield (name, hand[group], None), everybody
            case tree.EachOf(group, condition, within):
                for each in self.conditions.elements(group.text):
                    tests = [self.conditions.test(condition, {**hand, group.text: each})]
                    if within is not None:
                        tests.append(self.conditions.names(within, each, hand))
                    yield (name, each, None), all_of(tests)

    # --- what is assumed ------------------------------------------------------------------------

    def can_be(self, assumed: Mapping[str, Answer]) -> bool:
        """Whether some completion of this is not impossible, and all that somebody is unsure of may still be said."""
        left = self.may_be_said(assumed)
        return bool(left) and left >= self.may_be_said({})

    def may_be_said(self, assumed: Mapping[str, Answer]) -> set[tuple[Answer, ...]]:
        """What somebody who is unsure might find to be so, all of it together, in completions that are not impossible."""
        known = {**self.case.known, **assumed}
        free = sorted(self.in_impossible - known.keys())
        unsure = [p for p in free if p in self.case.unsure]
        domains = {p: domain(p, self.case.unknown[p], self.conditions, known) for p in free}
        domains |= {p: self.answers_of_the_unsure[p] for p in unsure}
        envs = (
            {**known, **dict(zip(free, values, strict=True))}
            for values in product(*(domains[p] for p in free))
        )
        return {tuple(e[p] for p in unsure) for e in envs if not any(test(e) for test in self.impossible)}

    def assumptions(self) -> dict[str, Answer]:
        """What is assumed: all that can be together, and none of what cannot be beside other assumptions."""
        unanswered = {
            p: f
            for p, f in self.case.unknown.items()
            if f.assumed is not None
            and p not in self.case.unsure
            and not any(p.startswith(f"{group}[") for group in self.case.never_listed)
        }
        plain = {p: f for p, f in unanswered.items() if not isinstance(f.assumed, tree.EveryElement)}
        wanted = {p: assumption(f) for p, f in plain.items()}
        for path, fact in unanswered.items():
            if isinstance(fact.assumed, tree.EveryElement):
                those = self.those(fact.assumed, {**self.case.known, **wanted})
                wanted |= {} if those is None else {path: those}
        assumed = {v for v in wanted.values() if not isinstance(v, frozenset | bool)}
        told = replace(self.conditions, constants=self.conditions.constants | assumed)
        self.answers_of_the_unsure = {
            p: domain(p, self.case.unknown[p], told, self.case.known)
            for p in self.in_impossible & self.case.unsure
        }
        if not self.impossible or self.can_be(wanted):
            return wanted
        disputed = [p for p in wanted if p in self.in_impossible]
        largest: list[set[str]] = []
        for kept in reversed(list(subsets(disputed))):
            if any(set(kept) <= other for other in largest):
                continue
            if self.can_be({p: wanted[p] for p in kept}):
                largest.append(set(kept))
        agreed = set.intersection(*largest) if largest else set()
        return {p: v for p, v in wanted.items() if p not in disputed or p in agreed}

    def those(self, every: tree.EveryElement, known: Env) -> frozenset[str] | None:
        """Those of whom a condition is so; None while that is not known of one, or who there is."""
        group, found = every.group.text, set[str]()
        if group not in self.case.lists or group in self.case.never_listed:
            return None
        for name in self.case.lists[group]:
            own = Conditions(self.world, self.case.lists)
            test = own.test(every.condition, {group: name})
            free = sorted({p for paths, _ in own.atoms for p in paths} - known.keys())
            domains = [domain(p, self.case.unknown[p], own, known) for p in free]
            said = {test({**known, **dict(zip(free, values, strict=True))}) for values in product(*domains)}
            if len(said) > 1:
                return None
            found |= {name} if said == {True} else set()
        return frozenset(found)

    # --- a complete case --------------------------------------------------------------------------

    def complete(self, env: Env) -> Complete | None:
        """Decide one complete case; None if it cannot be."""
        key = tuple(env[p] for p in self.relevant)
        if key not in self.cache:
            self.cache[key] = None if any(t(env) for t in self.impossible) else self.decide(env)
        return self.cache[key]

    def decide(self, env: Env) -> Complete:
        one = OneCase(self, env)
        rows = {pair: one.row(pair) for pair in self.rows}
        holds = frozenset().union(*(row.holds for row in rows.values()))
        applies = frozenset().union(*(row.applies for row in rows.values()))
        set_aside = {n: frozenset().union(*(r.set_aside.get(n, ()) for r in rows.values())) for n in holds}
        last_days: dict[str, date | None] = {}
        for acting in self.world.kind(tree.Duty, tree.Advice):
            for hand in self.hands(acting) if acting.name.text in self.world.in_force else ():
                key = keyed(acting.name.text, hand)
                holds |= {key} if one.holds(acting.name.text, hand) else set()
                applies |= {key} if one.acts(acting.name.text, hand) else set()
                set_aside[key] = one.set_aside(acting.name.text, [hand])
                if isinstance(acting, tree.Duty) and acting.deadline:
                    last_days[key] = self.last_day(acting.deadline, hand, env)
        return Complete(rows, holds, applies, set_aside, last_days)

    def last_day(self, deadline: tree.Deadline, hand: Mapping[str, str], env: Env) -> date | None:
        """The last day for it; None where it is not counted in days, or past the year of the last holiday."""
        first = self.world.as_of
        if deadline.of is not None:
            said = env[self.conditions.key(deadline.of.group, deadline.of.fact, hand)]
            assert isinstance(said, date)
            first = said
        match deadline.unit:
            case "hours":
                return None
            case "working days":
                day, left = first, deadline.count
                while left:
                    day += timedelta(days=1)
                    left -= day.weekday() < 5 and day not in self.world.holidays
                return day if day.year <= max(self.world.holidays).year else None
            case unit:
                return shift(first, deadline.count, unit)

    def considered(self, one: Complete, own: Outcome | Mapping[Pair, Outcome]) -> frozenset[str]:
        """The duties that a completion's outcome, or the decision's own, brings, in some row that they are for."""
        owns = own if isinstance(own, Mapping) else dict.fromkeys(self.rows, own)
        brought = set[str]()
        for duty in self.world.kind(tree.Duty):
            acts = {t.act for t in duty.timings}
            rows = {
                pair
                for pair, row in one.rows.items()
                if acts & {Act.DECIDING}
                or acts & {a for a in Act if a.outcome in (row.outcome, owns[pair])}
                or (Act.HOLDING_BACK in acts and row.held)
            }
            for hand in self.hands(duty) if duty.name.text in self.world.in_force else ():
                if any(
                    all(hand.get(side, name) == name for side, name in zip(SIDES, pair, strict=True))
                    for pair in rows
                ):
                    brought.add(keyed(duty.name.text, hand))
        return frozenset(brought)

    def prevailing(self, name: str, row: Row) -> frozenset[str]:
        """The overrides that stand and defeat a clause, in one row of one completion."""
        clause = self.world.acting[name]
        assert isinstance(clause, tree.Clause)
        return frozenset(
            o.name.text
            for o, targets in self.prevails
            if name in targets and o.name.text in row.stands and o.effect.outcome is not clause.effect.outcome
        )

    def changes(
        self, a: Complete, b: Complete, own: Outcome | Mapping[Pair, Outcome]
    ) -> tuple[frozenset[str], frozenset[Pair]]:
        """What differs between two complete cases, of what a fact may matter for, and in which rows."""
        a_brings, b_brings = self.considered(a, own), self.considered(b, own)
        due = a_brings & a.applies != b_brings & b.applies
        lifted = a_brings & (a.holds - a.applies) != b_brings & (b.holds - b.applies)
        days = any(a.last_days[key] != b.last_days[key] for key in a_brings & a.applies if key in a.last_days)
        aspects: dict[str, frozenset[Pair]] = {
            "outcome": frozenset(p for p in self.rows if a.rows[p].outcome is not b.rows[p].outcome),
            "mandatory": frozenset(p for p in self.rows if a.rows[p].mandatory is not b.rows[p].mandatory),
            "strength": frozenset(
                p for p in self.rows if self.world.is_new and a.rows[p].strength != b.rows[p].strength
            ),
            "ask_consent": frozenset(
                p for p in self.rows if self.world.is_new and a.rows[p].asked != b.rows[p].asked
            ),
            "disclosures": frozenset(p for p in self.rows if a.rows[p].goes is not b.rows[p].goes),
        }
        found = {aspect for aspect, rows in aspects.items() if rows} | (
            {"duties"} if due or lifted or days else set()
        )
        return frozenset(found), frozenset[Pair]().union(*aspects.values())


class OneCase:
    """One complete case: what holds, applies and stands of what it has in hand."""

    def __init__(self, decider: Decider, env: Env) -> None:
        self.by, self.world, self.env = decider, decider.world, env
        self.standing: dict[tuple[str, Pair], bool] = {}

    def holds(self, name: str, hand: Hand) -> bool:
        """Whether something holds of the elements in hand; of an empty side it holds nowhere."""
        acting = self.world.acting[name]
        here = () if name in self.by.to_keep else tuple([hand[group] for group in acting.scope])
        test = self.by.tests.get((name, here))
        return test is not None and test(self.env)

    def acts(self, name: str, hand: Hand) -> bool:
        """Whether it holds and no exception that sets it aside applies."""
        return self.holds(name, hand) and not any(
            name in targets and self.acts(e.name.text, hand) for e, targets in self.by.sets_aside
        )

    def set_aside(self, name: str, hands: Sequence[Hand]) -> frozenset[str]:
        """The exceptions that set aside what holds."""
        return frozenset(
            e.name.text
            for e, targets in self.by.sets_aside
            if name in targets
            and any(self.holds(name, hand) and self.acts(e.name.text, hand) for hand in hands)
        )

    def in_hand(self, name: str, pair: Pair) -> list[dict[str, str | None]]:
        """A row with each element of the other list that something is for each of, or by itself."""
        row: dict[str, str | None] = dict(zip(SIDES, pair, strict=True))
        others = [group for group in self.world.acting[name].scope if group not in SIDES]
        if not others:
            return [row]
        return [{**row, others[0]: each} for each in self.by.conditions.elements(others[0])]

    def applies(self, name: str, pair: Pair) -> bool:
        """Whether it applies in a row: for each of another list, of at least one."""
        return any(self.acts(name, hand) for hand in self.in_hand(name, pair))

    def stands(self, clause: tree.Clause, pair: Pair) -> bool:
        """Whether a clause that closes nothing applies, and no override with another outcome stands over it."""
        here = clause.name.text, pair
        if here not in self.standing:
            self.standing[here] = self.applies(clause.name.text, pair) and not any(
                clause.name.text in targets
                and o.effect.outcome is not clause.effect.outcome
                and self.stands(o, pair)
                for o, targets in self.by.prevails
            )
        return self.standing[here]

    def row(self, pair: Pair) -> Row:
        """What an item for a recipient comes to."""
        names = [n for n, a in self.world.acting.items() if not isinstance(a, tree.Duty)]
        names = [n for n in names if n in self.world.in_force]
        held = [n for n in names if any(self.holds(n, hand) for hand in self.in_hand(n, pair))]
        applies = [n for n in names if self.applies(n, pair)]
        clauses = [a for n in names if isinstance(a := self.world.acting[n], tree.Clause)]
        standing = [c for c in clauses if not c.effect.closing and self.stands(c, pair)]
        if not standing:
            standing = [c for c in clauses if c.effect.closing and c.name.text in applies]
        relaxed = {c.name.text: self.relaxing(c, pair) for c in standing}
        must = {c.name.text for c in standing if c.effect.must and not relaxed[c.name.text]}
        should = {c.name.text for c in standing if c.effect.should and not relaxed[c.name.text]}
        outcomes = {c.effect.outcome for c in standing}
        outcome, basis = Outcome.SEEK_ADVICE, Basis.CONFLICT if outcomes else Basis.SILENCE
        strength = None
        if len(outcomes) == 1:
            (outcome,), basis = outcomes, Basis.CLAUSES
            strength = "must" if must else "should" if should else "may"
        keeping = frozenset(n for n in applies if self.holds_back(n, pair))
        holding = keeping if outcome is Outcome.SHARE else frozenset[str]()
        nowhere = self.world.has_rows and any(self.by.case.lists.get(side, ["one"]) == [] for side in SIDES)
        return Row(
            outcome,
            basis if self.world.policy_in_force else Basis.NOT_IN_FORCE,
            strength,
            bool(must),
            frozenset(held),
            frozenset(applies),
            frozenset(c.name.text for c in standing),
            holding,
            keeping,
            outcome is Outcome.SHARE and not holding and not nowhere,
            frozenset(ask for c in standing for ask in self.asks(c, pair)),
            {n: by for n, by in relaxed.items() if by},
            {n: self.set_aside(n, self.in_hand(n, pair)) for n in held if n not in applies},
        )

    def relaxing(self, clause: tree.Clause, pair: Pair) -> frozenset[str]:
        """The exceptions that relax a clause that says must or should."""
        if not clause.effect.must and not clause.effect.should:
            return frozenset()
        return frozenset(
            e.name.text
            for e, targets in self.by.relaxes
            if clause.name.text in targets and self.applies(e.name.text, pair)
        )

    def holds_back(self, name: str, pair: Pair) -> bool:
        """Whether a safeguard that applies is not kept to in a row."""
        acting = self.world.acting[name]
        if not isinstance(acting, tree.Safeguard) or name in self.by.to_keep:
            return False
        row = dict(zip(SIDES, pair, strict=True))
        return not self.by.requires[name, tuple(row[group] for group in acting.scope)](self.env)

    def asks(self, clause: tree.Clause, pair: Pair) -> Iterator[Ask]:
        """Whose consent a clause that stands in a row has asked for."""
        for hand in self.in_hand(clause.name.text, pair):
            if self.acts(clause.name.text, hand):
                here = clause.name.text, tuple(hand[group] for group in clause.scope)
                yield from (ask for ask, test in self.by.whom[here] if test(self.env))
