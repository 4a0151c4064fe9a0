"""Turns a decision into the text for a person: the answer first, then why, what to whom, what to do.

Invariants: pure and deterministic; one logical line for each thing to say, no dotted name before the
last; an open duty is never worded as an instruction, a lifted one only as what not to do.
Deliberately not here: wrapping and colour (the doors), and the words of a single fact (`wording`).
"""

from collections.abc import Iterable, Iterator, Sequence, Sized
from itertools import groupby
from typing import Literal, TypeAlias

from infoshare.explain import duties, questions, rows, sharing
from infoshare.explain.conditions import spaced
from infoshare.explain.english import day, inside, listed, opening, some
from infoshare.explain.labels import nobody
from infoshare.explain.reasons import by_duty_first, outcome_of, statements, strength_of
from infoshare.explain.wording import Voice
from infoshare.meaning.case import path_of
from infoshare.meaning.findings import AdviceFinding, Assumption, Citation, ClauseFinding, case_of
from infoshare.meaning.model import Counted, Quantified, Safeguard, of_all, parts
from infoshare.outcome import OUTCOMES, Basis, Outcome

_FEW = 4
"""How many assumptions stand on one line."""
_FEWEST = 1
"""How many of them are read first, beside how many more there are."""
_MOST = 3
"""How many reasons are told."""


Part: TypeAlias = Literal[
    "answer", "at once", "rows", "questions", "ask", "why", "sharing", "before", "open", "assumed", "afterwards",
    "notes", "reference",
]  # fmt: skip
"""What a line is about."""


def lines(voice: Voice) -> list[str]:
    """Returns the letter, line by line. What is read first leaves out what can wait."""
    return [line for _, line in parts_of(voice)]


def parts_of(voice: Voice) -> list[tuple[Part, str]]:
    """Returns each line with what it is about."""
    decision = voice.decision
    unsettled = decision.basis is Basis.UNKNOWN_FACTS
    row_by_row = rows.differ(voice)

    told: list[tuple[Part, str]] = [("answer", headline(voice))]

    def about(part: Part, lines: Iterable[str]) -> None:
        told.extend((part, line) for line in lines)

    about("at once", duties.at_once(voice))
    if row_by_row:
        about("rows", rows.lines(voice))
    elif unsettled:
        about("rows", rows.nowhere_anyway(voice))
    if unsettled or (row_by_row and voice.open_rows):
        about("questions", questions.lines(voice))
        about("ask", _ask(voice, "Cannot say? Ask" if questions.to_ask(voice) else "Ask"))
    elif rows.advice_is_taken(voice):
        about("ask", _ask(voice, "Ask"))
    about("why", _why(voice) if not row_by_row else ())
    about("why", _relaxed(voice))
    about("why", _of_nobody(voice))
    about("why", _outweighed(voice) if voice.full else ())
    about("why", _set_aside(voice) if voice.full or decision.basis is Basis.SILENCE else ())
    about("sharing", sharing.lines(voice) if not row_by_row else ())
    about("sharing", sharing.conditions(voice))
    about("before", duties.before(voice))
    about("open", duties.still_open(voice))
    if not unsettled:
        about("open", _left_to_answer(voice, [line for _, line in told]))
    about("assumed", assumed(voice))
    about("afterwards", duties.not_afterwards(voice))
    about("afterwards", duties.afterwards(voice) if voice.full else duties.with_a_deadline(voice))
    if not decision.exact:
        gave_up = (
            "Not everything here could be worked through to the end, so it may ask for more than it needs."
        )
        about("notes", [gave_up])
    about("notes", _in_doubt(voice))
    if voice.full and (note := voice.source_note()):
        about("notes", [note])
    about("reference", [_reference(voice)])
    return told


def headline(voice: Voice) -> str:
    """Says the answer in one line, with how binding it is."""
    decision = voice.decision
    should = decision.strength == "should"
    again = " (If what is known changes, decide again.)" if voice.full else ""
    to_whom = sharing.everybody(voice) if voice.by_row else ""
    match decision.basis, decision.outcome:
        case Basis.UNKNOWN_FACTS, _:
            return questions.headline(voice)
        case Basis.ROWS, _:
            return rows.headline(voice)
        case Basis.NOT_IN_FORCE, _:
            return f"SEEK ADVICE: this procedure is not in force on {day(decision.as_of)}, so it decides nothing."
        case Basis.CONFLICT, _:
            return "SEEK ADVICE: the procedure gives different answers. This is not a refusal."
        case Basis.SILENCE, _:
            return "SEEK ADVICE: nothing in the procedure speaks to this case. This is not a refusal."
        case _, Outcome.SHARE:
            return _share(voice)
        case _, Outcome.SEEK_CONSENT:
            must = "you must seek" if decision.mandatory else "you should seek" if should else "seek"
            note = f" ({opening(rows.UNLESS)})" if should else ""
            note += " (It is not known whose.)" if rows.not_known_whose(voice) else ""
            note += " (Once you have the answer, decide again.)" if voice.full else ""
            return f"ASK FIRST: {must} {rows.consent(voice)} before you share this{to_whom}.{note}"
        case _, Outcome.WITHHOLD if decision.mandatory:
            return f"NO, you MUST NOT share this{to_whom}. (This is a legal duty.)"
        case _, Outcome.WITHHOLD if should:
            return f"NO, you should not share this{to_whom}. ({opening(rows.UNLESS)})"
        case _, Outcome.WITHHOLD:
            return f"NO, do not share this{to_whom}.{again}"
        case _:
            must = (
                ": you must, before"
                if decision.mandatory
                else ": you should, before"
                if should
                else ", before"
            )
            return f"SEEK ADVICE FIRST{must} anything is shared{to_whom} or refused. This is not a refusal."


def _share(voice: Voice) -> str:
    decision = voice.decision
    should = decision.strength == "should"
    duty = f"you {'must' if decision.mandatory else 'should' if should else 'may'} share this"
    if duties.nothing_goes(voice):
        to_whom = sharing.everybody(voice)
        if voice.by_row and not any(row.held_by or row.open_by for row in decision.disclosures):
            return f"NOT AS IT STANDS: {duty}{to_whom}, but nothing, or nobody, is listed that it could be."
        if all(row.release is False for row in decision.disclosures):
            return f"NOT AS IT STANDS: {duty}{to_whom}, but all of it is held back for now."
        return f"NOT YET: {duty}{to_whom}, but whether it may go as it stands is not settled."
    to_whom = sharing.recipients(voice)
    match decision.mandatory:
        case True:
            return f"YES, you MUST share this{to_whom}. (This is a legal duty.)"
        case False if should:
            return f"YES, you should share this{to_whom}. ({opening(rows.UNLESS)})"
        case False:
            note = " (The procedure allows it; it does not say you must.)" if voice.full else ""
            return f"YES, you may share this{to_whom}.{note}"
        case None if rows.differ(voice) and not voice.open_rows:
            strong = {row.strength for row in decision.disclosures}
            how = "MUST" if "must" in strong else "should"
            return f"YES, you may share this{to_whom}; some of it you {how} share."
        case None:
            asked = _on_the_duty(voice)
            note = f"depends: {asked}" if asked else "has not been answered."
            return f"YES, you may share this{to_whom}. (Whether you must {note})"


def _on_the_duty(voice: Voice) -> str | None:
    """Returns the one question that decides whether sharing is a duty; in short it is asked beside the answer."""
    asked = [q for q in voice.decision.questions if "mandatory" in q.for_ and q.answered is None]
    return None if voice.full or len(asked) != 1 else voice.question(asked[0].fact) or asked[0].ask


def _ask(voice: Voice, how: str) -> Iterator[str]:
    match voice.decision.advice:
        case ():
            pass
        case (only,):
            yield f"{how} {inside(only.whom)}{duties.on([only])} now{voice.points(only.cites)}."
        case several:
            yield f"{how} now: {_whom(voice, several)}."


def _whom(voice: Voice, advice: tuple[AdviceFinding, ...]) -> str:
    alike: dict[tuple[str, tuple[Citation, ...]], list[AdviceFinding]] = {}
    for each in advice:
        alike.setdefault((each.whom, each.cites), []).append(each)
    return listed(
        (f"{inside(whom)}{duties.on(found)}{voice.points(cites)}" for (whom, cites), found in alike.items()),
        "or",
    )


def _why(voice: Voice) -> Iterator[str]:
    decision = voice.decision
    match decision.basis:
        case Basis.CLAUSES:
            if reasons := statements(voice, by_duty_first(decision.fired, voice.relaxed)):
                told = some(reasons, _MOST, "reasons like these") if voice.full else reasons[:1]
                yield f"Why: {'. Also, '.join(told)}."
            elif decision.unresolved:
                may = statements(voice, decision.unresolved)
                yield f"Why: whatever the missing answers are, one of these holds: {'; '.join(may)}."
        case Basis.CONFLICT:
            yield from _sides(voice, "It says", decision.fired)
            yield from _sides(voice, "It may say", decision.unresolved)
        case _:
            pass


def _relaxed(voice: Voice) -> Iterator[str]:
    """Says what is no longer a duty, and why."""
    model = voice.model
    findings = {clause.clause: clause for clause in (*voice.decision.fired, *voice.decision.unresolved)}
    for each in voice.decision.relaxed:
        clause = findings.get(each.clause)
        says = inside(clause.statement) if clause else each.clause.replace("_", " ")
        rows = [
            r for r in voice.decision.disclosures if each.clause in (r.fired or ()) and r.strength == "may"
        ]
        about = sharing.of(voice, [(row.item, row.recipient) for row in rows])
        by = [provision for name in each.by if model and (provision := model.exceptions.get(name))]
        why = "; ".join(
            f"{inside(p.statement)}{voice.points((Citation(c.source, c.at) for c in p.cites), first=True)}"
            for p in by
        )
        yield f"Need not be done{f' ({about})' if about else ''}: {says}{f'. {opening(why)[:-1]}' if why else ''}."


def _of_nobody(voice: Voice) -> Iterator[str]:
    """Says where an empty list made a clause hold, or kept one from holding."""
    decision = voice.decision
    defeated = [*decision.defeated, *decision.excepted]
    acting = [*decision.fired, *defeated, *(by for found in defeated for by in found.by)]
    acting += [by for lifted in decision.lifted for by in lifted.by]
    told: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for number, clauses in enumerate((acting, decision.not_fired)):
        for clause in clauses:
            for path, answer in clause.facts.items():
                if path in voice.assumed and not voice.full and not _asks_every(voice, clause, path):
                    continue  # what is assumed and matters stands with the rest of what is to be checked
                if answer == [] and (none := _names_none(voice, clause, path, acting=number == 0)):
                    told.setdefault(none, ({}, {}))[number][f"“{inside(clause.statement)}”"] = None
    for none, safeguard in _kept_by_nobody(voice):
        told.setdefault(none, ({}, {}))[0][f"“{inside(safeguard.statement)}”"] = None
    for none, (holding, kept) in told.items():
        ways = [f"{listed(holding)} {_was(holding)} true of nobody"] if holding else []
        ways += [f"{listed(kept)} {_was(kept)} not looked at"] if kept else []
        yield f"{none}{', and '.join(ways)}. If that is wrong, decide again."


def _kept_by_nobody(voice: Voice) -> Iterator[tuple[str, Safeguard]]:
    """The safeguards that ask something of every element of a list which the case gives as empty, where something goes."""
    model, case = voice.model, case_of(voice.decision)
    if model is None or case is None or not any(row.release for row in voice.decision.disclosures):
        return
    for safeguard in model.safeguards.values():
        for part in parts(safeguard.require, model.defines):
            each = of_all(part)
            if each is None:
                continue
            if case.elements.get(each.group) == ():
                yield f"{_none_listed(voice, voice.group(each.group))} in this case, so ", safeguard
            elif each.within is not None:
                path = each.within.fact.path
                empty = (key for key, answer in case.answers.items() if path_of(key) == path and not answer)
                yield from (
                    (f"As {_said_of_nobody(voice, key)}, ", safeguard) for key in empty if _goes(voice, key)
                )


def _goes(voice: Voice, key: str) -> bool:
    """Whether something goes of which, or to whom, an answer speaks."""
    _, name = voice.element(key) or (None, None)
    return any(row.release and name in (row.item, row.recipient) for row in voice.decision.disclosures)


def _names_none(voice: Voice, clause: ClauseFinding, path: str, *, acting: bool) -> str | None:
    """`No parent is listed in this case, so `, `As letter is about none of them, `, before what that made of a clause."""
    model, provision = voice.model, voice.provision(clause.clause)
    if model is None:
        return None
    if path in model.groups:
        if path in voice.assumed:
            return f"No {spaced(path)} is listed, and it is assumed that there is none, so "
        return f"{_none_listed(voice, voice.group(path))} in this case, so "
    # where it names nobody it is so of all of them, and of none of them
    asked = {
        part.within.fact.path
        for condition in (provision.conditions if provision else ())
        for part in parts(condition, model.defines)
        if isinstance(part, Quantified | Counted) and part.within is not None
        if not acting or not (isinstance(part, Quantified) and part.kind == "any")
    }
    return f"As {_said_of_nobody(voice, path)}, " if path_of(path) in asked else None


def _said_of_nobody(voice: Voice, key: str) -> str:
    """`letter is about none of them`, `none of them refuses that they get it (the club)`."""
    said = voice.said(key, [])
    return f"{said.sentence} ({said.who})" if said.who else said.sentence


def _asks_every(voice: Voice, clause: ClauseFinding, group: str) -> bool:
    """Whether a clause asks something of every element of a list: of nobody at all that is so."""
    model, provision = voice.model, voice.provision(clause.clause)
    return model is not None and any(
        (asked := of_all(part)) is not None and asked.group == group
        for condition in (provision.conditions if provision else ())
        for part in parts(condition, model.defines)
    )


def _was(what: Sized) -> str:
    return "was" if len(what) == 1 else "were"


def _none_listed(voice: Voice, phrase: str) -> str:
    article, _, rest = phrase.partition(" ")
    if article in ("a", "an"):
        return f"No {rest} is listed"
    return f"{nobody(phrase).capitalize() if voice.people else 'Nothing'} is listed as {phrase}"


def _sides(voice: Voice, says: str, clauses: tuple[ClauseFinding, ...]) -> Iterator[str]:
    """Yields a line for each answer of a conflict, with every clause that gives it."""
    sides: dict[str, list[ClauseFinding]] = {}
    for clause in clauses:
        sides.setdefault(_call(clause), []).append(clause)
    for call, found in sides.items():
        yield f"{says} {call}: {'. Also, '.join(statements(voice, tuple(found)))}."


def _call(clause: ClauseFinding) -> str:
    outcome = next((o for o in OUTCOMES if o.words == outcome_of(clause)), Outcome.SEEK_ADVICE)
    strength = strength_of(clause)
    return questions.call(outcome, None) if strength == "may" else f"you {questions.call(outcome, strength)}"


def _outweighed(voice: Voice) -> Iterator[str]:
    """Says what each outweighed clause says."""
    if voice.decision.basis not in (Basis.CLAUSES, Basis.ROWS):
        return
    of_rows: dict[str, list[ClauseFinding]] = {}
    for clause in voice.decision.defeated:
        of_rows.setdefault(_about(voice, clause), []).append(clause)
    for about, clauses in of_rows.items():
        yield f"This outweighs{about}: {'. Also, '.join(statements(voice, clauses))}."


def _about(voice: Voice, clause: ClauseFinding) -> str:
    """` (GP letter with the school)`: of which rows something is so, where that is not every row."""
    about = sharing.of(voice, clause.rows)
    return f" ({about})" if about else ""


def _set_aside(voice: Voice) -> Iterator[str]:
    yield from dict.fromkeys(_each_set_aside(voice))  # the same of several people is said once


def _each_set_aside(voice: Voice) -> Iterator[str]:
    for target in voice.decision.excepted:
        why = listed(dict.fromkeys(duties.because_of(voice, exception) for exception in target.by))
        points = voice.points(target.cites, *(exception.cites for exception in target.by))
        silent = voice.decision.basis is Basis.SILENCE and target.effect is not None
        how = f"Would have said {_call(target)}, but does not apply here" if silent else "Does not apply here"
        how = f"{how}{_about(voice, target)}"
        yield f"{how}: {inside(target.statement)}. {opening(why)[:-1]}{points}."


def _left_to_answer(voice: Voice, told: Sequence[str]) -> Iterator[str]:
    """Asks what changes something beside the outcome and has not been named above.

    Args:
        told: what has been said above.
    """
    decision = voice.decision
    named = {p for d in decision.duties if d.state == "open" for p in d.waiting_for}
    named |= {
        p for row in decision.disclosures if row.release is None for h in row.open_by for p in h.waiting_for
    }
    left = [q for q in decision.questions if q.fact not in named or "mandatory" in q.for_]
    if decision.basis is Basis.ROWS:  # those on the outcome of a row are asked above
        left = [q for q in left if "outcome" not in q.for_]
    asked = [voice.question(q.fact) or q.ask for q in left if q.answered is None]
    asked = [question for question in asked if question != _on_the_duty(voice)]
    if asked := [question for question in asked if voice.full or not any(question in line for line in told)]:
        most = questions.SHOWN if voice.full else 1
        yield f"Still to answer: {' '.join(some(asked, most, 'questions.'))}"
    if doubts := [voice.whether(q.fact) for q in left if q.answered is not None]:
        yield f"Not known, so take advice on it: {listed(doubts)}."


def assumed(voice: Voice) -> Iterator[str]:
    """Lists what was assumed, first what the author asks first, then what the outcome rests on; in short, how much else
    there is.
    """
    relied_on, model = voice.decision.relied_on, voice.model
    facts, lists = (model.facts, model.groups) if model else ({}, {})

    def later(assumption: Assumption) -> tuple[bool, ...]:
        fact = facts.get(path_of(assumption.fact))
        return (
            fact is None or not fact.ask_first,
            assumption.fact not in lists,
            assumption.fact not in relied_on,
        )

    matter = sorted((each for each in voice.decision.assumed if each.matters), key=later)
    by_group: dict[str, dict[str, list[str]]] = {}
    for assumption in matter:
        said = voice.said(assumption.fact, assumption.value)
        by_sentence = by_group.setdefault(voice.group(assumption.fact), {})
        by_sentence.setdefault(said.sentence, []).append(said.who or "")
    each = [
        (group, f"for {listed(who)}: {said}" if any(who) else said)
        for group, by_sentence in by_group.items()
        for said, who in by_sentence.items()
    ]
    if not each:
        return
    if not voice.full:
        shown = some([said for _, said in each], _FEWEST)
        yield f"Check (assumed): {'; '.join(shown)}."
        return
    changes = "may change" if voice.decision.basis is Basis.UNKNOWN_FACTS or len(each) > 1 else "changes"
    wrong = f"If {'any of it' if len(each) > 1 else 'that'} is wrong, say so: the answer {changes}."
    if len(each) <= _FEW:
        yield f"Assumed, as nobody said otherwise: {'; '.join(said for _, said in each)}. {wrong}"
        return
    yield f"Assumed, as nobody said otherwise. {wrong}"
    for group, found in groupby(each, lambda pair: pair[0]):
        sentences = [said for _, said in found]
        # an element says itself what it is about
        about = "" if sentences[0].startswith("for ") else f"{group}: "
        yield f"  {about}{'; '.join(sentences)}"


def _in_doubt(voice: Voice) -> Iterator[str]:
    decision = voice.decision
    if decision.basis not in (Basis.CLAUSES, Basis.ROWS):
        return
    otherwise = "You may decide otherwise: record why."
    must = bool(decision.mandatory) or any(row.strength == "must" for row in decision.disclosures)
    if must:
        otherwise = "If you see it differently, take advice before you act otherwise."
    parts = [otherwise] if voice.full or (must and decision.basis is Basis.CLAUSES) else []
    if (
        decision.advice
        and not rows.advice_is_taken(voice)
        and not (decision.basis is Basis.ROWS and voice.open_rows)
    ):
        parts.insert(0, f"In doubt: ask {_whom(voice, decision.advice)}.")
    if parts:
        yield " ".join(parts)


def _reference(voice: Voice) -> str:
    """Names the policy and the day; in full the clauses by their names, in short how to see the rest."""
    decision = voice.decision
    title = decision.policy.title or decision.policy.name or "A policy without a name"
    if not voice.full:
        return f"{title}, {day(decision.as_of)}. More: --full, explain(full=True)."
    version = f" {decision.policy.version}" if decision.policy.version else ""
    parts = [f"{title}{version}, as of {day(decision.as_of)}."]
    pairs: dict[tuple[str, str], dict[str, None]] = {}
    for target in (*decision.defeated, *decision.excepted):
        sign = ">" if target in decision.defeated else "x"
        for by in target.by:
            pairs.setdefault((by.clause, sign), {})[target.clause] = None
    for lifted in decision.lifted:
        for by in lifted.by:
            pairs.setdefault((by.clause, "x"), {})[lifted.duty] = None
    alone = list(dict.fromkeys(c.clause for c in decision.fired if (c.clause, ">") not in pairs))
    told = [
        *(_with_old_name(voice, name) for name in alone),
        *(f"{by} {sign} {', '.join(targets)}" for (by, sign), targets in pairs.items()),
    ]
    waiting, otherwise = _unresolved(voice)
    parts += [f"{'; '.join(told)}."] if told else []
    parts += [f"Waiting: {', '.join(waiting)}."] if waiting else []
    parts += [f"Otherwise: {', '.join(otherwise)}."] if otherwise else []
    return " ".join(parts)


def _with_old_name(voice: Voice, clause: str) -> str:
    """A clause by its name, and by that of the one whose place it takes."""
    old = next((c.instead_of for c in voice.decision.fired if c.clause == clause and c.instead_of), None)
    return f"{clause} instead of {old}" if old else clause


def _unresolved(voice: Voice) -> tuple[list[str], list[str]]:
    """Returns the clauses that wait for an answer themselves, and those that hold unless one of these stands."""
    waiting: list[str] = []
    otherwise: list[str] = []
    for clause in voice.decision.unresolved:
        own = voice.own_paths(clause.clause)
        settled = own is not None and not own & set(clause.waiting_for)
        (otherwise if settled else waiting).append(clause.clause)
    waiting, otherwise = list(dict.fromkeys(waiting)), list(dict.fromkeys(otherwise))
    return (waiting, otherwise) if waiting else (otherwise, [])
