"""What follows from an outcome: duties, whom to ask, and what goes to whom."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from infoshare.meaning import calendar, evaluator
from infoshare.meaning.case import Row, element_key, here_of
from infoshare.meaning.clauses import asking
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import Standing, holds
from infoshare.meaning.findings import (
    AdviceFinding,
    Disclosure,
    DutyFinding,
    FrozenMap,
    Hold,
    KeptSafeguard,
    LiftedDuty,
)
from infoshare.meaning.model import Advice, Duty, Model, Safeguard
from infoshare.meaning.reasons import why, why_holds
from infoshare.meaning.view import View, citations
from infoshare.outcome import Outcome
from infoshare.values import frozen


@frozen
class Target:
    """For whom or what a duty or advice is: the rows that bring it, and an element of another list.

    Attributes:
        elements: by the name of their list; None where it is for nobody in particular, empty where the list is not given.
    """

    elements: FrozenMap | None
    rows: tuple[Row, ...]
    element: str | None = None


def targets(view: View, each: Duty | Advice) -> list[Target]:
    """For whom or what it is: one for each element, one for all where nobody has listed them, none of an empty list."""
    listed, rows = view.case.elements, tuple(view.rows)
    if not each.scope:
        return [Target(None, rows)]
    if any(listed.get(group) == () for group in each.scope):
        return []
    if any(group not in listed for group in each.scope):
        return [Target(FrozenMap(), rows)]
    if each.other_list:
        group = each.other_list
        return [Target(FrozenMap({group: name}), rows, name) for name in listed[group]]
    by_elements: dict[tuple[str | None, ...], list[Row]] = {}
    for row in rows:
        here = here_of(row)
        by_elements.setdefault(tuple(here[side] for side in each.sides), []).append(row)
    return [
        Target(FrozenMap(dict(zip(each.sides, names, strict=True))), tuple(of_rows))
        for names, of_rows in by_elements.items()
    ]


def due(view: View, duty: Duty, target: Target, decided: Outcome | None = None) -> tuple[Diagram, Diagram]:
    """Where a duty is due, and where it is lifted; kept by the view.

    Args:
        decided: the outcome that is decided, where it is not that of the view (see `grounds`).
    """
    key = (duty.name, target.elements, decided)
    if key not in view.dues:
        view.dues[key] = _due(view, duty, target, decided)
    return view.dues[key]


def _due(view: View, duty: Duty, target: Target, decided: Outcome | None) -> tuple[Diagram, Diagram]:
    """What brings a duty is joined once for all rows to which it applies alike."""
    alike: dict[tuple[int, int], tuple[Diagram, Diagram, dict[int, Diagram]]] = {}
    apart = duty.sides or duty.follows_holding_back
    for row in target.rows if apart else view.one_of_each:
        standing = view.rows[row].standing
        if duty.other_list:
            holding = standing.holds_of[duty.name][target.element]
            applies = standing.applies_of[duty.name][target.element]
        else:
            holding, applies = standing.holds[duty.name], standing.applies[duty.name]
        brought = _brought(view, duty, row, decided)
        alike.setdefault((id(holding), id(applies)), (holding, applies, {}))[2][id(brought)] = brought
    dues: list[Diagram] = []
    lifts: list[Diagram] = []
    for holding, applies, bringing in alike.values():
        key = (duty.name, *bringing)
        if key not in view.brings:
            view.brings[key] = _joined(view, bringing.values())
        dues.append(view.brings[key] & applies)
        lifts.append(view.brings[key] & holding & ~applies)
    return _joined(view, dues), _joined(view, lifts)


def _brought(view: View, duty: Duty, row: Row, decided: Outcome | None) -> Diagram:
    """Where a row's outcome brings a duty."""
    seen = view.rows[row]
    key = (duty.name, decided, row if duty.follows_holding_back else id(seen))
    if key not in view.brings:
        back = None
        if duty.follows_holding_back:
            back = view.world.diagrams.either(where for _, where in view.held_back[row])
        view.brings[key] = evaluator.brought(view.world, seen.standing, duty, decided or seen.outcome, back)
    return view.brings[key]


def _joined(view: View, wheres: Iterable[Diagram]) -> Diagram:
    """Where something is so of any row; undecided where it may be so of many and is certain of none."""
    apart = list(dict.fromkeys(wheres))
    if len(apart) == 1:
        return apart[0]
    possible = [where for where in apart if view.outlook.possible(where)]
    certain = next(filter(view.outlook.certain, possible), None)
    if certain is not None:
        return certain
    most = view.outlook.most_joined or len(possible)
    joined = view.world.diagrams.either(possible[:most])
    return joined if len(possible) <= most else joined | view.world.diagrams.unknown


def visible(view: View, decided: Outcome) -> dict[str, list[Diagram]]:
    """What a person would see change, by what it is.

    Args:
        decided: the decision's own outcome, which may differ from the view's (see `grounds`); where each row has its
            own, that of the row is taken.
    """
    own = None if view.by_row else decided
    standings = [seen.standing for seen in view.views]
    found = {
        "outcome": [where for standing in standings for where in standing.outcome.values()],
        "mandatory": [standing.mandatory for standing in standings],
        "duties": [
            where
            for duty in view.model.duties.values()
            for target in targets(view, duty)
            for where in due(view, duty, target, own)
        ],
        "disclosures": list(view.goes.values())
        if any(view.outlook.possible(standing.outcome[Outcome.SHARE]) for standing in standings)
        else [],
    }
    if view.model.uses_new_forms:
        found["strength"] = [where for standing in standings for where in strengths(standing)]
        found["ask_consent"] = [where for _, where in asking(view)]
    return found


def visible_by_row(view: View) -> dict[Row, tuple[Standing, list[Diagram]]]:
    """For each row, what stands in it, and all that a person would see change of it."""
    found = {
        row: (
            seen.standing,
            [*seen.standing.outcome.values(), *strengths(seen.standing), view.goes[row]],
        )
        for row, seen in view.rows.items()
    }
    for row, where in asking(view):
        found[row][1].append(where)
    return found


def strengths(standing: Standing) -> tuple[Diagram, ...]:
    """Where the outcome must be, where it should be, and where it rests on clauses that say neither."""
    must, should = standing.mandatory, standing.should & ~standing.mandatory
    return must, should, ~(standing.conflict | standing.silence | must | should)


def counted_from(view: View) -> Iterator[str]:
    """The unknown facts from which the deadlines are counted of duties that are due or may be."""
    for duty in view.model.duties.values():
        for target in targets(view, duty) if duty.deadline and duty.deadline.unit != "hours" else ():
            key = counted_from_fact(duty, target)
            unknown = key is not None and key not in view.world.known
            if key and unknown and view.outlook.possible(due(view, duty, target)[0]):
                yield key


def duties(view: View) -> Iterator[DutyFinding]:
    """The duties that are due in every completion, or open."""
    for duty in view.model.duties.values():
        for target in targets(view, duty):
            due_, lifted_ = due(view, duty, target)
            always = view.everywhere(due_)
            if always is False:
                continue
            yield DutyFinding(
                duty.name,
                timing_words(duty),
                duty.statement,
                "due" if always else "open",
                () if always else view.outlook.hangs_on(due_, lifted_),
                citations(duty.cites),
                target.elements,
                duty.deadline.words if duty.deadline else None,
                last_day(view, duty, target),
            )


def lifted(view: View) -> Iterator[LiftedDuty]:
    """The duties that are due in no completion, as an exception lifts them."""
    for duty in view.model.duties.values():
        if duty.name not in view.model.set_aside_by:
            continue
        for target in targets(view, duty):
            due_, where = due(view, duty, target)
            if view.outlook.possible(due_) or not view.outlook.possible(where):
                continue
            exceptions = view.model.set_aside_by[duty.name]
            acts = view.rows[target.rows[0]].standing.applies
            if target.element is not None:
                of = view.rows[target.rows[0]].standing.applies_of
                acts = {e: of[e][target.element] if e in of else acts[e] for e in exceptions}
            by = view.acting(exceptions, acts, where, dict(target.elements or {}))
            yield LiftedDuty(
                duty.name,
                timing_words(duty),
                duty.statement,
                by,
                citations(duty.cites),
                target.elements,
                _need_not(view, duty, target),
            )


def _need_not(view: View, duty: Duty, target: Target) -> bool | None:
    """Whether what is lifted is only not due: the policy says when it is never asked for, and that is not so here.

    False where it is not settled whether it is so; None where it is, and where the policy never says.
    """
    promises = [g for g in view.model.guarantees.values() if g.duty == duty.name and g.modality == "never"]
    here = dict(target.elements or {})
    forbidden = view.world.diagrams.either([holds(view.world, each, here) for each in promises])
    if not promises or view.outlook.certain(forbidden):
        return None
    return not view.outlook.possible(forbidden)


def advice(view: View) -> Iterator[AdviceFinding]:
    """Whom to ask; also where that is not certain."""
    for each in view.model.advice.values():
        for target in targets(view, each):
            applies = (
                seen.standing.applies_of[each.name][target.element]
                if target.element is not None
                else seen.standing.applies[each.name]
                for seen in {id(view.rows[row]): view.rows[row] for row in target.rows}.values()
            )
            if any(map(view.outlook.possible, applies)):
                yield AdviceFinding(each.name, each.statement, citations(each.cites), target.elements)


def last_day(view: View, duty: Duty, target: Target) -> date | None:
    """The last day for a duty; None where it has none that can be counted."""
    deadline = duty.deadline
    if deadline is None or deadline.unit == "hours":
        return None
    counted_from = counted_from_fact(duty, target)
    day: object = view.world.day if counted_from is None else view.world.known.get(counted_from)
    if not isinstance(day, date):
        return None
    if deadline.unit == "working days":
        return working_day(view.model, day, deadline.count)
    return calendar.shift(day, deadline.count, deadline.unit)


def counted_from_fact(duty: Duty, target: Target) -> str | None:
    """The key of the fact that a deadline is counted from; None where it is counted from the decision."""
    fact = duty.deadline.of if duty.deadline else None
    if fact is None:
        return None
    element = target.elements.get(fact.group) if target.elements is not None else None
    return element_key(fact.group, element, fact.name) if fact.each and element else fact.path


def working_day(model: Model, day: date, count: int) -> date | None:
    """The day so many working days later; None past the year of the last of the holidays that the policy has."""
    holidays = frozenset(model.holidays)
    last = max(holidays).year if holidays else day.year + 9999
    while count > 0:
        if day == date.max:
            return None
        day += timedelta(days=1)
        if day.weekday() < SATURDAY and day not in holidays:
            count -= 1
    return day if day.year <= last else None


SATURDAY = 5


def disclosures(view: View) -> Iterator[Disclosure]:
    """What becomes of each row: released, held back or open; and where each has one, its outcome."""
    told: dict[int, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for row, by_safeguards in view.held_back.items():
        seen, held_back = view.rows[row], by_safeguards
        if view.by_row:  # there is nothing to keep back of what is not shared
            shared = seen.standing.outcome[Outcome.SHARE]
            held_back = tuple((s, where & shared) for s, where in held_back)
            not_shared = ~shared
        else:  # it is shared in every completion
            not_shared = view.world.diagrams.no
        holding = [(s, where) for s, where in held_back if view.outlook.possible(where)]
        always = [s for s, where in holding if view.outlook.certain(where | not_shared)]
        held = view.everywhere(view.world.diagrams.either(where for _, where in holding) | not_shared)
        if held and not always:
            always = [s for s, _ in holding]
        goes = (None if held is None else not held) if not view.by_row else view.everywhere(view.goes[row])
        parts: dict[str, object] = {}
        if view.by_row:
            if id(seen) not in told:
                told[id(seen)] = _names(seen)
            fired, defeated = told[id(seen)]
            parts = {
                "outcome": seen.outcome,
                "mandatory": seen.mandatory,
                "strength": seen.strength,
                "basis": seen.basis,
                "possible": seen.possible,
                "fired": fired,
                "defeated": defeated,
            }
        yield Disclosure(
            *row,
            goes,
            tuple(_hold(view, s, row) for s in always),
            tuple(
                _hold(view, s, row, view.outlook.hangs_on(where)) for s, where in holding if s not in always
            ),
            **parts,  # type: ignore[arg-type]
        )


def _names(seen: View) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the clauses that stand in a row, and of those that are defeated there."""
    outlook, standing = seen.outlook, seen.standing
    fired = tuple(name for name, where in standing.stands.items() if outlook.certain(where))
    return _in_policy_order(seen.model, fired), _in_policy_order(
        seen.model,
        (
            name
            for name, where in standing.stands.items()
            if not outlook.possible(where)
            and outlook.certain(standing.applies[name])
            and not seen.model.clauses[name].closing
        ),
    )


def _in_policy_order(model: Model, names: Iterable[str]) -> tuple[str, ...]:
    found = set(names)
    return tuple(name for name in model.clauses if name in found)


def kept_safeguards(view: View) -> Iterator[KeptSafeguard]:
    """The safeguards of lists that the case does not give: conditions to keep."""
    listed = {group for group, names in view.case.elements.items() if names}
    for safeguard in view.model.safeguards.values():
        if not listed.issuperset(safeguard.scope):
            exceptions = view.model.set_aside_by.get(safeguard.name, ())
            holding = evaluator.holds(view.world, safeguard)
            if any(
                view.outlook.possible(holding & ~view.world.diagrams.either(s.applies[e] for e in exceptions))
                for s in (seen.standing for seen in view.views)
            ):
                yield KeptSafeguard(safeguard.name, safeguard.statement, citations(safeguard.cites))


def _hold(view: View, safeguard: Safeguard, row: Row, waiting_for: tuple[str, ...] = ()) -> Hold:
    here = here_of(row)
    facts = why_holds(view.world, safeguard, here) | why(view.world, safeguard.require, here)
    cites = citations(safeguard.cites)
    return Hold(safeguard.name, safeguard.statement, safeguard.otherwise, cites, facts, waiting_for)


def timing_words(duty: Duty) -> str:
    """When a duty is to be done, as the language spells it."""
    return ", ".join(timing.words for timing in duty.timings)
