"""Deciding: a policy and a case -> a decision. The order of section 4 of the language, put together.

Invariant: pure; the same policy, case and day give the same decision. Deliberately not here: what
stands (`evaluator`), reading a case (`facts`), the clock.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import attrs

from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError
from infoshare.meaning import decision as d
from infoshare.meaning.case import Case, element_key, path_of
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import Standing, due, evaluate, holds, holds_back, lifted
from infoshare.meaning.grounds import Opened, fewest, known_values, target
from infoshare.meaning.model import Cite, Clause, Condition, Duty, Fact, Impossible, Model, Provision, Safeguard
from infoshare.meaning.outlook import Outlook
from infoshare.meaning.presumption import presumed
from infoshare.meaning.questions import questions
from infoshare.meaning.reasons import why, why_holds, why_not
from infoshare.meaning.types import Answer, plain
from infoshare.meaning.world import Here, World
from infoshare.outcome import Act, Basis, Outcome

Row = tuple[str | None, str | None]
"""An item and a recipient; None for a side that the case does not list."""


def decide(model: Model, case: Case, day: date, *, presume: bool = True) -> d.Decision:
    """Decides a case as of a day.

    Args:
        presume: whether `unanswered means` is applied; without it such facts are unknown.

    Raises:
        FactsError: the answers together are impossible.
    """
    answered = _with_names(case)
    assumed = presumed(model, case, day, answered) if presume else {}
    deciding = _Deciding(model, case, day, answered, assumed)
    if not deciding.outlook.possible(deciding.world.diagrams.yes):
        raise FactsError(_impossible(deciding.world))
    return deciding.decision() if model.policy_in_force(day) else deciding.not_in_force()


def is_certain(model: Model, case: Case, day: date, condition: Condition) -> bool:
    """Whether a condition is yes in every completion of a case, with what is assumed of it."""
    answered = _with_names(case)
    outlook = Outlook(World(model, case, day, {**answered, **presumed(model, case, day, answered)}))
    return outlook.certain(outlook.world.truth(condition))


def _with_names(case: Case) -> dict[str, Answer]:
    names = {element_key(g, name, "name"): name for g, each in case.elements.items() for name in each}
    return {**case.answers, **names}


def _impossible(world: World) -> list[Diagnostic]:
    def diagnostic(impossible: Impossible) -> Diagnostic:
        facts = ", ".join(f"`{key}`" for key in why(world, impossible.condition))
        return Diagnostic(
            "IS405",
            f"these answers cannot all be so: {impossible.why}",
            help=(f"look again at {facts}" if facts else "look again at the answers",),
            path=impossible.name,
        )

    impossibles = world.model.impossibles
    said = [i for i in impossibles if world.truth(i.condition) is world.diagrams.yes]
    return [diagnostic(i) for i in said or impossibles]


class _Deciding:
    """One decision in the making: the world of the case, what stands in it, and what can be said of it."""

    def __init__(
        self, model: Model, case: Case, day: date, answered: Mapping[str, Answer], assumed: Mapping[str, Answer]
    ) -> None:
        self.model, self.case, self.day, self.assumed = model, case, day, assumed
        self.known = {**answered, **assumed}
        self.world = World(model, case, day, self.known)
        self.outlook = Outlook(self.world)

    def decision(self) -> d.Decision:
        """The decision of a policy that is in force."""
        self.standing = evaluate(self.world)
        outcome, basis, possible = self._settled()
        visible = self._visible(self.outlook, self.standing, outcome)
        fired = [c for c in self.model.clauses.values() if self.outlook.certain(self.standing.stands[c.name])]
        open_ = [
            c
            for c in self.model.clauses.values()
            if c not in fired and self.outlook.possible(self.standing.stands[c.name])
        ]
        seen = [*self.standing.stands.values(), *(w for wheres in visible.values() for w in wheres)]
        relied_on, matters = self._grounds(outcome, basis)
        return self._draft(
            outcome,
            basis,
            mandatory=self._always(self.standing.mandatory),
            exact=not any(self.outlook.inexact(where) for where in seen),
            fired=tuple(self._clause(c) for c in fired),
            defeated=tuple(self._defeated()),
            excepted=tuple(self._excepted()),
            unresolved=tuple(
                attrs.evolve(self._clause(c), waiting_for=self.outlook.hangs_on(self.standing.stands[c.name]))
                for c in open_
            ),
            not_fired=tuple(self._not_fired(possible)),
            relied_on=relied_on,
            possible=possible,
            questions=questions(self.outlook, self.standing, visible),
            duties=tuple(self._duties(outcome)),
            lifted=tuple(self._lifted(outcome)),
            safeguards=tuple(self._kept()) if outcome is Outcome.SHARE else (),
            disclosures=tuple(self._disclosure(row) for row in self._rows()) if outcome is Outcome.SHARE else (),
            assumed=self._assumptions(matters),
        )

    def not_in_force(self) -> d.Decision:
        """The decision of a policy out of force: advice, and the duties that every decision brings."""
        duties = {
            n: attrs.evolve(duty, policy=None)
            for n, duty in self.model.duties.items()
            if any(t.act is Act.DECIDING for t in duty.timings)
        }
        advice = {n: attrs.evolve(a, policy=None) for n, a in self.model.advice.items()}
        names = frozenset({*duties, *advice})
        self.model = attrs.evolve(
            self.model,
            clauses={},
            exceptions={},
            duties=duties,
            advice=advice,
            safeguards={},
            set_aside_by={},
            order=tuple(name for name in self.model.order if name in names),
        )
        self.world = World(self.model, self.case, self.day, self.known)
        self.outlook = Outlook(self.world)
        self.standing = evaluate(self.world)
        visible = self._visible(self.outlook, self.standing, Outcome.SEEK_ADVICE)
        _, matters = self._grounds(Outcome.SEEK_ADVICE, Basis.NOT_IN_FORCE)
        return self._draft(
            Outcome.SEEK_ADVICE,
            Basis.NOT_IN_FORCE,
            mandatory=False,
            exact=True,
            possible=(Outcome.SEEK_ADVICE,),
            questions=questions(self.outlook, self.standing, visible),
            duties=tuple(self._duties(Outcome.SEEK_ADVICE)),
            assumed=self._assumptions(matters),
        )

    def _draft(self, outcome: Outcome, basis: Basis, **parts: object) -> d.Decision:
        header = self.model.header
        return d.Decision(
            policy=d.PolicyRef(
                header.name if header else None,
                header.title if header else None,
                header.version if header else None,
                self.model.digest,
            ),
            case=self.case.name,
            as_of=self.day,
            outcome=outcome,
            basis=basis,
            advice=tuple(self._advice()),
            model=self.model,
            **parts,  # type: ignore[arg-type]
        )

    # --- the outcome ------------------------------------------------------------------------

    def _settled(self) -> tuple[Outcome, Basis, tuple[Outcome, ...]]:
        possible = tuple(o for o in Outcome if self.outlook.possible(self.standing.outcome[o]))
        if len(possible) > 1:
            return Outcome.SEEK_ADVICE, Basis.UNKNOWN_FACTS, possible
        (outcome,) = possible
        if self.outlook.possible(self.standing.only[outcome]):
            basis = Basis.CLAUSES
        elif self.outlook.possible(self.standing.conflict):
            basis = Basis.CONFLICT
        else:
            basis = Basis.SILENCE
        return outcome, basis, possible

    def _always(self, where: Diagram) -> bool | None:
        if self.outlook.certain(where):
            return True
        return None if self.outlook.possible(where) else False

    def _visible(self, outlook: Outlook, standing: Standing, outcome: Outcome) -> dict[str, list[Diagram]]:
        world = outlook.world
        shared = standing.outcome[Outcome.SHARE]
        rows = self._rows() if outlook.possible(shared) else []
        return {
            "outcome": list(standing.outcome.values()),
            "mandatory": [standing.mandatory],
            "duties": [
                where
                for duty in self.model.duties.values()
                for where in (due(world, standing, duty, outcome), lifted(world, standing, duty, outcome))
            ],
            "disclosures": [
                shared & ~world.diagrams.either(back for _, back in self._holding_back(world, standing, row))
                for row in rows
            ],
        }

    # --- what it rests on -------------------------------------------------------------------

    def _grounds(self, outcome: Outcome, basis: Basis) -> tuple[dict[str, object], frozenset[str]]:
        fixed = {
            k: v for k, v in self.known.items() if k.endswith("].name") or self._fact(k).path in self.model.entangled
        }
        world = World(self.model, self.case, self.day, fixed, open_lists=True)
        standing = evaluate(world)
        outlook = Outlook(world)
        visible = self._visible(outlook, standing, outcome)
        opened = Opened(
            outlook,
            standing,
            tuple(w for wheres in visible.values() for w in wheres),
            known_values(world, self.known),
        )
        matters = frozenset(k for k in self.assumed if k in fixed or opened.matters(k))
        if basis in (Basis.UNKNOWN_FACTS, Basis.NOT_IN_FORCE):
            return {}, matters
        wanted = target(standing, outcome, basis)
        hangs = wanted.support | outlook.care.support
        keys = outlook.in_policy_order(k for k in opened.values if world.of_key(k) & hangs)
        found = fewest(keys, lambda some: opened.settles(wanted, some))
        kept = (set(self.known) | set(self.case.elements) if found is None else set(found)) | fixed.keys()
        kept -= {key for key in kept if key.endswith("].name")}
        relied = self._redecided(kept, fixed, outcome, basis) if len(fixed.keys() & self.case.answers.keys()) else kept
        return {k: self._plain(k) for k in outlook.in_policy_order(relied)}, matters

    def _redecided(
        self, kept: set[str], fixed: Mapping[str, Answer], outcome: Outcome, basis: Basis
    ) -> set[str]:
        """Without the compared facts that it settles without, each tried by deciding again."""
        for key in sorted(fixed.keys() & kept):
            known = {k: v for k, v in self.known.items() if k in kept - {key} or k.endswith("].name")}
            world = World(self.model, self.case, self.day, known)
            standing, outlook = evaluate(world), Outlook(world)
            if outlook.certain(target(standing, outcome, basis)):
                kept = kept - {key}
        return kept

    def _assumptions(self, matters: frozenset[str]) -> tuple[d.Assumption, ...]:
        return tuple(d.Assumption(key, self._plain(key), key in matters) for key in self.assumed)

    def _fact(self, key: str) -> Fact:
        return self.model.facts[path_of(key)]

    def _plain(self, key: str) -> object:
        if key in self.case.elements:
            return list(self.case.elements[key])
        return plain(self.known[key], self._fact(key).type)

    # --- clauses ----------------------------------------------------------------------------

    def _clause(self, provision: Provision, *, facts: Mapping[str, object] | None = None) -> d.ClauseFinding:
        clause = provision if isinstance(provision, Clause) else None
        return d.ClauseFinding(
            provision.name,
            clause.kind if clause else type(provision).__name__.rstrip("_").lower(),
            clause.effect if clause else None,
            provision.statement,
            _cites(provision.cites),
            why_holds(self.world, provision) if facts is None else facts,
        )

    def _defeated(self) -> Iterator[d.ClauseFinding]:
        for clause in self.model.clauses.values():
            applies, stands = self.standing.applies[clause.name], self.standing.stands[clause.name]
            if self.outlook.certain(applies) and not self.outlook.possible(stands):
                overrides = [
                    o
                    for o in self.model.prevailed_over_by.get(clause.name, ())
                    if self.model.clauses[o].outcome is not clause.outcome
                ]
                yield attrs.evolve(self._clause(clause), by=self._by(overrides, self.standing.stands, applies))

    def _excepted(self) -> Iterator[d.ClauseFinding]:
        model = self.model
        tables = (model.clauses, model.exceptions, model.safeguards, model.advice)
        aside = [p for table in tables for name, p in table.items() if name in model.set_aside_by]
        for provision in model.in_policy_order(aside):
            exceptions = model.set_aside_by[provision.name]
            acts = self.world.diagrams.either(self.standing.applies[e] for e in exceptions)
            held = self._held(provision)
            if self.outlook.certain(held) and not self.outlook.possible(held & ~acts):
                yield attrs.evolve(self._clause(provision), by=self._by(exceptions, self.standing.applies, held))

    def _held(self, provision: Provision) -> Diagram:
        """Where a provision holds; a safeguard, for any row."""
        if not isinstance(provision, Safeguard):
            return self.standing.holds[provision.name]
        heres = [here for here in map(_here, self._rows()) if all(group in here for group in provision.scope)]
        return self.world.diagrams.either(holds(self.world, provision, here) for here in heres or [{}])

    def _by(self, names: Iterable[str], acts: Mapping[str, Diagram], where: Diagram) -> tuple[d.ClauseFinding, ...]:
        """Those that act wherever this is so; where none does, those that act somewhere there."""
        clauses, exceptions = self.model.clauses, self.model.exceptions
        ordered = self.model.in_policy_order(clauses[n] if n in clauses else exceptions[n] for n in names)
        always = [p for p in ordered if self.outlook.certain(~where | acts[p.name])]
        return tuple(
            self._clause(p) for p in always or [p for p in ordered if self.outlook.possible(where & acts[p.name])]
        )

    def _not_fired(self, possible: tuple[Outcome, ...]) -> Iterator[d.ClauseFinding]:
        live = {n: w for n, w in self.standing.stands.items() if self.outlook.possible(w)}
        for provision in self.model.in_policy_order((*self.model.clauses.values(), *self.model.exceptions.values())):
            if not self.model.in_force(provision, self.day):
                continue
            if self.outlook.possible(self.standing.holds[provision.name]):
                continue
            if self._outcomes_if(provision, live) != possible:
                yield self._clause(provision, facts=why_not(self.world, provision))

    def _outcomes_if(self, provision: Provision, live: Mapping[str, Diagram]) -> tuple[Outcome, ...]:
        """The outcomes that would be possible, had this clause held."""
        model, diagrams = self.model, self.world.diagrams
        applies: dict[str, Diagram] = {}
        stands: dict[str, Diagram] = {}
        for name in model.downstream(provision.name):
            held = diagrams.yes if name == provision.name else self.standing.holds[name]
            aside = (applies.get(e, self.standing.applies[e]) for e in model.set_aside_by.get(name, ()))
            applies[name] = held & ~diagrams.either(aside)
            if (clause := model.clauses.get(name)) is not None:
                over = (
                    stands.get(o, self.standing.stands[o])
                    for o in model.prevailed_over_by.get(name, ())
                    if model.clauses[o].outcome is not clause.outcome
                )
                stands[name] = applies[name] & ~diagrams.either(over)
        now = {**live, **stands}
        concluded = {
            o: diagrams.either(w for n, w in now.items() if model.clauses[n].outcome is o) for o in Outcome
        }
        only = {
            o: concluded[o] & ~diagrams.either(concluded[p] for p in Outcome if p is not o) for o in Outcome
        }
        settled = diagrams.either(only[o] for o in Outcome if o is not Outcome.SEEK_ADVICE)
        return tuple(
            o for o in Outcome if self.outlook.possible(~settled if o is Outcome.SEEK_ADVICE else only[o])
        )

    # --- duties, advice ---------------------------------------------------------------------

    def _duties(self, outcome: Outcome) -> Iterator[d.DutyFinding]:
        for duty in self.model.duties.values():
            where = due(self.world, self.standing, duty, outcome)
            if not self.outlook.possible(where):
                continue
            certain = self.outlook.certain(where)
            other = lifted(self.world, self.standing, duty, outcome)
            yield d.DutyFinding(
                duty.name,
                _timing(duty),
                duty.statement,
                "due" if certain else "open",
                () if certain else self.outlook.hangs_on(where, other),
                _cites(duty.cites),
            )

    def _lifted(self, outcome: Outcome) -> Iterator[d.LiftedDuty]:
        for duty in self.model.duties.values():
            if self.outlook.possible(due(self.world, self.standing, duty, outcome)):
                continue
            where = lifted(self.world, self.standing, duty, outcome)
            if self.outlook.possible(where):
                by = self._by(self.model.set_aside_by[duty.name], self.standing.applies, where)
                yield d.LiftedDuty(duty.name, _timing(duty), duty.statement, by, _cites(duty.cites))

    def _advice(self) -> Iterator[d.AdviceFinding]:
        for advice in self.model.advice.values():
            if self.outlook.possible(self.standing.applies[advice.name]):
                yield d.AdviceFinding(advice.name, advice.statement, _cites(advice.cites))

    # --- what goes to whom ------------------------------------------------------------------

    def _rows(self) -> list[Row]:
        items = self.case.elements.get("item") or (None,)
        recipients = self.case.elements.get("recipient") or (None,)
        return [(item, recipient) for item in items for recipient in recipients]

    def _holding_back(
        self, world: World, standing: Standing, row: Row
    ) -> Iterator[tuple[Safeguard, Diagram]]:
        here = _here(row)
        for safeguard in self.model.safeguards.values():
            if all(group in here for group in safeguard.scope):
                yield safeguard, holds_back(world, standing, safeguard, here)

    def _disclosure(self, row: Row) -> d.Disclosure:
        holding = [(s, w) for s, w in self._holding_back(self.world, self.standing, row) if self.outlook.possible(w)]
        anything = self.world.diagrams.either(w for _, w in holding)
        held = [s for s, w in holding if self.outlook.certain(w)]
        release = None if holding else True
        if self.outlook.certain(anything):
            release, held = False, held or [s for s, _ in holding]
        may = [(s, w) for s, w in holding if s not in held]
        return d.Disclosure(
            *row,
            release,
            tuple(self._hold(s, row) for s in held),
            tuple(attrs.evolve(self._hold(s, row), waiting_for=self.outlook.hangs_on(w)) for s, w in may),
        )

    def _hold(self, safeguard: Safeguard, row: Row) -> d.Hold:
        facts = why_holds(self.world, safeguard, _here(row)) | why(self.world, safeguard.require, _here(row))
        return d.Hold(
            safeguard.name, safeguard.statement, safeguard.otherwise, _cites(safeguard.cites), facts
        )

    def _kept(self) -> Iterator[d.KeptSafeguard]:
        listed = {group for group, names in self.case.elements.items() if names}
        for safeguard in self.model.safeguards.values():
            if listed.issuperset(safeguard.scope):
                continue
            exceptions = self.model.set_aside_by.get(safeguard.name, ())
            aside = self.world.diagrams.either(self.standing.applies[e] for e in exceptions)
            if self.outlook.possible(holds(self.world, safeguard) & ~aside):
                yield d.KeptSafeguard(safeguard.name, safeguard.statement, _cites(safeguard.cites))


def _here(row: Row) -> Here:
    sides = zip(("item", "recipient"), row, strict=True)
    return {group: name for group, name in sides if name is not None}


def _cites(cites: Iterable[Cite]) -> tuple[d.Citation, ...]:
    return tuple(d.Citation(c.source, c.at) for c in cites)


def _timing(duty: Duty) -> str:
    return ", ".join(timing.words for timing in duty.timings)

