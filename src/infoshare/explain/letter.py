"""Turns a decision into the text for a person: the answer first, then why, what to whom, what to do.

Invariants: pure and deterministic; one logical line for each thing to say, no dotted name before the
last; an open duty is never worded as an instruction, a lifted one only as what not to do.
Deliberately not here: wrapping and colour (the doors), and the words of a single fact (`wording`).
"""

from collections.abc import Iterator

from infoshare.explain import questions, sharing
from infoshare.explain.duties import afterwards, before, still_open
from infoshare.explain.english import day, inside, listed, opening
from infoshare.explain.wording import Voice
from infoshare.meaning.findings import AdviceFinding, ClauseFinding
from infoshare.outcome import Basis, Outcome

_FEW = 4
"""How many assumptions stand on one line."""
_MOST = 3
"""How many reasons are told."""


def lines(voice: Voice) -> Iterator[str]:
    """The letter, line by line."""
    decision = voice.decision
    unsettled = decision.basis is Basis.UNKNOWN_FACTS
    yield headline(voice)
    if unsettled:
        asked = list(questions.lines(voice))
        yield from asked
        yield from _ask(voice, "Cannot say? Ask" if questions.to_ask(voice) else "Ask")
    elif decision.outcome is Outcome.SEEK_ADVICE:
        yield from _ask(voice, "Ask")
    yield from _why(voice)
    yield from _outweighed(voice)
    yield from _set_aside(voice)
    yield from sharing.line(voice)
    yield from sharing.conditions(voice)
    yield from before(voice)
    yield from still_open(voice)
    if not unsettled:
        yield from _left_to_answer(voice)
    yield from _assumed(voice)
    yield from afterwards(voice)
    if not decision.exact:
        yield "Not everything here could be worked through to the end, so it may ask for more than it needs."
    yield from _in_doubt(voice)
    if note := voice.source_note():
        yield note
    yield _reference(voice)


def headline(voice: Voice) -> str:
    """The answer in one line, with how binding it is."""
    decision = voice.decision
    match decision.basis, decision.outcome:
        case Basis.UNKNOWN_FACTS, _:
            return questions.headline(voice)
        case Basis.NOT_IN_FORCE, _:
            return f"SEEK ADVICE: this procedure is not in force on {day(decision.as_of)}, so it decides nothing."
        case Basis.CONFLICT, _:
            return "SEEK ADVICE: the procedure gives different answers. This is not a refusal."
        case Basis.SILENCE, _:
            return "SEEK ADVICE: nothing in the procedure speaks to this case. This is not a refusal."
        case _, Outcome.SHARE:
            return _share(voice)
        case _, Outcome.SEEK_CONSENT:
            must = "you must seek" if decision.mandatory else "seek"
            return f"ASK FIRST: {must} consent before you share this. (Whatever the answer, decide again once you have it.)"
        case _, Outcome.WITHHOLD if decision.mandatory:
            return "NO, you MUST NOT share this. (This is a legal duty.)"
        case _, Outcome.WITHHOLD:
            return "NO, do not share this. (That is on what is known now: if it changes, decide again.)"
        case _:
            must = ": you must, before" if decision.mandatory else ", before"
            return f"SEEK ADVICE FIRST{must} anything is shared or refused. This is not a refusal."


def _share(voice: Voice) -> str:
    decision = voice.decision
    rows = decision.disclosures
    duty = "you must share this" if decision.mandatory else "you may share this"
    if rows and all(row.release is False for row in rows):
        return f"NOT AS IT STANDS: {duty}, but all of it is held back for now. See why, and what to do."
    if rows and not any(row.release is True for row in rows):
        return f"NOT YET: {duty}, but whether it may go as it stands has not been answered."
    to_whom = sharing.recipients(voice)
    match decision.mandatory:
        case True:
            return f"YES, you MUST share this{to_whom}. (This is a legal duty.)"
        case False:
            return f"YES, you may share this{to_whom}. (The procedure allows it; it does not say you must.)"
        case None:
            return f"YES, you may share this{to_whom}. (Whether you must has not been answered.)"


def _ask(voice: Voice, how: str) -> Iterator[str]:
    match voice.decision.advice:
        case ():
            pass
        case (only,):
            yield f"{how} {inside(only.whom)} now{voice.points(only.cites)}."
        case several:
            yield f"{how} now: {_whom(voice, several)}."


def _whom(voice: Voice, advice: tuple[AdviceFinding, ...]) -> str:
    return listed((f"{inside(a.whom)}{voice.points(a.cites)}" for a in advice), "or")


def _why(voice: Voice) -> Iterator[str]:
    decision = voice.decision
    match decision.basis:
        case Basis.CLAUSES:
            reasons = _reasons(voice, by_duty_first(decision.fired))
            if reasons:
                more = (
                    f" And {len(reasons) - _MOST} more reasons like it." if len(reasons) > _MOST + 1 else ""
                )
                yield f"Why: {'. Also, '.join(reasons[: _MOST if more else None])}.{more}"
            elif decision.unresolved:
                may = _reasons(voice, decision.unresolved)
                yield f"Why: whatever the missing answers are, one of these holds: {'; '.join(may)}."
        case Basis.CONFLICT:
            yield from _sides(voice, "It says", decision.fired)
            yield from _sides(voice, "It may say", decision.unresolved)
        case _:
            pass


def _sides(voice: Voice, says: str, clauses: tuple[ClauseFinding, ...]) -> Iterator[str]:
    """Each answer of a conflict on its line, with every clause that gives it."""
    sides: dict[str, list[ClauseFinding]] = {}
    for clause in clauses:
        sides.setdefault(_call(clause), []).append(clause)
    for call, found in sides.items():
        yield f"{says} {call}: {'. Also, '.join(_reasons(voice, tuple(found)))}."


def by_duty_first(clauses: tuple[ClauseFinding, ...]) -> tuple[ClauseFinding, ...]:
    """Legal duties before what is only allowed."""
    return tuple(sorted(clauses, key=lambda clause: not (clause.effect or "").startswith("must ")))


def _reasons(voice: Voice, clauses: tuple[ClauseFinding, ...]) -> list[str]:
    """`the child is likely to suffer significant harm, and a child's safety comes first (points 1, 3)`."""
    by_facts: dict[str, list[ClauseFinding]] = {}
    for clause in clauses:
        by_facts.setdefault(voice.facts(clause.facts), []).append(clause)
    told = []
    for facts, found in by_facts.items():
        statements = "; ".join(f"{inside(c.statement)}{voice.points(c.cites)}" for c in found)
        told.append(f"{facts}, and {statements}" if facts and facts not in statements else statements)
    return told


def _call(clause: ClauseFinding) -> str:
    effect = clause.effect or ""
    outcome = next((o for o in Outcome if o.words == effect.removeprefix("must ")), Outcome.SEEK_ADVICE)
    if not effect.startswith("must "):
        return questions.CALLS[outcome]
    return "you MUST NOT SHARE" if outcome is Outcome.WITHHOLD else f"you MUST {outcome.words.upper()}"


def _outweighed(voice: Voice) -> Iterator[str]:
    if voice.decision.basis is not Basis.CLAUSES:
        return
    said_above = {voice.facts(clause.facts) for clause in voice.decision.fired}
    told: dict[str, None] = {}
    for clause in voice.decision.defeated:
        facts = voice.facts(clause.facts)
        against = (
            f"the fact that {facts}"
            if facts and facts not in said_above
            else f"this: {inside(clause.statement)}"
        )
        told[f"{against}{voice.points(clause.cites)}"] = None
    if told:
        yield f"This outweighs {listed(told)}."


def _set_aside(voice: Voice) -> Iterator[str]:
    for target in voice.decision.excepted:
        because = listed(dict.fromkeys(voice.because(exception) for exception in target.by))
        points = voice.points(target.cites, *(exception.cites for exception in target.by))
        silent = voice.decision.basis is Basis.SILENCE and target.effect is not None
        how = f"Would have said {_call(target)}, but does not apply here" if silent else "Does not apply here"
        yield f"{how}: {inside(target.statement)}. {opening(because)[:-1]}{points}."


def _left_to_answer(voice: Voice) -> Iterator[str]:
    """Questions on which something beside the outcome hangs, and that nothing above has named."""
    decision = voice.decision
    named = {p for d in decision.duties if d.state == "open" for p in d.waiting_for}
    named |= {
        p for row in decision.disclosures if row.release is None for h in row.open_by for p in h.waiting_for
    }
    left = [q for q in decision.questions if q.fact not in named or "mandatory" in q.for_]
    asked = [voice.question(q.fact) or q.ask for q in left if q.answered is None]
    if asked:
        more = f" And {len(asked) - questions.SHOWN} more." if len(asked) > questions.SHOWN else ""
        yield f"Still to answer: {' '.join(asked[: questions.SHOWN])}{more}"
    doubts = [voice.whether(q.fact) for q in left if q.answered is not None]
    if doubts:
        yield f"Not known, so take advice on it: {listed(doubts)}."


def _assumed(voice: Voice) -> Iterator[str]:
    told: dict[tuple[str, str], list[str]] = {}
    for assumption in voice.decision.assumed:
        if assumption.matters:
            said = voice.said(assumption.fact, assumption.value)
            told.setdefault((voice.group(assumption.fact), said.sentence), []).append(said.who or "")
    if not told:
        return
    groups = [group for group, _ in told]
    each = [f"for {listed(who)}: {said}" if any(who) else said for (_, said), who in told.items()]
    changes = "may change" if voice.decision.basis is Basis.UNKNOWN_FACTS or len(each) > 1 else "changes"
    wrong = "any of it" if len(each) > 1 else "that"
    if len(each) <= _FEW:
        yield f"Assumed, as nobody said otherwise: {'; '.join(each)}. If {wrong} is wrong, say so: the answer {changes}."
        return
    yield f"Assumed, as nobody said otherwise. If any of it is wrong, say so: the answer {changes}."
    by_group: dict[str, list[str]] = {}
    for told_each, group in zip(each, groups, strict=True):
        by_group.setdefault(group, []).append(told_each)
    for group, sentences in by_group.items():
        # an element says itself what it is about
        about = "" if sentences[0].startswith("for ") else f"{group}: "
        yield f"  {about}{'; '.join(sentences)}"


def _in_doubt(voice: Voice) -> Iterator[str]:
    decision = voice.decision
    if decision.basis is not Basis.CLAUSES:
        return
    otherwise = "You may decide otherwise: record why."
    if decision.mandatory:
        otherwise = "If you see it differently, take advice before you act otherwise."
    if decision.advice and decision.outcome is not Outcome.SEEK_ADVICE:
        otherwise = f"In doubt: ask {_whom(voice, decision.advice)}. {otherwise}"
    yield otherwise


def _reference(voice: Voice) -> str:
    """The policy, its version, the day, and the clauses by their names."""
    decision = voice.decision
    title = decision.policy.title or decision.policy.name or "A policy without a name"
    version = f" {decision.policy.version}" if decision.policy.version else ""
    parts = [f"{title}{version}, as of {day(decision.as_of)}."]
    pairs: dict[tuple[str, str], list[str]] = {}
    for target in decision.defeated:
        for by in target.by:
            pairs.setdefault((by.clause, ">"), []).append(target.clause)
    for target in decision.excepted:
        for by in target.by:
            pairs.setdefault((by.clause, "x"), []).append(target.clause)
    for lifted in decision.lifted:
        for by in lifted.by:
            pairs.setdefault((by.clause, "x"), []).append(lifted.duty)
    alone = [c.clause for c in decision.fired if (c.clause, ">") not in pairs]
    told = [*alone, *(f"{by} {sign} {', '.join(targets)}" for (by, sign), targets in pairs.items())]
    if told:
        parts.append(f"{'; '.join(told)}.")
    waiting, otherwise = _unresolved(voice)
    if waiting:
        parts.append(f"Waiting: {', '.join(waiting)}.")
    if otherwise:
        parts.append(f"Otherwise: {', '.join(otherwise)}.")
    return " ".join(parts)


def _unresolved(voice: Voice) -> tuple[list[str], list[str]]:
    """Clauses that wait for an answer themselves, and those that hold unless one of the others speaks."""
    waiting: list[str] = []
    otherwise: list[str] = []
    for clause in voice.decision.unresolved:
        own = voice.own_paths(clause.clause)
        settled = own is not None and not own & set(clause.waiting_for)
        (otherwise if settled else waiting).append(clause.clause)
    return (waiting, otherwise) if waiting else (otherwise, [])
