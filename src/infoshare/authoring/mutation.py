"""A policy changed one spot at a time -> what none of its scenarios, and no guarantee, notices.

A mutant is *noticed* by a scenario that passes on the policy and fails on it, or by a guarantee that holds in
every case of the policy and not in every case of it. It is *equivalent* only where that is proved: the same
clauses stand, the same exceptions meet the same targets, and outcome, mandatory, duties, safeguards and advice
are one decision diagram with the policy's own, on every stretch of days. Whatever is not proved has survived.

Invariant: pure. Deliberately not here: the changes themselves (`mutants`), and printing (`cli`).
"""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Literal

import attrs

from infoshare.analysis.days import days
from infoshare.analysis.every_case import Analysis, answered, viewed
from infoshare.authoring.expectation import met
from infoshare.authoring.mutants import Mutant, mutants
from infoshare.authoring.occurrences import day_of, own_files
from infoshare.authoring.sameness import effects, rows, same, touches, undecided
from infoshare.load import Policy
from infoshare.meaning.case import Case
from infoshare.meaning.model import Defined, Model, Today, parts, terms
from infoshare.meaning.presumption import presumed
from infoshare.meaning.resolver import ParsedFile, resolve
from infoshare.meaning.scenario import Scenario
from infoshare.meaning.view import View
from infoshare.meaning.world import Here, World
from infoshare.outcome import Outcome
from infoshare.scenarios import run_scenarios
from infoshare.syntax import tree as t

Verdict = Literal["noticed", "guaranteed", "equivalent", "survived"]


@attrs.frozen
class Trial:
    """What became of one mutant.

    Attributes:
        by: the title of the first scenario that noticed it, or the guarantee that fails; None for the others.
    """

    mutant: Mutant
    verdict: Verdict
    by: str | None = None


@attrs.frozen
class Mutation:
    """What became of every mutant of a policy."""

    policy: str
    trials: tuple[Trial, ...]

    @property
    def survivors(self) -> tuple[Mutant, ...]:
        """Those that nobody noticed and nobody proved to be equivalent."""
        return tuple(trial.mutant for trial in self.trials if trial.verdict == "survived")

    def count(self, verdict: Verdict) -> int:
        """How many came to this."""
        return sum(trial.verdict == verdict for trial in self.trials)

    @property
    def score(self) -> float:
        """Per cent noticed of those that are not proved to be equivalent; 100 where there are none."""
        counted = len(self.trials) - self.count("equivalent")
        return 100 * (1 - self.count("survived") / counted) if counted else 100.0


def mutate(policy: Policy, files: Sequence[ParsedFile], *, today: date) -> Mutation:
    """Tries every mutant of a policy on its scenarios.

    Args:
        files: those that the policy was loaded from; what another policy that it uses says is not changed.
        today: the date of a scenario that gives none, where its policy has no first day either.
    """
    bench = _Bench(policy, files, today)
    header = policy.model.header
    own = own_files(files, policy.model)
    trials = [
        trial
        for file in own
        for index, node in enumerate(file.tree.declarations)
        for mutant in mutants(node)
        if (trial := bench.trial(file, index, mutant)) is not None
    ]
    return Mutation(header.name if header else "", tuple(trials))


@attrs.define(eq=False)
class _Tried:
    """A scenario that passes, and what the policy says of its case (None where that is not looked at first)."""

    scenario: Scenario
    seen: View | None
    effects: list[object]


class _Bench:
    def __init__(self, policy: Policy, files: Sequence[ParsedFile], today: date) -> None:
        self.policy, self.model, self.today = policy, policy.model, today
        self.files = [_without_scenarios(file) for file in files]
        results = run_scenarios(policy, today=today)
        passing = [s for s, result in zip(policy.scenarios, results, strict=True) if result.passed]
        self.tried = [self._look(scenario) for scenario in passing]
        self.ruling = _ruling_out(self.model)
        self.by_today = any(
            isinstance(term, Today)
            for condition in self.model.conditions()
            for part in parts(condition)
            for term in terms(part)
        )

    def trial(self, file: ParsedFile, index: int, mutant: Mutant) -> Trial | None:
        """What becomes of a mutant; None where it is no policy."""
        model = self._resolved(file, index, mutant.node)
        if model is None:
            return None
        unclear: list[_Tried] = []
        for place, tried in enumerate(self.tried):
            passes = self._passes(tried, model, mutant)
            if passes is False:
                self.tried.insert(0, self.tried.pop(place))  # who notices one slip notices others near it
                return Trial(mutant, "noticed", tried.scenario.title)
            if passes is None:
                unclear.append(tried)
        for tried in unclear:
            changed = attrs.evolve(self.policy, model=model, scenarios=(tried.scenario,))
            if not run_scenarios(changed, today=self.today)[0].passed:
                return Trial(mutant, "noticed", tried.scenario.title)
        if guarantee := self._breached(model):
            return Trial(mutant, "guaranteed", guarantee)
        return Trial(mutant, "equivalent" if self._is_equivalent(model, mutant) else "survived")

    def _resolved(self, file: ParsedFile, index: int, node: t.Declaration) -> Model | None:
        def changed(each: ParsedFile) -> ParsedFile:
            if each.path != file.path:
                return each
            before = file.tree.declarations
            declarations = (*before[:index], node, *before[index + 1 :])
            return _without_scenarios(
                attrs.evolve(file, tree=attrs.evolve(file.tree, declarations=declarations))
            )

        return resolve([changed(each) for each in self.files]).model

    # --- scenarios --------------------------------------------------------------------------------

    def _look(self, scenario: Scenario) -> _Tried:
        day, case = day_of(scenario, self.model, self.today), scenario.case
        if not self.model.policy_in_force(day):
            return _Tried(scenario, None, [])
        known = answered(case)
        world = World(self.model, case, day, {**known, **presumed(self.model, case, day, known)})
        seen = viewed(world)
        return _Tried(scenario, seen, list(effects(seen, rows(case), (seen.outcome,))))

    def _passes(self, tried: _Tried, model: Model, mutant: Mutant) -> bool | None:
        """Whether a scenario passes on a mutant; None where only deciding its case tells."""
        if tried.seen is None or mutant.name in self.ruling or undecided(tried.effects):
            return None  # out of force; or what is assumed may be otherwise
        world = tried.seen.world.beside(model)
        if not touches(tried.seen, world, mutant):
            return True
        after = viewed(world)
        changed = list(effects(after, rows(after.case), (after.outcome,)))
        if undecided(changed):
            return None  # the budget of the diagrams is shared by all mutants
        return True if same(tried.effects, changed) else met(tried.scenario.then, after)

    # --- every case -------------------------------------------------------------------------------

    def _breached(self, model: Model) -> str | None:
        for day in days(model, self.today):
            for breach in Analysis(model, day).breaches():
                if breach.witness.exact and (day, breach.guarantee) not in self._broken_before(day):
                    return breach.guarantee
        return None

    def _broken_before(self, day: date) -> set[tuple[date, str]]:
        if day not in self._broken:
            found = Analysis(self.model, day).breaches()
            self._broken[day] = {(day, breach.guarantee) for breach in found}
        return self._broken[day]

    @cached_property
    def _broken(self) -> dict[date, set[tuple[date, str]]]:
        return {}

    def _is_equivalent(self, model: Model, mutant: Mutant) -> bool:
        """Whether nothing tells it from the policy in any case, on any day; False where that is not proved."""
        if self.by_today:
            return False  # one day of a stretch does not stand for the others
        return all(
            self._same_on(day, model, mutant)
            for day in sorted({*days(self.model, self.today), *days(model, self.today)})
        )

    def _same_on(self, day: date, model: Model, mutant: Mutant) -> bool:
        before = viewed(World(self.model, Case(), day, {}))
        after = viewed(before.world.beside(model))
        if isinstance(mutant.node, t.DefineDecl) and any(v.opaque for v in before.world.variables):
            return False  # such a variable may stand for the define that was changed
        each: list[Here] = [{"item": "any", "recipient": "any"}]  # of which nothing is known
        mine, other = (
            list(effects(seen, each, (Outcome.SHARE, Outcome.SEEK_ADVICE))) for seen in (before, after)
        )
        return not undecided([*mine, *other]) and same(mine, other)


def _without_scenarios(file: ParsedFile) -> ParsedFile:
    kept = tuple(node for node in file.tree.declarations if not isinstance(node, t.Scenario))
    return attrs.evolve(file, tree=attrs.evolve(file.tree, declarations=kept))


def _ruling_out(model: Model) -> set[str]:
    """The defines and values by which an `impossible` may say what cannot be: all values, if there is one."""
    if not model.impossibles:
        return set()
    asked = (part for each in model.impossibles for part in parts(each.condition, model.defines))
    return {*model.values, *(part.name for part in asked if isinstance(part, Defined))}
