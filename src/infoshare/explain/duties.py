"""Says what to do before and after, what not to do, and what is not settled.

Invariant: only a due duty is an instruction. A lifted one is said as `do NOT …`; one that an exception
may still lift as `Do not yet …`, since telling a family cannot be taken back; any other open one as
`whether to …`. Deliberately not here: which duties are due.
"""

from collections.abc import Iterator, Sequence

from infoshare.explain.english import inside, listed, opening
from infoshare.explain.questions import SHOWN, to_ask
from infoshare.explain.wording import Voice
from infoshare.meaning.findings import DutyFinding, LiftedDuty
from infoshare.outcome import Basis

# First words of a duty after which "do not" would not read as English.
_NO_VERB = {"as", "at", "before", "after", "always", "for", "if", "in", "never", "once", "only", "unless", "when",
            "where", "wherever", "whether", "with", "within", "without", "you", "do", "don't"}  # fmt: skip

_SHORT = 6
"""Up to how many words "yet" can stand after what is not to be done."""


def before(voice: Voice) -> Iterator[str]:
    """`Before: do NOT tell the family. …`, and what is to be done first."""
    parts = list(_lifted(voice, [d for d in voice.decision.lifted if not _is_after(d.timing)]))
    due = [d for d in voice.decision.duties if d.state == "due" and not _is_after(d.timing)]
    if due:
        parts.append(f"{'Do this first: ' if parts else ''}{_told(voice, due)}.")
    if parts:
        yield f"Before: {' '.join(parts)}"


def afterwards(voice: Voice) -> Iterator[str]:
    """`Afterwards: record …`, or `Whatever you decide: …` where it is not settled."""
    parts = list(_lifted(voice, [d for d in voice.decision.lifted if _is_after(d.timing)]))
    if parts:
        yield f"Afterwards: {' '.join(parts)}"
    due = [d for d in voice.decision.duties if d.state == "due" and _is_after(d.timing)]
    unsettled = voice.decision.basis is not Basis.CLAUSES
    whatever = [d for d in due if unsettled and "deciding" in d.timing]
    later = [d for d in due if d not in whatever]
    if later:
        yield f"Afterwards: {_told(voice, later)}."
    if whatever:
        yield f"Whatever you decide: {_told(voice, whatever)}."


def still_open(voice: Voice) -> Iterator[str]:
    """Duties that hang on an unknown fact."""
    unsettled = voice.decision.basis is Basis.UNKNOWN_FACTS
    opened = [
        d
        for d in voice.decision.duties
        # what would follow an act that is not decided on is said once it is
        if d.state == "open" and not (unsettled and _is_after(d.timing) and "deciding" not in d.timing)
    ]
    liftable = [(d, waiting) for d in opened if (waiting := _may_lift(voice, d))]
    told: set[str] = set()
    for duty, waiting in sorted(liftable, key=lambda pair: -len(pair[1])):
        if duty.duty in told:
            continue
        # what hangs on no more than this does is said with it
        alike = [d for d, w in liftable if d.duty not in told and set(w) <= set(waiting)]
        told |= {d.duty for d in alike}
        what = "; do not yet ".join(dict.fromkeys(_inner(d.do) for d in alike[1:]))
        first = _not_yet(alike[0].do) + (f"; do not yet {what}" if what else "")
        asked = {q.fact for q in to_ask(voice)[:SHOWN]} if unsettled else set()
        left = [path for path in waiting if path not in asked] or waiting
        yield f"{first}: {voice.waits(left)}{voice.points(*(d.cites for d in alike))}."
    hanging: dict[str, list[str]] = {}
    for duty in opened:
        if duty.duty not in told:
            hanging.setdefault(_hangs_on(voice, duty), []).append(
                f"{whether_to(duty.do)}{voice.points(duty.cites)}"
            )
    for why, what_to in hanging.items():
        yield f"Not settled yet: {'; '.join(what_to)}. {opening(why)}"


def _inner(do: str) -> str:
    return inside(do) if _begins_with_a_verb(do) else f"do this: {inside(do)}"


def _may_lift(voice: Voice, duty: DutyFinding) -> Sequence[str]:
    """The facts by which an exception may yet lift it; without a model, all of a `before` duty's."""
    if voice.model is None:
        return () if _is_after(duty.timing) else duty.waiting_for
    speak_of: set[str] = set()
    for exception in voice.model.set_aside_by.get(duty.duty, ()):
        provision = voice.model.exceptions[exception]
        speak_of |= voice.paths(provision.when) | voice.paths(provision.unless)
    return [path for path in duty.waiting_for if path in speak_of]


def _hangs_on(voice: Voice, duty: DutyFinding) -> str:
    asked = {q.fact for q in to_ask(voice)}
    if voice.decision.basis is Basis.UNKNOWN_FACTS and set(duty.waiting_for) <= asked:
        return "that hangs on the answers above"
    return voice.waits(duty.waiting_for)


def _lifted(voice: Voice, duties: list[LiftedDuty]) -> Iterator[str]:
    by_exceptions: dict[tuple[str, ...], list[LiftedDuty]] = {}
    for duty in duties:
        by_exceptions.setdefault(tuple(e.clause for e in duty.by), []).append(duty)
    for found in by_exceptions.values():
        exceptions = found[0].by
        because = listed(dict.fromkeys(voice.because(e) for e in exceptions))
        cites = [e.cites for e in exceptions if e.cites] or [d.cites for d in found]
        step = "this usual step is" if len(found) == 1 else "these usual steps are"
        told = "; ".join(_do_not(duty.do) for duty in found)
        yield f"{told}. {opening(because)[:-1]}, so {step} lifted{voice.points(*cites)}."


def _told(voice: Voice, duties: list[DutyFinding]) -> str:
    return "; ".join(f"{inside(duty.do)}{voice.points(duty.cites)}" for duty in duties)


def _do_not(do: str) -> str:
    return f"do NOT {inside(do)}" if _begins_with_a_verb(do) else f"do NOT do this: {inside(do)}"


def _not_yet(do: str) -> str:
    if not _begins_with_a_verb(do):
        return f"Do not do this yet: {inside(do)}"
    return f"Do not yet {inside(do)}" if "," in do or len(do.split()) > _SHORT else f"Do not {inside(do)} yet"


def whether_to(do: str) -> str:
    """`whether to tell the family`."""
    return f"whether to {inside(do)}" if _begins_with_a_verb(do) else f"whether this applies: {inside(do)}"


def _begins_with_a_verb(do: str) -> bool:
    first = do.strip().split(" ", 1)[0]
    return first.isalpha() and first.lower() not in _NO_VERB


def _is_after(timing: str) -> bool:
    return "before " not in timing
