"""Mutation testing: changes a policy one spot at a time, and finds the changes that no scenario or guarantee notices.

A mutant is *noticed* by a scenario that passes on the policy and fails on it, or by a guarantee that holds in
every case of the policy and not in every case of it. It is *equivalent* only where that is proved: the same
clauses stand, the same exceptions meet the same targets, and outcome, mandatory, duties, safeguards and advice
are one decision diagram with the policy's own, on every stretch of days. Whatever is not proved has survived.

Invariant: pure. Deliberately not here: the changes themselves (`mutants`), and printing (`cli`).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Literal

import attrs

from infoshare.analysis.days import days
from infoshare.analysis.every_case import Analysis
from infoshare.analysis.every_case import seen as what_is_said
from infoshare.analysis.lists import Lists
from infoshare.analysis.promise import broken
from infoshare.analysis.search import Search
from infoshare.analysis.together import together
from infoshare.authoring.conditions import asked_for, day_of, own_files, ruling_out
from infoshare.authoring.mutants import Mutant, mutants
from infoshare.authoring.sameness import changed, effects, rows, same, touches, undecided
from infoshare.budget import Budget
from infoshare.meaning import deciding
from infoshare.meaning.diagram import BUDGET, Diagram
from infoshare.meaning.model import Guarantee, Model, Today, parts, terms
from infoshare.meaning.resolver import ParsedFile, resolve
from infoshare.meaning.scenario import Scenario
from infoshare.meaning.view import View
from infoshare.meaning.world import Here
from infoshare.outcome import Outcome
from infoshare.policy.policy import Policy
from infoshare.scenarios import checked, run_scenarios
from infoshare.syntax import tree as t

Verdict = Literal["noticed", "guaranteed", "equivalent", "survived"]

STEPS = 500_000
"""Steps of the diagrams that trying the mutants of a policy may take: two seconds at most, unless more are asked for."""
_BESIDE = 100_000
"""So many of them in the same diagrams, and these are dropped: they hold on to whatever was joined."""
_NO_LISTS: Mapping[str, tuple[str, ...]] = {}
_LOOK = 20_000
"""Steps that a scenario may take to be looked at before its case counts as hard: those of shipped policies take 3,000."""
_HARD = 100_000
"""What looking at a hard case costs, and deciding it: it takes up to a second."""
_DECLARATION = 4
"""Steps that resolving a mutant costs, for each declaration."""


@attrs.frozen
class Trial:
    """The verdict on one mutant.

    Attributes:
        by: the title of the first scenario that noticed it, or the guarantee that fails; None for the others.
    """

    mutant: Mutant
    verdict: Verdict
    by: str | None = None


@attrs.frozen
class Mutation:
    """The verdicts on the mutants of a policy.

    Attributes:
        untried: how many were not tried, as the budget was spent.
    """

    policy: str
    trials: tuple[Trial, ...]
    untried: int = 0

    @property
    def survivors(self) -> tuple[Mutant, ...]:
        """Those that nobody noticed and nobody proved to be equivalent."""
        return tuple(trial.mutant for trial in self.trials if trial.verdict == "survived")

    def count(self, verdict: Verdict) -> int:
        """How many came to this."""
        return sum(trial.verdict == verdict for trial in self.trials)

    @property
    def score(self) -> float:
        """Per cent noticed of those tried that are not proved to be equivalent; 100 where there are none."""
        counted = len(self.trials) - self.count("equivalent")
        return 100 * (1 - self.count("survived") / counted) if counted else 100.0


def mutate(
    policy: Policy, files: Sequence[ParsedFile], *, today: date, budget: Budget | None = None
) -> Mutation:
    """Tries every mutant of a policy on its scenarios, as far as the budget allows.

    Where it does not allow all, those that are tried are spread evenly over the policy.

    Args:
        files: those that the policy was loaded from; what another policy that it uses says is not changed.
        today: the date of a scenario that gives none, where its policy has no first day either.
        budget: the steps to take; `STEPS` if not given.
    """
    header = policy.model.header
    mine = own_files(files, policy.model)
    return _mutated(header.name if header else "", mine, [(policy, files)], today, budget)


def mutate_library(
    library: ParsedFile,
    policies: Sequence[tuple[Policy, Sequence[ParsedFile]]],
    *,
    today: date,
    budget: Budget | None = None,
) -> Mutation:
    """Tries every mutant of a library on the scenarios of the policies that use it, likewise.

    A mutant is noticed where one of the policies notices it, and equivalent where it is for each of them.
    """
    return _mutated(library.path.rpartition("/")[2], [library], policies, today, budget)


def _mutated(
    name: str,
    changed_files: Sequence[ParsedFile],
    policies: Sequence[tuple[Policy, Sequence[ParsedFile]]],
    today: date,
    budget: Budget | None,
) -> Mutation:
    budget = Budget(STEPS) if budget is None else budget
    benches = [_Bench(*each, today, budget) for each in policies]
    should = any(clause.should for policy, _ in policies for clause in policy.model.clauses.values())
    asked = {name for policy, _ in policies for name in asked_for(policy.model)}
    every = [
        (file, index, mutant)
        for file in changed_files
        for index, node in enumerate(file.tree.declarations)
        if not isinstance(node, t.DefineDecl) or node.name.text in asked
        for mutant in mutants(node, should=should)
    ]
    found: dict[int, Trial] = {}
    left = len(every)
    for at in () if budget.exhausted else _spread(len(every)):
        trial = _trial(benches, *every[at])
        if budget.exhausted and trial is not None and trial.verdict == "survived":
            break  # not everything was tried on it
        left -= 1
        if trial is not None:
            found[at] = trial
        if budget.exhausted:
            break
    return Mutation(name, tuple(found[at] for at in sorted(found)), left)


def _trial(benches: "Sequence[_Bench]", file: ParsedFile, index: int, mutant: Mutant) -> Trial | None:
    """Tries one mutant; None where it makes no valid policy."""
    tried: list[tuple[_Bench, Model]] = []
    for bench in benches:
        model = bench.resolved(file, index, mutant.node)
        if model is None:
            return None
        tried.append((bench, model))
        noticed = bench.noticed(model, mutant)
        if noticed is not None:
            return noticed
    same = all(bench.is_equivalent(model, mutant) for bench, model in tried)
    return Trial(mutant, "equivalent" if same else "survived")


def _spread(count: int) -> list[int]:
    """The numbers below a count in such an order that any first few of them lie evenly among all."""
    golden = 0.6180339887498949
    return sorted(range(count), key=lambda at: at * golden % 1)


@attrs.define(eq=False)
class _Tried:
    """A scenario that passes, and what the policy says of its case.

    Attributes:
        seen: None where that is not looked at first: only deciding the case tells.
        hard: whether deciding it takes long.
    """

    scenario: Scenario
    seen: View | None = None
    effects: Sequence[object] = ()
    hard: bool = False


@attrs.define(eq=False)
class _Day:
    """The policy itself on one day, over every case."""

    analysis: Analysis
    effects: list[object]
    broken: Mapping[str, Diagram]


class _Bench:
    def __init__(self, policy: Policy, files: Sequence[ParsedFile], today: date, budget: Budget) -> None:
        self.policy, self.model, self.today, self.budget = policy, policy.model, today, budget
        self.files = [_without_scenarios(file) for file in files]
        self.declared = sum(len(file.tree.declarations) for file in self.files)
        looked_at = [self._look(scenario) for scenario in policy.scenarios if not budget.exhausted]
        # where looking at them takes all of the budget no mutant is tried
        self.tried = [tried for tried in looked_at if not budget.exhausted and self._passed(tried)]
        self.ruling = ruling_out(self.model)
        self.by_today = any(
            isinstance(term, Today)
            for condition in self.model.conditions()
            for part in parts(condition)
            for term in terms(part)
        )
        self._own_days = days(self.model, today)
        self._days: dict[object, _Day | None] = {}

    def noticed(self, model: Model, mutant: Mutant) -> Trial | None:
        """The verdict on a mutant, where a scenario or a guarantee notices it."""
        unclear: list[_Tried] = []
        for place, tried in enumerate(self.tried):
            passes = self._passes(tried, model, mutant)
            if passes is False:
                self.tried.insert(0, self.tried.pop(place))  # who notices one slip notices others near it
                return Trial(mutant, "noticed", tried.scenario.title)
            if passes is None:
                unclear.append(tried)
        for tried in unclear:
            if self.budget.exhausted:
                break
            if not self._run(model, tried):
                return Trial(mutant, "noticed", tried.scenario.title)
        if guarantee := self._breached(model, mutant):
            return Trial(mutant, "guaranteed", guarantee)
        return None

    def resolved(self, file: ParsedFile, index: int, node: t.Declaration) -> Model | None:
        """The policy with another declaration in a place; None where that is no valid policy."""
        self._spend(_DECLARATION * self.declared)

        def with_it(each: ParsedFile) -> ParsedFile:
            if each.path != file.path:
                return each
            before = file.tree.declarations
            declarations = (*before[:index], node, *before[index + 1 :])
            return _without_scenarios(
                attrs.evolve(file, tree=attrs.evolve(file.tree, declarations=declarations))
            )

        return resolve([with_it(each) for each in self.files]).model

    # --- scenarios --------------------------------------------------------------------------------

    def _passed(self, tried: _Tried) -> bool:
        """Whether a scenario passes on the policy itself."""
        return self._run(self.model, tried) if tried.seen is None else _met(tried.scenario, tried.seen)

    def _run(self, model: Model, tried: _Tried) -> bool:
        self._spend(_HARD if tried.hard else 0)
        tried_on = attrs.evolve(self.policy, model=model, scenarios=(tried.scenario,))
        return run_scenarios(tried_on, today=self.today)[0].passed

    def _look(self, scenario: Scenario) -> _Tried:
        day, case = day_of(scenario, self.model, self.today), scenario.case
        if not self.model.policy_in_force(day):
            return _Tried(scenario)
        seen = what_is_said(self.model, case, day, Budget(_LOOK))
        if seen is None:
            return _Tried(scenario)  # the case cannot be
        if seen.world.diagrams.exhausted:
            self._spend(_HARD)
            return _Tried(scenario, hard=True)
        self._spend(seen.world.diagrams.spent)
        seen.world.diagrams.budget = Budget(BUDGET)
        return _Tried(scenario, seen, list(effects(seen, rows(case), (seen.outcome,))))

    def _passes(self, tried: _Tried, model: Model, mutant: Mutant) -> bool | None:
        """Whether a scenario passes on a mutant; None where only deciding its case tells."""
        if tried.seen is None or mutant.name in self.ruling or undecided(tried.effects):
            return None  # out of force; or what is assumed may be otherwise
        world = tried.seen.world.beside(model)
        if not touches(tried.seen, world, mutant):
            return True
        before = world.diagrams.spent
        after = changed(tried.seen, world, mutant)
        found = list(effects(after, rows(after.case), (after.outcome,)))
        self._spend(len(model.order) + world.diagrams.spent - before)
        if undecided(found):
            return None  # the budget of the diagrams is shared by all mutants
        return same(tried.effects, found) or _met(tried.scenario, after)

    # --- every case -------------------------------------------------------------------------------

    def _breached(self, model: Model, mutant: Mutant) -> str | None:
        """Returns the first guarantee that the policy keeps and a mutant breaks."""
        for day in self._days_of(model, mutant) if model.guarantees else ():
            name = self._breached_on(day, {}, model, mutant)
            if name is None and self.model.uses_new_forms:
                name = self._breached_on(day, self._largest_lists, model, mutant)
            if name is not None:
                return name
        return None

    def _breached_on(
        self, day: date, lists: Mapping[str, tuple[str, ...]], model: Model, mutant: Mutant
    ) -> str | None:
        """Returns the first guarantee that a mutant breaks on a day, and that the policy keeps.

        Args:
            lists: the elements of some lists; then only cases with these are tried of the mutant.
        """
        base = self._day(day, lists)
        if base is None:
            return None
        after = self._after(base, model, mutant)
        for guarantee in model.guarantees.values():
            fails, before = _fails(after, guarantee), base.broken[guarantee.name]
            if fails is before or base.analysis.witness(before) is not None:
                continue
            witness = after.witness(fails)
            if witness is not None and witness.exact and (not lists or guarantee.name in self._kept):
                return guarantee.name
        return None

    @cached_property
    def _largest_lists(self) -> Mapping[str, tuple[str, ...]]:
        return Lists(self.model).largest()

    @cached_property
    def _kept(self) -> frozenset[str]:
        """The guarantees that the policy keeps in every case."""
        search = Search(self.model, self.today)
        return frozenset(g.name for g in self.model.guarantees.values() if search.breach(g) is None)

    def is_equivalent(self, model: Model, mutant: Mutant) -> bool:
        """Whether nothing tells it from the policy in any case, on any day; False where that is not proved."""
        if self.by_today:
            return False  # one day of a stretch does not stand for the others
        changed_ones = (p for each in (self.model, model) for p in each.provisions())
        if any(p.other_list for p in changed_ones if mutant.name in (p.name, p.part)):
            return False  # of a list that nobody gave, it is not told apart what holds of whom
        return all(self._same_on(day, model, mutant) for day in self._days_of(model, mutant))

    def _same_on(self, day: date, model: Model, mutant: Mutant) -> bool:
        base = self._day(day)
        if base is None:
            return False
        if isinstance(mutant.node, t.DefineDecl | t.ValueDecl) and any(
            v.opaque for v in base.analysis.view.world.variables
        ):
            return self._same_beside(day, model)  # such a variable may stand for what was changed
        analysis = self._after(base, model, mutant)
        after = list(effects(analysis.view, _ANY_ROW, _EITHER))
        # what differs in no case that can be, nobody sees, unless which those are differs as well
        same_care = analysis.outlook.care is base.analysis.outlook.care
        always = analysis.always if same_care else analysis.whatever_can_be
        return not undecided(after) and same(base.effects, after, always)

    def _same_beside(self, day: date, model: Model) -> bool:
        """Whether a mutant says the same on a day, where what is changed has a name of its own in each of the two."""
        both = together(self.model, model)
        one = Analysis(both.old, day, budget=self.budget, too_large=True)
        other = one.beside(both.new)
        if one.outlook.care is not other.outlook.care:
            return False
        before, after = (
            list(effects(each.view.of_any_element(), _ANY_ROW, _EITHER)) for each in (one, other)
        )
        return same(before, after, one.always)

    def _days_of(self, model: Model, mutant: Mutant) -> list[date]:
        """The days on which the policy or a mutant changes."""
        if mutant.kind != "bound":
            return self._own_days  # only a date or a length of time moves them
        return sorted({*self._own_days, *days(model, self.today)})

    def _day(self, day: date, lists: Mapping[str, tuple[str, ...]] = _NO_LISTS) -> _Day | None:
        """The policy itself on a day; None where that is too large for anything to be proved of it."""
        key = (day, *lists.items())
        base = self._days.get(key)
        if key in self._days and (base is None or not base.analysis.view.world.diagrams.budget.exhausted):
            return base
        analysis = Analysis(self.model, day, lists, budget=self.budget)
        found = list(effects(analysis.view, _ANY_ROW, _EITHER))
        broken = {name: _fails(analysis, g) for name, g in self.model.guarantees.items()}
        self._spend(analysis.view.world.diagrams.spent)
        analysis.view.world.diagrams.budget = Budget(_BESIDE)
        self._days[key] = None if undecided(found) else _Day(analysis, found, broken)
        return self._days[key]

    def _after(self, base: _Day, model: Model, mutant: Mutant) -> Analysis:
        before = base.analysis.view
        spent = before.world.diagrams.spent
        after = base.analysis.beside(model, changed(before, before.world.beside(model), mutant))
        self._spend(before.world.diagrams.spent - spent)
        return after

    def _spend(self, steps: int) -> None:
        self.budget.take(min(steps, self.budget.left))


_ANY_ROW: list[Here] = [{"item": "any", "recipient": "any"}]
"""A row of which nothing is known."""
_EITHER = (Outcome.SHARE, Outcome.SEEK_ADVICE)


def _fails(analysis: Analysis, guarantee: Guarantee) -> Diagram:
    """Where a guarantee fails of some row."""
    rows_ = broken(analysis.view, guarantee, Outcome.SHARE).values()
    return analysis.view.world.diagrams.either(rows_)


def _met(scenario: Scenario, seen: View) -> bool:
    """Whether all that a scenario expects is so."""
    return not any(check.problem for check in checked(scenario, deciding.Defined(seen, seen.model, {})))


def _without_scenarios(file: ParsedFile) -> ParsedFile:
    kept = tuple(node for node in file.tree.declarations if not isinstance(node, t.Scenario))
    return attrs.evolve(file, tree=attrs.evolve(file.tree, declarations=kept))
