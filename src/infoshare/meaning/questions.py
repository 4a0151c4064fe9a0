"""The questions of a decision: the unknown facts that matter, the best first, and where each leads."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from infoshare.meaning.case import Case, Row, element_of, here_of, path_of
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import Standing
from infoshare.meaning.findings import AnswerOption, Question, Strength
from infoshare.meaning.model import SIDES, Fact
from infoshare.meaning.outlook import Outlook
from infoshare.meaning.types import UNSURE, Date, Reference, SomeOf
from infoshare.meaning.world import Variable, World
from infoshare.outcome import OUTCOMES, Outcome

Visible = Mapping[str, Sequence[Diagram]]
"""What a person would see change, by what it is: outcome, mandatory, duties, disclosures."""


def questions(
    outlook: Outlook,
    standing: Standing,
    visible: Visible,
    by_row: Mapping[Row, tuple[Standing, Sequence[Diagram]]] | None = None,
    wanted: Collection[str] = (),
) -> tuple[Question, ...]:
    """Every unknown fact that matters, best first.

    Args:
        by_row: where each row has an outcome, what stands in it, and all that a person would see change of it.
        wanted: the facts from which the deadline of a duty is counted.
    """
    case = outlook.world.case
    turned: dict[str, list[str]] = {}
    for what, wheres in visible.items():
        for key in outlook.hangs_on(*wheres):
            turned.setdefault(key, []).append(what)
    for key in wanted:
        if "duties" not in turned.setdefault(key, []):
            turned[key] = [what for what in visible if what in (*turned[key], "duties")]
    if not turned:
        return ()
    of_rows: dict[str, dict[Row, Standing]] = {}
    for row, (own, wheres) in (by_row or {}).items():
        for key in outlook.hangs_on(*wheres):
            of_rows.setdefault(key, {})[row] = own
    kept: dict[int, Leads] = {}
    found: list[tuple[str, Question]] = []
    for key, for_ in turned.items():
        changing = of_rows.get(key, {})
        standings = _apart(outlook.world, key, changing)
        if by_row is None:
            standings = [standing]
        leads = [kept.setdefault(id(each), Leads(outlook, each)) for each in standings]
        found.append((key, question(outlook, leads, key, tuple(for_), tuple(changing))))
    return tuple(q for key, q in sorted(found, key=lambda kq: _rank(outlook, case, *kq)))


def _apart(world: World, key: str, changing: Mapping[Row, Standing]) -> list[Standing]:
    """What stands in the rows that an answer can change, once for those whose elements are interchangeable."""
    fact, own = world.model.facts.get(path_of(key)), element_of(key)
    if fact is not None and isinstance(fact.type, Reference) and fact.type.group in SIDES:
        return list({id(each): each for each in changing.values()}.values())
    kinds: dict[tuple[str, str], object] = {}
    found: dict[object, Standing] = {}
    for row, standing in changing.items():
        kind: list[object] = []
        for element in here_of(row).items():
            if element not in kinds:
                kinds[element] = element if element == own else world.kind_of(*element)
            kind.append(kinds[element])
        found.setdefault(tuple(kind), standing)
    return list(found.values())


def question(
    outlook: Outlook, leads: "Sequence[Leads]", key: str, for_: tuple[str, ...], of_rows: tuple[Row, ...] = ()
) -> Question:
    """What to ask about one fact, or about a list.

    Args:
        leads: of what stands in the rows that its answer can change.
    """
    world = outlook.world
    answered = UNSURE if key in world.case.unsure else None
    variables = [world.variables[v] for v in sorted(world.of_key(key)) if not world.variables[v].opaque]
    fact = _fact_of(outlook, key)
    if fact is None:
        phrase = world.model.groups[key].phrase
        return Question(key, f"Please list each one: {phrase}.", "list", (), answered, for_, rows=of_rows)
    standings = [each.standing for each in leads]
    answers = [(words, _to(leads, values)) for words, values in _answers(outlook, standings, fact, variables)]
    reached = {words: found for words, found in answers if found}
    ask = fact.ask or f"Please say: {fact.phrase.replace('…', '').strip()}?"
    names = world.case.elements.get(fact.type.group, ()) if isinstance(fact.type, Reference) else ()
    choices = tuple((name, name) for name in names) or fact.type.choices
    return Question(
        key,
        ask,
        fact.type.words if fact.type.is_ordered or isinstance(fact.type, Reference) else fact.type.kind,
        tuple(AnswerOption(value, label) for value, label in choices),
        answered,
        for_,
        {words: [outcome.value for outcome in found] for words, found in reached.items()},
        {words: list(found.values()) for words, found in reached.items()},
        rows=of_rows,
    )


def _to(leads: "Sequence[Leads]", values: Mapping[int, int]) -> dict[Outcome, Strength | None]:
    """Where some values lead in some row, in the order of the outcomes; a strength where all rows agree on it."""
    if len(leads) == 1:
        return leads[0].to(values)
    found: dict[Outcome, set[Strength | None]] = {}
    for each in leads:
        for outcome, strength in each.to(values).items():
            found.setdefault(outcome, set()).add(strength)
    return {o: next(iter(found[o])) if len(found[o]) == 1 else None for o in OUTCOMES if o in found}


class Leads:
    """Where some answers lead: the outcomes that are then possible, and how strong each is."""

    def __init__(self, outlook: Outlook, standing: Standing) -> None:
        self.standing = standing
        self._possibly = outlook.world.diagrams.possibly
        self._can_be = {outcome: outlook.care & where for outcome, where in standing.outcome.items()}
        self._not_must = {o: where & ~standing.mandatory for o, where in self._can_be.items()}
        self._not_may = {
            o: where & (standing.mandatory | standing.should | ~standing.only[o])
            for o, where in self._can_be.items()
        }
        self._not_should = {
            o: where & (standing.mandatory | ~standing.should) for o, where in self._can_be.items()
        }

    def to(self, values: Mapping[int, int]) -> dict[Outcome, Strength | None]:
        """The outcomes that some values of variables leave possible, with the strength of each."""
        return {o: self._strength(o, values) for o in OUTCOMES if self._possibly(self._can_be[o], values)}

    def _strength(self, outcome: Outcome, values: Mapping[int, int]) -> Strength | None:
        if not self._possibly(self._not_must[outcome], values):
            return "must"
        if not self._possibly(self._not_may[outcome], values):
            return "may"
        return None if self._possibly(self._not_should[outcome], values) else "should"


def _rank(outlook: Outlook, case: Case, key: str, asked: Question) -> tuple[object, ...]:
    fact = _fact_of(outlook, key)
    leads = list(asked.leads_to.values())
    settling = sum(len(outcomes) == 1 for outcomes in leads) / len(leads) if leads else 0
    worst = max((len(outcomes) for outcomes in leads), default=len(OUTCOMES) + 1)
    assumable = fact is not None and fact.assumed is not None
    first = fact is not None and fact.ask_first
    # Who and what there is comes before what is asked of each, so that nobody is asked about in vain.
    of_each = fact is not None and outlook.world.model.has_rows
    return key in case.unsure, not first, of_each, assumable, -settling, worst, outlook.position(key)


def _fact_of(outlook: Outlook, key: str) -> Fact | None:
    model = outlook.world.model
    if key in model.groups:
        return None
    return model.facts[path_of(key)]


def _answers(
    outlook: Outlook, standings: Sequence[Standing], fact: Fact, variables: list[Variable]
) -> list[tuple[str, dict[int, int]]]:
    """Each answer, numbers and dates as far as the policy tells them apart: in words, and as values of variables."""
    if isinstance(fact.type, SomeOf):
        by_option = {v.option: v.index for v in variables}
        ticked = [(o, {by_option[o]: 1} if o in by_option else {}) for o in fact.type.values]
        return [*ticked, ("none of these", dict.fromkeys(by_option.values(), 0))]
    if isinstance(fact.type, Reference):
        return _named(outlook, fact.type, [v for v in variables if not v.elsewhere])
    if fact.type.is_ordered:
        pairs = _stretches(outlook, standings, fact, variables)
    else:
        pairs = [
            (answer if isinstance(answer, str) else label, fact.type.encoder(None, {})(answer))
            for answer, label in fact.type.choices
        ]
    return [(words, {v.index: value for v in variables}) for words, value in pairs]


def _named(outlook: Outlook, type_: Reference, variables: list[Variable]) -> list[tuple[str, dict[int, int]]]:
    """Each listed name that a reference may have, and none of them."""
    names = outlook.world.case.elements.get(type_.group, ())
    if type_.many:
        by_name = {v.option: v.index for v in variables}
        found = [(name, {by_name[name]: 1} if name in by_name else {}) for name in names]
        return [*found, ("none of them", dict.fromkeys(by_name.values(), 0))]
    return [
        *((name, {v.index: place for v in variables}) for place, name in enumerate(names, 1)),
        ("none of them", {v.index: 0 for v in variables}),
    ]


def _stretches(
    outlook: Outlook, standings: Sequence[Standing], fact: Fact, variables: list[Variable]
) -> list[tuple[str, int]]:
    """The stretches of numbers or dates that lead to different outcomes, each with one of its values."""
    cuts: set[int] = set()
    for variable in variables:
        for where in (*[w for standing in standings for w in standing.outcome.values()], outlook.care):
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
