"""Puts one open question to a person: what is asked, why it matters, and where each answer would lead.

Invariant: nothing that is still open reads as an instruction; everything is plain text on lines of its own.
Deliberately not here: which question comes next (`dialogue`), and printing (the doors).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, TypeAlias

import attrs

from infoshare.asking.answers import form
from infoshare.asking.review import Assumed
from infoshare.explain.duties import on_whom, one, whether_to
from infoshare.explain.english import inside, listed, name
from infoshare.explain.labels import NONE_OF_THEM
from infoshare.explain.sharing import of
from infoshare.explain.wording import Voice
from infoshare.meaning.case import path_of
from infoshare.meaning.findings import Disclosure, Findings, Question, Stated
from infoshare.meaning.model import Fact
from infoshare.meaning.types import Answer, Reference, SomeOf
from infoshare.outcome import Basis, Outcome
from infoshare.policy.decision import Decision

Stage: TypeAlias = Literal["outcome", "rest", "list", "assumed"]
Trial: TypeAlias = Callable[[Any], Decision | None]
"""What would be decided with an answer; None where that answer cannot be."""

_CALLS = {
    Outcome.SHARE: "share",
    Outcome.SEEK_CONSENT: "seek consent first",
    Outcome.WITHHOLD: "do not share",
    Outcome.SEEK_ADVICE: "seek advice",
    Outcome.DIFFERS: "not the same for all",
}
MORE = "more questions"
NEVER = "cannot be, after what was said"
_WIDEST = 46
_FEW = 2


@attrs.frozen
class Choice:
    """One answer of a menu, where it leads, and the heading that it stands under (both may be empty)."""

    label: str
    then: str = ""
    heading: str = ""


@attrs.frozen
class Prompt:
    """What to show before an answer is typed.

    Attributes:
        key: what is asked: the key of a fact, the name of a list, or "" for the assumptions.
        why: what the answer decides.
        notes: where answers lead that are not chosen from a menu.
        form: what to type, where no menu shows it.
        words: what can be typed beside an answer.
    """

    key: str
    stage: Stage
    text: str
    why: str = ""
    choices: tuple[Choice, ...] = ()
    notes: tuple[str, ...] = ()
    form: str | None = None
    words: str = "not sure, skip, back, stop, or ? for help"

    def lines(self) -> Iterator[str]:
        """The question as it stands on a screen."""
        yield self.text
        if self.why:
            yield f"  {self.why}"
        width = min(_WIDEST, max((len(choice.label) for choice in self.choices), default=0))
        heading = ""
        for number, choice in enumerate(self.choices, 1):
            if choice.heading != heading:
                yield f"  {choice.heading}:"
            heading = choice.heading
            then = f"  -> {choice.then}" if choice.then else ""
            yield f"  {number:>2}  {choice.label:<{width}}{then}".rstrip()
        yield from (f"      {note}" for note in self.notes)
        if self.form:
            yield f"  Type {self.form}."
        yield f"  Or: {self.words}."


def put(voice: Voice, question: Question, stage: Stage, trial: Trial, names: Sequence[str] = ()) -> Prompt:
    """The prompt for an open question of a decision.

    Args:
        names: those that a reference may name.
    """
    fact, _ = voice.fact(question.fact)
    text = voice.question(question.fact) or question.ask
    why = f"It decides {reason}." if (reason := _reason(voice, question)) else ""
    if fact is None:
        return list_of(question.fact, voice.group(question.fact), text, why=why)
    choices = tuple(_choices(voice, question, fact, stage, trial, names))
    notes = () if choices else tuple(_notes(voice.decision, question))
    return Prompt(question.fact, stage, text, why, choices, notes, form(fact.type))


def of_fact(voice: Voice, key: str, names: Sequence[str] = ()) -> Prompt:
    """The prompt for a fact that the decision does not ask about, such as one that was assumed."""
    fact, _ = voice.fact(key)
    assert fact is not None, key  # noqa: S101 - what was assumed is a fact of the policy
    text = voice.question(key) or f"{inside(fact.phrase.replace('…', '').strip())}?"
    whose = voice.element(key)
    choices = tuple(Choice(voice.placed(label, whose)) for label, _ in _answers(fact, names))
    return Prompt(key, "assumed", text, choices=choices, form=form(fact.type))


def list_of(group: str, phrase: str, text: str, *, why: str = "", offered: bool = False) -> Prompt:
    """The prompt for the names of a list."""
    done = "nothing but an empty line leaves it open" if offered else "`none` if there are none"
    return Prompt(
        group,
        "list",
        text,
        why,
        form=f"the name of each, one a line ({inside(phrase)}), then an empty line; {done}",
        words="skip, back, stop, or ? for help" if offered else "not sure, skip, back, stop, or ? for help",
    )


def of_assumptions(voice: Voice, assumed: Sequence[Assumed]) -> Prompt:
    """The prompt that has a person confirm what nobody said, or take it back; what belongs together stands together."""
    first = assumed[0].first
    choices = tuple(
        Choice(str(voice.said(each.assumption.fact, each.assumption.value)), heading=_about(voice, each))
        for each in assumed
    )
    return Prompt(
        "",
        "assumed",
        "Before the answer, a moment for what nobody has said. Is all of this right?"
        if first
        else "Last, what nobody has said of the rest of it. Is all of this right?",
        "The policy takes it to be so. If any of it is wrong, the answer may be another."
        if first
        else "The policy takes it to be so. If any of it is wrong, other things are to be done or held back.",
        choices,
        form="`yes` if all of it is right, or the numbers of what is wrong or not known, such as 1, 3",
        words="skip (all of it stays assumed), back, stop, or ? for help",
    )


def _about(voice: Voice, each: Assumed) -> str:
    phrase = voice.group(each.group)
    return f"{phrase[:1].upper()}{phrase[1:]}"


# --- why it matters -------------------------------------------------------------------------


def _reason(voice: Voice, question: Question) -> str:
    decision = voice.decision
    key = question.fact
    if "outcome" in question.for_:
        clauses = [c for c in decision.unresolved if key in c.waiting_for]
        own = {c.clause: voice.own_paths(c.clause) or set() for c in clauses}
        speaking = [c for c in clauses if path_of(key) in own[c.clause]] or clauses
        # those first that speak of little else
        ranked = sorted(speaking, key=lambda c: len(own[c.clause]))
        told = list(dict.fromkeys(f"“{c.statement.rstrip('.')}”{voice.points(c.cites)}" for c in ranked))[
            :_FEW
        ]
        about = of(voice, question.rows)
        about = f" ({about})" if about else ""
        return f"whether this may be shared{about}{', by ' if told else ''}{' and '.join(told)}"
    parts = ["whether you must share, or only may"] if "mandatory" in question.for_ else []
    duties = [d for d in decision.duties if d.state == "open" and key in d.waiting_for]
    parts += [f"{whether_to(d.do)}{on_whom(voice, d)}{voice.points(d.cites)}" for d in duties]
    rows = [row for row in decision.disclosures if _opens(row, key)]
    if rows:
        parts.append(f"whether {_what(rows)} may go{_to(rows)}")
    return "; ".join(parts)


def _opens(row: Disclosure, key: str) -> bool:
    return row.release is None and any(key in hold.waiting_for for hold in row.open_by)


def _what(rows: Sequence[Disclosure]) -> str:
    return listed(dict.fromkeys(name(row.item) for row in rows if row.item is not None)) or "the information"


def _to(rows: Sequence[Disclosure]) -> str:
    who = listed(dict.fromkeys(name(row.recipient) for row in rows if row.recipient is not None))
    return f" to {who}" if who else ""


# --- where each answer leads ----------------------------------------------------------------


def _answers(fact: Fact, names: Sequence[str]) -> list[tuple[str, Answer]]:
    """The answers of a menu, each with its label: what the vocabulary lists, or those whom a reference may name."""
    if not isinstance(fact.type, Reference):
        return [(label, answer) for answer, label in fact.type.choices]
    each: list[tuple[str, Answer]] = [(name(element), frozenset([element])) for element in names]
    return each if fact.type.many else [*each, (NONE_OF_THEM, frozenset[str]())]


def _choices(
    voice: Voice, question: Question, fact: Fact, stage: Stage, trial: Trial, names: Sequence[str]
) -> Iterator[Choice]:
    several = isinstance(fact.type, SomeOf) or (isinstance(fact.type, Reference) and fact.type.many)
    for spelled, value in _answers(fact, names):
        label = voice.placed(spelled, voice.element(question.fact))
        if stage == "outcome":
            then = _leads(voice.decision, question, value)
            ticked = "if ticked" if isinstance(fact.type, SomeOf) else "if named"
            yield Choice(label, f"{ticked}: {then}" if several and then else then)
        elif several:
            yield Choice(label)
        else:
            after = trial(value)
            yield Choice(label, NEVER if after is None else _change(voice, question.fact, after))


def _leads(decision: Findings | Stated, question: Question, value: Answer) -> str:
    match value:
        case bool():
            key = "yes" if value else "no"
        case frozenset():
            key = next(iter(value), NONE_OF_THEM)
        case _:
            key = str(value)
    if key in question.leads_to:
        return _outcomes(decision, question, key)
    return NEVER if question.leads_to else ""


def _outcomes(decision: Findings | Stated, question: Question, key: str) -> str:
    """`you must share`; `more questions` where several are left, with which where that is telling."""
    left = [Outcome(each) for each in question.leads_to[key]]
    if len(left) == 1:
        strength = next(iter(question.leads_to_strength.get(key, ())), None)
        return _call(left[0], strength)
    if len(left) > _FEW or set(left) == set(decision.possible):
        return MORE
    return f"{MORE} ({listed((_CALLS[each] for each in left), 'or')})"


def _call(outcome: Outcome, strength: str | None) -> str:
    """What an outcome tells one to do, and whether one must: `you must not share`, `seek advice`."""
    if strength in ("must", "should"):
        return f"you {strength} {_CALLS[outcome].removeprefix('do ')}"
    return "you may share" if outcome is Outcome.SHARE and strength == "may" else _CALLS[outcome]


def _notes(decision: Findings | Stated, question: Question) -> Iterator[str]:
    for stretch in question.leads_to:
        if stretch != "any":
            yield f"{stretch} -> {_outcomes(decision, question, stretch)}"


def _change(voice: Voice, key: str, after: Decision) -> str:
    """What an answer does to what depends on it, once the outcome is settled."""
    before = voice.decision
    if after.basis is Basis.UNKNOWN_FACTS:
        return MORE
    parts: dict[str, None] = {}
    if before.mandatory is None and after.mandatory is not None and after.outcome is Outcome.SHARE:
        parts["you must share" if after.mandatory else "you may share, and need not"] = None
    states = {one(d): d.state for d in after.duties}
    lifted = {one(d) for d in after.lifted}
    open_duties = [d for d in before.duties if d.state == "open" and key in d.waiting_for]
    for duty in open_duties:
        match states.get(one(duty)):
            case "due":
                said = "to be done"
            case "open":
                said = MORE
            case None:
                said = "NOT to be done" if one(duty) in lifted else "not called for"
        parts[f"{said} ({inside(duty.do)})" if len(open_duties) > 1 and said != MORE else said] = None
    rows = {(row.item, row.recipient): row for row in after.disclosures}
    held: dict[str, None] = {}
    for row in before.disclosures:
        now = rows.get((row.item, row.recipient))
        if not _opens(row, key) or now is None:
            continue
        if now.release is False:
            held |= dict.fromkeys(inside(hold.remedy) for hold in now.held_by)
        parts["it may go" if now.release else "held back for now" if now.release is False else MORE] = None
    if held and "held back for now" in parts:
        parts = {f"{part}: {listed(held)}" if part == "held back for now" else part: None for part in parts}
    if len(parts) > 1:
        parts.pop(MORE, None)
    return "; ".join(parts)
