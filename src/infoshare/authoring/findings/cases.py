"""Cases that show a finding: found on the diagrams, written as a case file, and read back to see that they do.

Where a finding hangs on lists, it is looked for again in cases that give them: with no element, and with as many
as the policy's quantifiers can tell apart. What is not there either is nowhere; so only facts that are compared with
one another leave a finding without a case.
Deliberately not here: what is looked for, and all that a decision says beside its outcome.
"""

import json
import shlex
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property
from itertools import product

import attrs

from infoshare.authoring.analysis import Analysis, Witness, days
from infoshare.authoring.findings.finding import Checked
from infoshare.meaning import facts as reading
from infoshare.meaning.case import element_key
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import due
from infoshare.meaning.model import Model, Quantified, parts
from infoshare.meaning.presumption import presumed
from infoshare.meaning.types import Answer
from infoshare.meaning.view import view
from infoshare.meaning.world import facts_of
from infoshare.outcome import Basis, Outcome

_ELEMENTS = ("first", "second", "third")

Where = Callable[[Analysis], Diagram]


@attrs.frozen
class Verdict:
    """What comes of a case: the heart of its decision.

    Attributes:
        standing: the clauses that stand.
        due: the duties that are due.
        not_due: those that are not, whatever is still unknown.
    """

    outcome: Outcome
    basis: Basis
    standing: frozenset[str]
    due: frozenset[str]
    not_due: frozenset[str]


Confirms = Callable[[Verdict], bool]


@attrs.frozen
class Shown:
    """A case that shows something, and what comes of it; without a verdict it is not sure that it does."""

    witness: Witness
    verdict: Verdict | None


class Cases:
    """Every case of a policy, on a day of each stretch of time."""

    def __init__(self, model: Model, today: date) -> None:
        self.model = model
        self.analyses = [Analysis(model, day) for day in days(model, today)]
        self._with_lists: dict[tuple[object, ...], Analysis] = {}

    @property
    def none(self) -> bool:
        """Whether there is no case at all, as all are said to be impossible."""
        return all(
            not analysis.view.outlook.possible(analysis.view.world.diagrams.yes) for analysis in self.analyses
        )

    def shown(self, analysis: Analysis, where: Where, confirms: Confirms) -> Shown | None:
        """A case of this day in which something is so; None if there is none."""
        found = analysis.witness(where(analysis))
        if found is None:
            return None
        if found.exact:
            return Shown(found, self.verdict(found, confirms))
        doubtful = not self._enough_elements
        for lists in self._lists():
            more = self._analysis(analysis.day, lists)
            witness = more.witness(where(more))
            verdict = self.verdict(witness, confirms) if witness is not None else None
            if witness is not None and verdict is not None:
                return Shown(witness, verdict)
            doubtful = doubtful or witness is not None
        return Shown(found, None) if doubtful else None

    def verdict(self, witness: Witness, confirms: Confirms) -> Verdict | None:
        """What comes of a case, if that confirms what it should show."""
        case, model, day = reading.read(self.model, witness.case).case, self.model, witness.as_of
        named = {
            element_key(group, name, "name"): name for group, names in case.elements.items() for name in names
        }
        answered: dict[str, Answer] = {**case.answers, **named}
        seen = view(model, case, day, {**answered, **presumed(model, case, day, answered)})
        if not seen.outlook.possible(seen.world.diagrams.yes):
            return None
        stands = seen.standing.stands
        duties = {d.name: due(seen.world, seen.standing, d, seen.outcome) for d in model.duties.values()}
        verdict = Verdict(
            seen.outcome,
            seen.basis,
            frozenset(name for name in stands if seen.outlook.certain(stands[name])),
            frozenset(name for name in duties if seen.outlook.certain(duties[name])),
            frozenset(name for name in duties if not seen.outlook.possible(duties[name])),
        )
        return verdict if confirms(verdict) else None

    @cached_property
    def _quantifiers(self) -> Mapping[str, int]:
        """How many quantifiers there are over each list."""
        found = {
            part
            for condition in self.model.conditions()
            for part in parts(condition)
            if isinstance(part, Quantified)
        }
        groups = [part.group for part in found]
        return {group: groups.count(group) for group in self.model.groups if group in groups}

    @cached_property
    def _enough_elements(self) -> bool:
        """Whether as many elements as there are names for can show whatever any number can."""
        named = any(
            f.each and f.name == "name" for c in self.model.conditions() for f in facts_of(self.model, c)
        )
        return not named and all(count <= len(_ELEMENTS) for count in self._quantifiers.values())

    def _lists(self) -> Iterator[Mapping[str, tuple[str, ...]]]:
        sizes = [(0, min(count, len(_ELEMENTS))) for count in self._quantifiers.values()]
        for chosen in product(*sizes) if sizes else ():
            yield {g: _ELEMENTS[:size] for g, size in zip(self._quantifiers, chosen, strict=True)}

    def _analysis(self, day: date, lists: Mapping[str, tuple[str, ...]]) -> Analysis:
        key = (day, *lists.items())
        if key not in self._with_lists:
            self._with_lists[key] = Analysis(self.model, day, lists)
        return self._with_lists[key]


def told(checked: Checked, shown: Shown, what: str) -> tuple[str, ...]:
    """How to see it: the command, and the case file that it takes."""
    witness, path = shown.witness, checked.main.path
    if shown.verdict is None:
        return (
            "no case was found that shows it: it hangs on facts that are compared with one another, or on lists",
        )
    command = f"infoshare decide {shlex.quote(path)} case.json --as-of {witness.as_of}"
    return (f"to see {what}, save the next line as case.json: `{command}`", written(witness.case))


def written(case: Mapping[str, object]) -> str:
    """A case as JSON, on one line."""
    return json.dumps(case, ensure_ascii=False)
