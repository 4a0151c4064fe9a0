"""The questions of a decision: the unknown facts that matter, the best first, and where each leads."""

from collections.abc import Mapping, Sequence
from datetime import date

from infoshare.meaning.case import Case, path_of
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import Standing
from infoshare.meaning.findings import AnswerOption, Question, Strength
from infoshare.meaning.model import Fact
from infoshare.meaning.outlook import Outlook
from infoshare.meaning.types import UNSURE, Date, SomeOf
from infoshare.meaning.world import Variable
from infoshare.outcome import Outcome

Visible = Mapping[str, Sequence[Diagram]]
"""What a person would see change, by what it is: outcome, mandatory, duties, disclosures."""


def questions(outlook: Outlook, standing: Standing, visible: Visible) -> tuple[Question, ...]:
    """Every unknown fact that matters, best first."""
    case = outlook.world.case
    turned: dict[str, list[str]] = {}
    for what, wheres in visible.items():
        for key in outlook.hangs_on(*wheres):
            turned.setdefault(key, []).append(what)
    if not turned:
        return ()
    leads = Leads(outlook, standing)
    found = [(key, question(outlook, standing, leads, key, tuple(for_))) for key, for_ in turned.items()]
    return tuple(q for key, q in sorted(found, key=lambda kq: _rank(outlook, case, *kq)))


def question(
    outlook: Outlook, standing: Standing, leads: "Leads", key: str, for_: tuple[str, ...]
) -> Question:
    """What to ask about one fact, or about a list."""
    world = outlook.world
    answered = UNSURE if key in world.case.unsure else None
    variables = [world.variables[v] for v in sorted(world.of_key(key)) if not world.variables[v].opaque]
    fact = _fact_of(outlook, key)
    if fact is None:
        phrase = world.model.groups[key].phrase
        return Question(key, f"Please list each one: {phrase}.", "list", (), answered, for_)
    answers = [(words, leads.to(values)) for words, values in _answers(outlook, standing, fact, variables)]
    reached = {words: found for words, found in answers if found}
    ask = fact.ask or f"Please say: {fact.phrase.replace('…', '').strip()}?"
    return Question(
        key,
        ask,
        fact.type.words if fact.type.is_ordered else fact.type.kind,
        tuple(AnswerOption(value, label) for value, label in fact.type.choices),
        answered,
        for_,
        {words: [outcome.value for outcome in found] for words, found in reached.items()},
        {words: list(found.values()) for words, found in reached.items()},
    )


class Leads:
    """Where some answers lead: the outcomes that are then possible, and how strong each is."""

    def __init__(self, outlook: Outlook, standing: Standing) -> None:
        self._possibly = outlook.world.diagrams.possibly
        self._can_be = {outcome: outlook.care & where for outcome, where in standing.outcome.items()}
        self._not_must = {o: where & ~standing.mandatory for o, where in self._can_be.items()}
        self._not_may = {
            o: where & (standing.mandatory | ~standing.only[o]) for o, where in self._can_be.items()
        }

    def to(self, values: Mapping[int, int]) -> dict[Outcome, Strength | None]:
        """The outcomes that some values of variables leave possible, with the strength of each."""
        return {o: self._strength(o, values) for o in Outcome if self._possibly(self._can_be[o], values)}

    def _strength(self, outcome: Outcome, values: Mapping[int, int]) -> Strength | None:
        if not self._possibly(self._not_must[outcome], values):
            return "must"
        return None if self._possibly(self._not_may[outcome], values) else "may"


def _rank(outlook: Outlook, case: Case, key: str, asked: Question) -> tuple[object, ...]:
    fact = _fact_of(outlook, key)
    leads = list(asked.leads_to.values())
    settling = sum(len(outcomes) == 1 for outcomes in leads) / len(leads) if leads else 0
    worst = max((len(outcomes) for outcomes in leads), default=len(Outcome) + 1)
    assumable = fact is not None and fact.assumed is not None
    return key in case.unsure, assumable, -settling, worst, outlook.position(key)


def _fact_of(outlook: Outlook, key: str) -> Fact | None:
    model = outlook.world.model
    if key in model.groups:
        return None
    return model.facts[path_of(key)]


def _answers(
    outlook: Outlook, standing: Standing, fact: Fact, variables: list[Variable]
) -> list[tuple[str, dict[int, int]]]:
    """Each answer, numbers and dates as far as the policy tells them apart: in words, and as values of variables."""
    if isinstance(fact.type, SomeOf):
        by_option = {v.option: v.index for v in variables}
        ticked = [(o, {by_option[o]: 1} if o in by_option else {}) for o in fact.type.values]
        return [*ticked, ("none of these", dict.fromkeys(by_option.values(), 0))]
    if fact.type.is_ordered:
        pairs = _stretches(outlook, standing, fact, variables)
    else:
        pairs = [
            (answer if isinstance(answer, str) else label, fact.type.encoder(None, {})(answer))
            for answer, label in fact.type.choices
        ]
    return [(words, {v.index: value for v in variables}) for words, value in pairs]


def _stretches(
    outlook: Outlook, standing: Standing, fact: Fact, variables: list[Variable]
) -> list[tuple[str, int]]:
    """The stretches of numbers or dates that lead to different outcomes, each with one of its values."""
    cuts: set[int] = set()
    for variable in variables:
        for where in (*standing.outcome.values(), outlook.care):
            cuts |= outlook.world.diagrams.bounds_of(where, variable.index)
    first, end = fact.type.domain
    bounds = sorted(cuts)
    starts: list[int | None] = [first, *bounds]
    ends: list[int | None] = [*bounds, end]
    return [
        (_stretch_words(fact, low, high), (high - 1 if high is not None else 0) if low is None else low)
        for low, high in zip(starts, ends, strict=True)
    ]


def _stretch_words(fact: Fact, low: int | None, high: int | None) -> str:
    dates = isinstance(fact.type, Date)
    if dates:
        first, end = fact.type.domain
        low, high = (None if low == first else low), (None if high == end else high)

    def show(value: int) -> str:
        return date.fromordinal(value).isoformat() if dates else str(value)

    if low is None:
        return "any" if high is None else f"{'before' if dates else 'under'} {show(high)}"
    if high is None:
        return f"{show(low)} or {'later' if dates else 'more'}"
    return show(low) if high == low + 1 else f"{show(low)} to {show(high - 1)}"
