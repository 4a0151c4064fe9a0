"""Says what to do before and after, what not to do, and what is not settled.

Invariant: only a due duty is an instruction; one that is to be done at once is given with its condition while it is
open, as nobody in danger can wait for an answer. A lifted one is said as `do NOT …`, or `you need not yet …`
where the policy does not forbid it; one that an exception, or an
`unless` of its own, may still take away as `Do not yet …`, since telling a family cannot be taken back; any other
open one as something that may have to be done. Deliberately not here: which duties are due.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile
from typing import TypeAlias

import attrs

from infoshare.explain.conditions import in_words, spaced
from infoshare.explain.english import alike_but_for_one, day, inside, listed, name, opening
from infoshare.explain.labels import GAP
from infoshare.explain.questions import shown
from infoshare.explain.reasons import because, is_open_ended, together
from infoshare.explain.wording import Voice
from infoshare.meaning.case import path_of
from infoshare.meaning.findings import AdviceFinding, ClauseFinding, DutyFinding, LiftedDuty
from infoshare.meaning.model import SIDES
from infoshare.outcome import Act, Basis, Outcome

# First words of a duty after which "do not" would not read as English.
_NO_VERB = {"as", "at", "before", "after", "always", "for", "if", "in", "never", "once", "only", "unless", "when",
            "where", "wherever", "whether", "with", "within", "without", "you", "do", "don't"}  # fmt: skip

# Nothing stands before this "them" that it could be but those for whom it is done.
_TO_THEM = re.compile(r"(\w+(?: (?:with|to|for|from|about))?) them\b")

_SHORT = 6
"""Up to how many words "yet" can stand after what is not to be done."""


def at_once(voice: Voice) -> Iterator[str]:
    """Says what to do before whatever is decided: `Before all else: ring 999.`, or in which case."""
    if due := [duty for duty in _due(voice) if _is_at_once(duty.timing)]:
        yield f"Before all else: {_told(voice, due)}."
    for duty in voice.decision.duties:
        if duty.state == "open" and (when := _if_at_once(voice, duty)):
            yield f"If {when}: {_told(voice, [duty])}."


def before(voice: Voice) -> Iterator[str]:
    """Says what not to do first, and what to do: `Before: do NOT tell the family. …`"""
    parts, steps = first(voice)
    if not voice.full:
        steps = [_without_end_of(step, [lifted.do for lifted in voice.decision.lifted]) for step in steps]
    if steps:
        parts.append(f"{'Do this first: ' if parts else ''}{'; '.join(steps)}.")
    if parts:
        yield f"{'Before anything goes' if nothing_goes(voice) else 'Before'}: {_sentences(parts)}"


def _without_end_of(step: str, lifted: Sequence[str]) -> str:
    """`tell the child`, where `do NOT tell the family what you will share, with whom and why` has just been said."""
    words = step.split(" ")
    for do in lifted:
        other = inside(do).split(" ")
        alike = takewhile(
            lambda pair: pair[0] == pair[1], zip(reversed(words), reversed(other), strict=False)
        )
        ends = len(list(alike))
        if words[0] == other[0] and _SAID_AGAIN <= ends < len(words) - 1 and len(other) - ends <= _NAMES:
            return " ".join(words[:-ends])
    return step


_SAID_AGAIN = 5
"""From how many words on the end of a step is not said again."""
_NAMES = 4
"""How many words there are at most before that: `speak with the family`."""


def first(voice: Voice) -> tuple[list[str], list[str]]:
    """What is not to be done before anything goes, a sentence each; and what is, each as a part of one."""
    not_to = list(_lifted(voice, [d for d in voice.decision.lifted if not _is_after(d.timing)]))
    due = [d for d in _due(voice) if not _is_after(d.timing) and not _is_at_once(d.timing)]
    return not_to, _steps(voice, due)


def not_afterwards(voice: Voice) -> Iterator[str]:
    """Says what is usually done afterwards and is not to be done here."""
    parts = list(_lifted(voice, [d for d in voice.decision.lifted if _is_after(d.timing)]))
    if parts:
        yield f"Afterwards: {_sentences(parts)}"


def _sentences(parts: Sequence[str]) -> str:
    """Sentences after a colon, of which the first begins small."""
    return " ".join([*parts[:1], *map(opening, parts[1:])])


def afterwards(voice: Voice) -> Iterator[str]:
    """Says what to do afterwards, once anything goes, or whatever is decided."""
    yield from _after(voice, [duty for duty in _due(voice) if _is_after(duty.timing)])


def with_a_deadline(voice: Voice) -> Iterator[str]:
    """Says what of that has a time by which it is to be done."""
    yield from _after(voice, [duty for duty in _due(voice) if _is_after(duty.timing) and duty.within])


def after(voice: Voice) -> list[tuple[str, list[str]]]:
    """What is to be done afterwards, one by one, under when that is: `Afterwards`, `Whatever you decide`."""
    return _by_head(voice, [duty for duty in _due(voice) if _is_after(duty.timing)])


def _after(voice: Voice, duties: Sequence[DutyFinding]) -> Iterator[str]:
    for head, steps in _by_head(voice, duties):
        yield f"{head}: {'; '.join(steps)}."


def _by_head(voice: Voice, duties: Sequence[DutyFinding]) -> list[tuple[str, list[str]]]:
    heads: dict[str, list[DutyFinding]] = {}
    for duty in duties:
        deciding = f"after {Act.DECIDING}" in duty.timing
        if deciding and voice.decision.basis not in (Basis.CLAUSES, Basis.ROWS):
            head = "Whatever you decide"
        else:
            head = "Once anything goes" if _waits_for_sharing(voice, duty) and not deciding else "Afterwards"
        heads.setdefault(head, []).append(duty)
    return [(head, _steps(voice, found)) for head, found in sorted(heads.items())]


def _waits_for_sharing(voice: Voice, duty: DutyFinding) -> bool:
    """Whether what is to be done after sharing is not yet to be done, as nothing goes."""
    if voice.decision.outcome is Outcome.DIFFERS:
        only = duty.timing == f"after {Act.SHARING}"
        return only and not any(row.release for row in voice.decision.disclosures)
    return nothing_goes(voice) and f"after {Act.HOLDING_BACK}" not in duty.timing


def still_open(voice: Voice, *, cannot_be_taken_back: bool = False) -> Iterator[str]:
    """Says what not to do yet, then what may have to be done, while a fact is unknown.

    Args:
        cannot_be_taken_back: say the first alone.
    """
    unsettled = voice.decision.basis is Basis.UNKNOWN_FACTS
    opened = [
        duty
        for duty in voice.decision.duties
        # what would follow an act that is not decided on is said once it is
        if duty.state == "open"
        and not ((unsettled or (voice.open_rows and not voice.full)) and _is_after(duty.timing))
        and not _if_at_once(voice, duty)
    ]
    liftable = [(duty, waiting) for duty in opened if (waiting := _may_lift(voice, duty))]
    told: set[tuple[str, str]] = set()
    waits: list[_NotYet] = []
    for duty, waiting in sorted(liftable, key=lambda pair: -len(pair[1])):
        if one(duty) in told:
            continue
        # what waits for no more than this does is said with it
        with_it = [
            d for d, w in liftable if one(d) not in told and set(w) <= set(waiting) and d.for_ == duty.for_
        ]
        told |= {one(d) for d in with_it}
        asked = {q.fact for q in shown(voice)} if unsettled else set()
        left = [path for path in waiting if path not in asked] or waiting
        why = f"{voice.waits(left, named=_elements(duty))}{voice.points(*(d.cites for d in with_it))}"
        waits.append(_NotYet([with_it], why, voice.not_known(left, named=_elements(duty))))
    for each in _joined(voice, waits):
        yield f"{each.told(voice)}: {each.why}."
    if unsettled or cannot_be_taken_back:
        return
    open_ = [duty for duty in opened if one(duty) not in told]
    if open_ and not voice.full:
        on = voice.depends_on(list(dict.fromkeys(path for duty in open_ for path in duty.waiting_for)))
        yield f"Depending on {on}, this may have to be done: {_told(voice, open_)}."
        return
    waiting_for: dict[str, list[DutyFinding]] = {}
    for duty in open_:
        waiting_for.setdefault(voice.waits(duty.waiting_for), []).append(duty)
    for why, found in waiting_for.items():
        yield f"Not yet clear whether this is to be done: {_told(voice, found)}. {opening(why)}"


@attrs.frozen
class _NotYet:
    """What is not to be done yet, for each of those for whom it is, and what is not known.

    Attributes:
        of_each: for each of them what is not to be done, the same for all.
        why: it is not settled.
        not_known: what that is, thing by thing.
    """

    of_each: Sequence[Sequence[DutyFinding]]
    why: str
    not_known: Sequence[str]

    @property
    def what(self) -> list[str]:
        return list(dict.fromkeys(duty.do for duty in self.of_each[0]))

    def told(self, voice: Voice) -> str:
        said = [
            _done(voice, [d for duties in self.of_each for d in duties if d.do == do], how, "or")
            for do, how in zip(
                self.what, [_not_yet if len(self.what) == 1 else _nor_yet] * len(self.what), strict=True
            )
        ]
        return opening("; ".join(said if voice.full else alike_but_for_one(said, "or")))[:-1]


def _joined(voice: Voice, waits: Sequence[_NotYet]) -> list[_NotYet]:
    """What waits for the same as one; in short, what is not known of each of some is reason enough for all of them."""
    found: list[_NotYet] = []
    for each in waits:
        for at, other in enumerate(found):
            if each.what != other.what:
                continue
            common = [one for one in other.not_known if one in each.not_known]
            if each.why == other.why:
                found[at] = attrs.evolve(other, of_each=[*other.of_each, *each.of_each])
            elif common and not voice.full:
                why = voice.to_find_out(common)
                found[at] = _NotYet([*other.of_each, *each.of_each], why, common)
            else:
                continue
            break
        else:
            found.append(each)
    return found


def nothing_goes(voice: Voice) -> bool:
    """Whether sharing is the answer, but all of it is held back or not settled."""
    decision = voice.decision
    rows = decision.disclosures
    return decision.outcome is Outcome.SHARE and bool(rows) and not any(row.release for row in rows)


def whether_to(do: str) -> str:
    """Words a duty as something open: `whether to tell the family`."""
    reads = _begins_with_a_verb(do) and not do.lower().startswith("be ")
    return f"whether {'to ' if reads else 'this is to be done: '}{inside(do)}"


def because_of(voice: Voice, finding: ClauseFinding, *, named: Sequence[tuple[str, str]] = ()) -> str:
    """Says why a clause or exception holds: its reasons, else its statement."""
    said = because(voice, finding)
    whose = {each.element for each in said} - {None}
    return together(said, named=named if len(whose) == 1 else ()) or inside(finding.statement)


# --- for whom, and by when ----------------------------------------------------------------------


_Each: TypeAlias = DutyFinding | LiftedDuty | AdviceFinding


def on(advice: Sequence[AdviceFinding]) -> str:
    """` (on Ann and Bob)`, after whom to ask about each; nothing of advice on nobody in particular."""
    told = dict.fromkeys(_to_each(each) for each in advice if _elements(each))
    return f" (on {listed(told)})" if told else ""


def on_whom(voice: Voice, duty: DutyFinding) -> str:
    """` (for mum)`, after what is to be done for her; nothing of a duty that is for nobody in particular."""
    whom = _for(voice, [duty])
    return f" ({whom.rstrip(', ')})" if whom else ""


def one(duty: DutyFinding | LiftedDuty) -> tuple[str, str]:
    """A duty, or one for each of a list: for which of them."""
    return duty.duty, repr(sorted((duty.for_ or {}).items(), key=str))


def _elements(duty: _Each) -> list[tuple[str, str]]:
    """For whom or what it is, where it is for one of a list."""
    return [(group, each) for group, each in (duty.for_ or {}).items() if each is not None]


def _for(voice: Voice, duties: Sequence[DutyFinding | LiftedDuty]) -> str:
    """`for mum and dad, `, before what is to be done for each; nothing of a duty that is for nobody in particular."""
    told = _each_of(voice, duties)
    return f"for {listed(told)}, " if told else ""


def _each_of(voice: Voice, duties: Sequence[DutyFinding | LiftedDuty]) -> list[str]:
    """For whom or what it is, each once: `mum`, `GP letter to the school`, `each person` while nobody is listed."""
    told: dict[str, None] = {}
    for duty in duties:
        if duty.for_ is None:
            continue
        own = voice.model.duties.get(duty.duty) if voice.model else None
        told[_to_each(duty) or f"each {listed(map(spaced, own.scope)) if own else 'of them'}"] = None
    return list(told)


def _done(
    voice: Voice, duties: Sequence[DutyFinding | LiftedDuty], how: Callable[[str], str], last: str = "and"
) -> str:
    """The same that is to be done for each of some: `speak with mum and dad`, or `for mum, bring her letter`.

    Args:
        how: words what is to be done, or not.
        last: what stands before the last of them.
    """
    do, whom = duties[0].do, listed(_each_of(voice, duties), last)
    begins = _TO_THEM.match(do)
    if begins and len(duties[0].for_ or ()) == 1 and ";" not in whom:
        return how(f"{begins[1]} {whom}{do[begins.end() :]}")
    return f"{_for(voice, duties)}{inside(how(do))}"


def _to_each(duty: _Each) -> str:
    """`GP letter to the school`, `mum`: for whom or what it is."""
    of_group = dict(_elements(duty))
    return " to ".join(
        name(of_group[group]) for group in (*SIDES, *(of_group.keys() - {*SIDES})) if group in of_group
    )


def _by_when(voice: Voice, duty: DutyFinding) -> str:
    """`, within 3 working days: by 4 December 2026`."""
    if duty.within is None:
        return ""
    own = voice.model.duties.get(duty.duty) if voice.model else None
    of = own.deadline.of if own and own.deadline else None
    since = f" of {inside(of.phrase.replace(GAP, '').strip())}" if of and " of " not in duty.within else ""
    return f", within {duty.within}{since}{f': by {day(duty.by)}' if duty.by else ''}"


# ------------------------------------------------------------------------------------------------


def _due(voice: Voice) -> list[DutyFinding]:
    return [duty for duty in voice.decision.duties if duty.state == "due"]


def _inner(do: str) -> str:
    return inside(do) if _begins_with_a_verb(do) else f"do this: {inside(do)}"


def _may_lift(voice: Voice, duty: DutyFinding) -> Sequence[str]:
    """Returns the unknown facts that may still take a duty away; without a model, all of a `before` duty's."""
    if voice.model is None:
        return () if _is_after(duty.timing) else duty.waiting_for
    own = voice.model.duties.get(duty.duty)
    speak_of = voice.paths(own.unless) if own else set()
    for exception in voice.model.set_aside_by.get(duty.duty, ()):
        provision = voice.model.exceptions[exception]
        speak_of |= voice.paths(provision.when) | voice.paths(provision.unless)
    return [path for path in duty.waiting_for if (path_of(path) if duty.for_ else path) in speak_of]


def _lifted(voice: Voice, duties: list[LiftedDuty]) -> Iterator[str]:
    by_exceptions: dict[tuple[str, ...], list[LiftedDuty]] = {}
    reasons: dict[tuple[str, ...], str] = {}
    for duty in duties:
        why = listed(dict.fromkeys(because_of(voice, e, named=_elements(duty)) for e in duty.by))
        # for each of a list it may be for a reason of its own
        key = *(e.clause for e in duty.by), *([why] if duty.for_ else [])
        by_exceptions.setdefault(key, []).append(duty)
        reasons.setdefault(key, why)
    for key, found in by_exceptions.items():
        exceptions, why = found[0].by, reasons[key]
        cites = [e.cites for e in exceptions if e.cites] or [d.cites for d in found]
        for_each: dict[str, list[LiftedDuty]] = {}
        for duty in found:
            for_each.setdefault(duty.duty, []).append(duty)
        step = "this usual step is" if len(for_each) == 1 else "these usual steps are"
        not_done = [_done(voice, alike, _do_not(alike[0]), "or") for alike in for_each.values()]
        told = "; ".join(not_done if voice.full else alike_but_for_one(not_done, "or"))
        if voice.full:  # nothing may follow what could be taken to reach into it
            why = f"{step} lifted: {why}" if is_open_ended(why) else f"{why}, so {step} lifted"
        yield f"{told}. {opening(why)[:-1]}{voice.points(*cites)}."


def _told(voice: Voice, duties: Sequence[DutyFinding]) -> str:
    return "; ".join(_steps(voice, duties))


def _steps(voice: Voice, duties: Sequence[DutyFinding]) -> list[str]:
    """What is to be done, one by one; a duty for each of several is one."""
    alike: dict[tuple[object, ...], list[DutyFinding]] = {}
    for number, duty in enumerate(duties):
        alike.setdefault((duty.duty, duty.within, duty.by) if duty.for_ else (number,), []).append(duty)
    told = [
        f"{_done(voice, found, inside)}{_by_when(voice, found[0])}{voice.points(found[0].cites)}"
        for found in alike.values()
    ]
    return told if voice.full else alike_but_for_one(told)


def _do_not(duty: LiftedDuty) -> Callable[[str], str]:
    says = {True: "you need not yet", False: "do not yet", None: "do NOT"}[duty.need_not]
    return lambda do: f"{says} {_inner(do)}"


def _nor_yet(do: str) -> str:
    return f"do not yet {_inner(do)}"


def _not_yet(do: str) -> str:
    if not _begins_with_a_verb(do):
        return f"Do not do this yet: {inside(do)}"
    return f"Do not yet {inside(do)}" if "," in do or len(do.split()) > _SHORT else f"Do not {inside(do)} yet"


def _begins_with_a_verb(do: str) -> bool:
    first = do.strip().split(" ", 1)[0]
    return first.isalpha() and first.lower() not in _NO_VERB


def _is_after(timing: str) -> bool:
    return "before " not in timing


def _if_at_once(voice: Voice, duty: DutyFinding) -> str | None:
    """Says in which case something is to be done at once: whoever reads it may know, and must not wait."""
    own = voice.model.duties.get(duty.duty) if voice.model else None
    if voice.model is None or own is None or own.when is None or not _is_at_once(duty.timing):
        return None
    if own.unless is not None or duty.duty in voice.model.set_aside_by:
        return None
    words = in_words(voice, voice.model, own.when)
    return None if words.items else words.text


def _is_at_once(timing: str) -> bool:
    """Whether it comes before every act that a decision can lead to."""
    return all(f"before {act}" in timing for act in Act if act.outcome is not None)
