"""What a new version of a policy changes: what is written otherwise, by name, and what comes of which cases.

Its JSON form is `infoshare.diff/1`, written and described by the fields of its parts; within `/1` keys are only added.
Deliberately not here: looking for the cases (`infoshare.analysis.difference`), words for people (`infoshare.authoring`).
"""

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cache
from typing import Any, Literal

import attrs

from infoshare import codec
from infoshare.analysis.as_scenario import scenario
from infoshare.analysis.difference import Found, Shown, compared, cut, nested
from infoshare.analysis.every_case import seen
from infoshare.analysis.pair import Change
from infoshare.analysis.search import Verdict
from infoshare.analysis.states import State
from infoshare.analysis.together import OTHER, together
from infoshare.codec import TEXT, Key, Many, Mapped, Maybe, Object, Scalar, Shape, Word
from infoshare.meaning.deciding import policy_ref
from infoshare.meaning.findings import PolicyRef
from infoshare.meaning.model import Clause, Duty, Exception_, Guarantee, Model, Provision, Safeguard
from infoshare.meaning.view import View
from infoshare.outcome import OUTCOMES, Outcome
from infoshare.values import frozen, key

FORMAT = "infoshare.diff/1"


@frozen
class Written:
    """A clause, or another name, that is written otherwise."""

    name: str = key("Its name.")
    what: tuple[str, ...] = key(
        "What is otherwise: `kind`, `effect`, `strength`, `condition`, `targets`, `for each`, `dates`, `citations`, or"
        " `words` alone; of what is no clause also `type`, `assumption`, `question`, `fixed` and `meaning`."
    )


@frozen
class ClauseChange:
    """A clause that is written otherwise."""

    clause: str = key("Its name.")
    what: tuple[str, ...] = key(
        "What is otherwise: `kind`, `effect`, `strength`, `condition`, `targets`, `for each`, `dates`, `citations`,"
        " `timing`, or `words`."
    )


@frozen
class Clauses:
    """What is written otherwise: clauses, exceptions, duties, safeguards, advice and guarantees."""

    added: tuple[str, ...] = key("Those that only the new policy has.", default=())
    removed: tuple[str, ...] = key("Those that only the old policy has.", default=())
    changed: tuple[ClauseChange, ...] = key("Those that both have, and that say something else.", default=())


@frozen
class Names:
    """What is written otherwise of other names."""

    added: tuple[str, ...] = key("Those that only the new policy has.", default=())
    removed: tuple[str, ...] = key("Those that only the old policy has.", default=())
    changed: tuple[Written, ...] = key("Those that both have, and that say something else.", default=())


@frozen
class Day:
    """A day on which the two are compared; the same, where both are in force together."""

    old: date = key("The day of the old policy.")
    new: date = key("The day of the new policy.")


def _witness() -> Any:
    return key("The case, as a case file holds it; nothing of it is assumed.", shape="case", repr=False)


def _facts() -> Any:
    return key("How much it says: every answer, every name in a list, and every list that is given as empty.")


def _smallest() -> Any:
    return key("Whether it is proved that no case that says less shows it.")


def _scenario() -> Any:
    return key("The case as a scenario, to paste into the new policy.", repr=False)


def _row() -> Any:
    return key(
        "The item and the recipient of whom it is so, where each has an outcome of its own.",
        name="for",
        shape="names or null",
        repr=False,
    )


@frozen
class OutcomeChange:
    """An outcome in place of another."""

    from_: State = key("What the old policy says.", name="from")
    to: State = key("What the new policy says.")
    witness: Mapping[str, Any] = _witness()
    facts: int = key("How much it says.", shape="count")
    smallest: bool = _smallest()
    day: Day = key("The days on which it is so.")
    for_: Mapping[str, str] | None = _row()
    recipients: tuple[str, ...] = key("The kinds of recipients of whom some case shows it.")
    only_these: bool = key("Whether it is proved that no case shows it of another kind of recipient.")
    by: tuple[str, ...] = key(
        "The clauses that stand in this case by the new policy, and not by the old one, or say something else there."
    )
    no_longer_by: tuple[str, ...] = key(
        "Those that stand by the old policy, and not by the new one, or say something else there."
    )
    scenario: str = _scenario()


@frozen
class DutyChange:
    """What becomes of a duty where the outcome stays the same."""

    duty: str = key("Its name.")
    change: Literal["gained", "lost", "lifted"] = key("`lifted`: an exception takes it away now.")
    outcome: Outcome = key("The outcome, by both.")
    witness: Mapping[str, Any] = _witness()
    facts: int = key("How much it says.", shape="count")
    day: Day = key("The days on which it is so.")
    scenario: str = _scenario()


@frozen
class DisclosureChange:
    """What goes that did not, or does not go that did, where the outcome is share by both."""

    change: Literal["released", "held back"] = key("What becomes of it.")
    witness: Mapping[str, Any] = _witness()
    facts: int = key("How much it says.", shape="count")
    day: Day = key("The days on which it is so.")
    for_: Mapping[str, str] | None = _row()
    scenario: str = _scenario()


@frozen
class SettledChange:
    """A case without a fact that one of the two settles and the other does not."""

    fact: str = key("The fact on which the other one waits.")
    state: State = key("What the one that settles it says.")
    possible: tuple[Outcome, ...] = key("What is still possible by the other one.", shape="outcomes")
    witness: Mapping[str, Any] = _witness()
    facts: int = key("How much it says.", shape="count")
    day: Day = key("The days on which it is so.")


@frozen
class NotShown:
    """A change of outcome that may be, though no case was found that shows it."""

    from_: State = key("What the old policy would say.", name="from")
    to: State = key("What the new policy would say.")


@frozen
class Comparison:
    """What a new version of a policy changes."""

    old: PolicyRef = key("The old policy.")
    new: PolicyRef = key("The new policy.")
    days: tuple[Day, ...] = key("The days on which they were compared.")
    clauses: Clauses = key("What is written otherwise.")
    vocabulary: Names = key("Facts that are added, removed, or asked otherwise.")
    meanings: Names = key(
        "Defines, values and impossible combinations that are added, removed, or mean something else."
    )
    outcomes: tuple[OutcomeChange, ...] = key("Every change of outcome that a complete case shows.")
    assumed: tuple[OutcomeChange, ...] = key(
        "Changes of outcome that only cases show in which something is left to be assumed."
    )
    duties: tuple[DutyChange, ...] = key("Duties that come or go though the outcome stays.")
    disclosures: tuple[DisclosureChange, ...] = key("What goes, or does not, though the outcome stays share.")
    questions: tuple[str, ...] = key("Facts that the new policy asks of a case, and the old one never does.")
    unsettled: tuple[SettledChange, ...] = key("Cases that were settled and are not any more.")
    settled: tuple[SettledChange, ...] = key("Cases that were not settled and are now.")
    not_shown: tuple[NotShown, ...] = key(
        "Changes of outcome that may be, though no case was found that shows them."
    )
    proved: bool = key("Whether it is proved that no outcome, duty or disclosure changes in any other way.")
    asking: tuple[str, ...] = key(
        "Clauses and advice by which the new policy may ask somebody for consent or advice whom the old one does not, or"
        " no longer ask them: it is not told of which cases.",
        default=(),
    )
    models: tuple[Model, Model] = attrs.field(eq=False, repr=False, kw_only=True)

    @property
    def unchanged(self) -> bool:
        """Whether nothing changes, whatever the case, and nothing is written otherwise."""
        written = (self.clauses, self.vocabulary, self.meanings)
        return self.same and not any(each.added or each.removed or each.changed for each in written)

    @property
    def same(self) -> bool:
        """Whether it is proved that every case comes to the same."""
        return self.proved and not (
            self.outcomes
            or self.assumed
            or self.duties
            or self.disclosures
            or self.unsettled
            or self.settled
            or self.asking
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON data, `infoshare.diff/1`."""
        return _write()(self)  # type: ignore[no-any-return]


def compare(old: Model, new: Model, today: date, as_of: date | None = None) -> Comparison:
    """Compares two policies; see `Policy.compare`."""
    with _uncollected():
        found = compared(old, new, today, as_of=as_of)
    return Comparison(
        old=policy_ref(old),
        new=policy_ref(new),
        days=tuple(Day(each.old, each.new) for each in found.moments),
        clauses=_clauses(old, new),
        vocabulary=_vocabulary(old, new, found),
        meanings=_meanings(old, new),
        outcomes=tuple(_outcomes(old, new, found, found.shown)),
        assumed=tuple(_outcomes(old, new, found, found.assumed)),
        duties=tuple(
            DutyChange(
                change.of_duty[0],
                change.kind,
                change.of_duty[1],
                *_shown(old, new, shown, _duty_title(change)),
            )
            for change, shown in found.shown.items()
            if change.kind == "gained" or change.kind == "lost" or change.kind == "lifted"  # noqa: PLR1714
        ),
        disclosures=tuple(
            DisclosureChange(change.kind, *_with_row(shown, _shown(old, new, shown, change.kind)))
            for change, shown in found.shown.items()
            if change.kind == "released" or change.kind == "held back"  # noqa: PLR1714 - so types are told apart
        ),
        questions=tuple(path for path in new.facts if path in new.asked - old.asked),
        unsettled=tuple(_settled(old, new, found.unsettled)),
        settled=tuple(_settled(old, new, found.settled)),
        not_shown=tuple(NotShown(*each.states) for each in found.open if each.kind == "outcome"),
        asking=found.asking,
        proved=found.proved,
        models=(old, new),
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Nearly all that a comparison makes is kept to its end: to look for what is not takes a fifth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


# --- cases -------------------------------------------------------------------------------------------


def _shown(old: Model, new: Model, shown: Shown, title: str) -> tuple[Any, ...]:
    return (
        nested(shown.case, old, new),
        shown.facts,
        Day(shown.moment.old, shown.moment.new),
        _as_scenario(new, shown, title),
    )


def _with_row(shown: Shown, parts: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*parts[:3], _for(shown), parts[3])


def _for(shown: Shown) -> dict[str, str] | None:
    if shown.row is None:
        return None
    sides = zip(("item", "recipient"), shown.row, strict=True)
    return {side: name for side, name in sides if name is not None} or None


def _as_scenario(model: Model, shown: Shown, title: str) -> str:
    """The case as a scenario of the new policy, with what that decides of it."""
    case, day, view = cut(shown.case, model), shown.moment.new, shown.views[1]
    if view is None or len(view.possible) > 1:  # what is settled stays so, whatever is assumed
        view = seen(model, case, day)
    if view is None:
        return ""
    row = shown.row if shown.row is not None and view.by_row and shown.row in view.rows else None
    own = view.rows[row] if row is not None else view
    if not model.policy_in_force(day):
        return ""
    verdict = Verdict(own.outcome, own.basis, (view.outcome, view.basis), row, view, own)
    return scenario(model, case, day, title, verdict)


def _duty_title(change: Change) -> str:
    name, outcome = change.of_duty
    return f"{name} is {change.kind}, in {outcome}"


def _outcomes(old: Model, new: Model, found: Found, shown: Mapping[Change, Shown]) -> Iterator[OutcomeChange]:
    for change, each in shown.items():
        if change.kind != "outcome":
            continue
        one, other = change.states
        witness, facts, day, text = _shown(old, new, each, f"Was {_words(one)}, is now {_words(other)}")
        kinds = tuple(str(kind) for kind in found.kinds.get(change, ()))
        only = change in found.only_these
        days = each.moment.old, each.moment.new
        before, after = (_standing(view, each, at) for view, at in zip(each.views, days, strict=True))
        by = tuple(c[0] for c in after if c not in before), tuple(c[0] for c in before if c not in after)
        yield OutcomeChange(
            one, other, witness, facts, each.smallest, day, _for(each), kinds, only, *by, text
        )


def _standing(view: View | None, shown: Shown, day: date) -> list[tuple[str, Outcome, bool, bool]]:
    """The clauses that stand in a case, or in the row of it that shows something, with what they say."""
    if view is None or not view.model.policy_in_force(day):
        return []
    own = view.rows.get(shown.row, view) if shown.row is not None else view
    clauses = view.model.clauses
    return [
        (name, clauses[name].outcome, clauses[name].must, clauses[name].should)
        for name, where in own.standing.stands.items()
        if view.outlook.certain(where)
    ]


def _words(state: object) -> str:
    return (
        state.words.replace(" (nothing decides)", " as nothing decides") if isinstance(state, State) else ""
    )


def _settled(
    old: Model, new: Model, found: Mapping[str, tuple[Shown, State, tuple[Outcome, ...]]]
) -> Iterator[SettledChange]:
    for path, (shown, state, possible) in found.items():
        day = Day(shown.moment.old, shown.moment.new)
        yield SettledChange(
            path.removesuffix(OTHER), state, possible, nested(shown.case, old, new), shown.facts, day
        )


# --- what is written otherwise -------------------------------------------------------------------------


def _clauses(old: Model, new: Model) -> Clauses:
    both = together(old, new)
    before = {each.name: each for each in both.old.provisions()}
    after = {each.name: each for each in both.new.provisions()}
    own = {each.name: each for each in new.provisions()}
    order = [name for name in new.declared if name in after]
    changed = []
    for name in order:
        if name in before:
            what = tuple(_otherwise(both.old, before[name], both.new, after[name], own[name], old))
            if what:
                changed.append(ClauseChange(name, what))
    return Clauses(
        tuple(name for name in order if name not in before),
        tuple(name for name in old.declared if name in before and name not in after),
        tuple(changed),
    )


def _otherwise(
    old: Model, one: Provision, new: Model, other: Provision, own: Provision, before: Model
) -> Iterator[str]:
    """What is otherwise of a clause, in a fixed order."""
    was = before.provision(one.name)
    if type(one) is not type(other) or getattr(one, "kind", None) != getattr(other, "kind", None):
        yield "kind"
    if _effect(one) != _effect(other):
        yield "effect"
    if _strength(one) != _strength(other):
        yield "strength"
    if was.conditions != own.conditions and _conditions(one) != _conditions(other):
        yield "condition"
    if _targets(old, one) != _targets(new, other):
        yield "targets"
    if one.scope != other.scope:
        yield "for each"
    if _timing(one) != _timing(other):
        yield "timing"
    if (one.start, one.end) != (other.start, other.end):
        yield "dates"
    if one.cites != other.cites:
        yield "citations"
    if _said(one) != _said(other):
        yield "words"


def _conditions(each: Provision) -> object:
    return each.when, each.unless, getattr(each, "require", None)


def _effect(each: Provision) -> object:
    match each:
        case Clause():
            return each.outcome, each.whom, each.closing
        case Exception_():
            return each.relaxes
        case Guarantee():
            return each.modality, each.outcome, each.duty
        case _:
            return None


def _strength(each: Provision) -> object:
    return (each.must, each.should) if isinstance(each, Clause) else None


def _targets(model: Model, each: Provision) -> object:
    return set(model.targets.get(each.name, ())), each.instead_of


def _timing(each: Provision) -> object:
    return (each.timings, each.deadline) if isinstance(each, Duty) else None


def _said(each: Provision) -> object:
    return each.statement, each.because, each.otherwise if isinstance(each, Safeguard) else None


def _vocabulary(old: Model, new: Model, found: Found) -> Names:
    changed = []
    for path in new.facts:
        if path not in old.facts:
            continue
        one, other = old.facts[path], new.facts[path]
        what = [
            word
            for word, differs in (
                ("kind", path in found.kinds_of_facts),
                ("type", path not in found.kinds_of_facts and one.type != other.type),
                ("assumption", (one.assumed, one.assumed_every) != (other.assumed, other.assumed_every)),
                ("fixed", one.fixed != other.fixed),
                ("question", (one.ask, one.ask_first) != (other.ask, other.ask_first)),
                ("words", one.phrase != other.phrase),
            )
            if differs
        ]
        if what:
            changed.append(Written(path, tuple(what)))
    return Names(_only(new.facts, old.facts), _only(old.facts, new.facts), tuple(changed))


def _meanings(old: Model, new: Model) -> Names:
    both = together(old, new)
    before = {**old.defines, **old.values, **{each.name: each for each in old.impossibles}}
    after = {**new.defines, **new.values, **{each.name: each for each in new.impossibles}}
    was = {each.name: each.condition for each in both.old.impossibles}
    now = {each.name: each.condition for each in both.new.impossibles}
    changed = []
    for name, now_said in after.items():
        if name in before:
            meaning = (
                (name + OTHER in both.new.defines)
                or (name + OTHER in both.new.values)
                or was.get(name) != now.get(name)
            )
            words = _told_of(before[name]) != _told_of(now_said)
            if meaning or words:
                changed.append(Written(name, ("meaning",) if meaning else ("words",)))
    return Names(_only(after, before), _only(before, after), tuple(changed))


def _told_of(each: object) -> object:
    """The words of a define or of what is impossible."""
    return getattr(each, "phrase", None), getattr(each, "why", None)


def _only(these: Iterable[str], those: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(name for name in these if name not in those)


# --- as JSON -------------------------------------------------------------------------------------------

NAMES: dict[type, str] = {
    PolicyRef: "policy",
    State: "state",
    Day: "day_of_each",
    ClauseChange: "changed_clause",
    Written: "changed_name",
    Names: "names",
    OutcomeChange: "outcome_change",
    DutyChange: "duty_change",
    DisclosureChange: "disclosure_change",
    SettledChange: "settled_change",
    NotShown: "not_shown",
}
"""What the parts of a comparison are called in its schema."""


def _any_object(data: Any) -> Any:
    if not isinstance(data, dict):
        raise ValueError  # noqa: TRY004 - one kind of error for whatever does not fit
    return data


def _whole(data: Any) -> int:
    if isinstance(data, bool) or not isinstance(data, int) or data < 0:
        raise ValueError
    return data


SHAPES: dict[str, Shape] = {
    "strength": Maybe(Word(("must", "should", "may"))),
    "outcomes": Many(Word(tuple(outcome.value for outcome in OUTCOMES), Outcome, name="concluded")),
    "names or null": Maybe(Mapped(TEXT, "an object of names")),
    "case": Scalar("a case", {"type": "object"}, "dict[str, Any]", _any_object, dict),
    "count": Scalar("a whole number", {"type": "integer", "minimum": 0}, "int", _whole),
}


@cache
def shape() -> Object:
    """What a comparison looks like as JSON."""
    parts = codec.object_of(Comparison, NAMES, SHAPES)
    form = Key(Word((FORMAT,)), "The format, and its version.", constant=FORMAT)
    return attrs.evolve(
        parts,
        keys={"format": form, **parts.keys},
        about="Within /1 keys are only ever added, so readers pass over keys that they do not know.",
    )


@cache
def _write() -> Any:
    return codec.writer(shape())
