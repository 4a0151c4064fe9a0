"""Says what is not settled yet: what to ask, what each answer leads to, and where only doubt is left.

Invariant: a clause is named beside an answer only where it must be the one that decides: the decision
says which outcomes an answer leaves, and the model says which clauses that answer rules out.
Deliberately not here: working out what matters (`infoshare.meaning`).
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import attrs

from infoshare.explain import sharing
from infoshare.explain.english import day, inside, listed
from infoshare.explain.reasons import Known, because, known, outcome_of, strength_of, together
from infoshare.explain.wording import Voice
from infoshare.meaning.findings import ClauseFinding, Question
from infoshare.meaning.model import Provision
from infoshare.outcome import Outcome
from infoshare.truth import Truth

SHOWN = 3
"""How many questions a letter asks at once."""

_FEW = 3
"""How many answers that settle nothing are read first by their labels."""

CALLS = {
    Outcome.SHARE: "SHARE",
    Outcome.SEEK_CONSENT: "ASK FIRST",
    Outcome.WITHHOLD: "DO NOT SHARE",
    Outcome.SEEK_ADVICE: "SEEK ADVICE",
    Outcome.DIFFERS: "IT DEPENDS ON WHO AND WHAT",
}


def headline(voice: Voice) -> str:
    """Says how far the outcome is from being settled, never as a refusal."""
    asked = to_ask(voice)
    settles = [len(answer.outcomes) == 1 for answer in _answers(asked[0])] if asked else []
    if not any(settles) and doubts(voice):
        far = "it turns on something that nobody knows so far"
    elif settles and all(settles):
        far = "one answer decides it"
    elif not asked:
        far = "too much is still open to say which answer would decide it"
    elif len(asked) == 1:
        far = "one answer may decide it"
    else:
        far = f"up to {len(asked)} answers decide it"
    return f"NOT SETTLED YET: {far}. This is not a refusal."


def lines(voice: Voice) -> Iterator[str]:
    """Yields the questions that a letter asks, with what their answers lead to, and the doubts."""
    asked = to_ask(voice)
    before: list[str] = []
    for number, question in enumerate(shown(voice), 1):
        which = f"Question {number}" if len(asked) > 1 else "Question"
        if not voice.full and len(asked) > 1:
            which = f"Question 1 of {len(asked)}"
        if about := sharing.of(voice, question.rows):
            which = f"{which} ({about})"
        yield f"{which}: {voice.question(question.fact) or question.ask}"
        ways = list(_ways(voice, question))
        if ways != before:
            yield from ways
        elif ways:
            yield "  the same as above"
        before = ways
    more = len(asked) - len(shown(voice))
    if voice.full and more:
        yield f"If that does not settle it: {more} more question{'s' if more > 1 else ''} may."
    if unclear := doubts(voice):
        yield f"The doubt to take advice on: {listed((voice.whether(q.fact) for q in unclear), 'and')}."


def doubts(voice: Voice) -> list[Question]:
    """Returns the questions that decide the outcome and that somebody was asked in vain."""
    return [q for q in voice.decision.questions if q.answered is not None and _decides(q)]


def to_ask(voice: Voice) -> list[Question]:
    """Returns the questions that decide the outcome and are still to be asked, best first."""
    return [q for q in voice.decision.questions if q.answered is None and _decides(q)]


def shown(voice: Voice) -> list[Question]:
    """Returns those of them that a letter asks: in short, the first alone."""
    return to_ask(voice)[: SHOWN if voice.full else 1]


def _decides(question: Question) -> bool:
    return "outcome" in question.for_


@attrs.frozen
class _Answer:
    """One answer: its words, the outcomes that it leaves and how strong each is, and the value where one says it."""

    label: str
    outcomes: tuple[Outcome, ...]
    strengths: tuple[str | None, ...]
    value: Any = None


def _answers(question: Question) -> list[_Answer]:
    """Each answer with the outcomes that it leaves, as far as the decision says."""
    options = {key: option for option in question.answers for key in _keys(option.value)}
    found = []
    for key, outcomes in question.leads_to.items():
        option = options.get(key)
        label = option.label if option else _ISO_DAY.sub(lambda iso: day(date.fromisoformat(iso[0])), key)
        # a decision of an earlier version has no strengths
        strengths = question.leads_to_strength.get(key) or (None,) * len(outcomes)
        value = option.value if option else None
        found.append(_Answer(label, tuple(map(Outcome, outcomes)), tuple(strengths), value))
    return found


_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def _keys(value: Any) -> tuple[str, ...]:
    """How an answer may be spelled as the key of a JSON object."""
    if isinstance(value, bool):
        return ("yes", "true") if value else ("no", "false")
    return (str(value),)


def _ways(voice: Voice, question: Question) -> Iterator[str]:
    """Yields a line for all answers that lead to the same, those that lead to sharing first."""
    answers = _answers(question)
    if not any(len(answer.outcomes) == 1 for answer in answers):
        return
    grouped: dict[tuple[int, str], list[str]] = {}
    for answer in answers:
        match answer.outcomes:
            case (outcome,):
                where = list(Outcome).index(outcome), _way(voice, question, answer, outcome)
            case outcomes:
                calls = listed(map(call, outcomes, answer.strengths), "or")
                where = len(Outcome), f"more answers are needed ({calls})" if voice.full else "more is needed"
        grouped.setdefault(where, []).append(voice.placed(answer.label, voice.element(question.fact)))
    for (rank, way), labels in sorted(grouped.items(), key=lambda entry: entry[0][0]):
        rest = not voice.full and rank == len(Outcome) and len(labels) > _FEW
        yield f"  {'any other answer' if rest else listed(labels, 'or')}: {way}"


def call(outcome: Outcome, strength: str | None) -> str:
    """Words an outcome as what to do: `SHARE`, `MUST NOT SHARE`."""
    if strength not in ("must", "should"):
        return CALLS[outcome]
    how = strength.upper()
    return f"{how} NOT SHARE" if outcome is Outcome.WITHHOLD else f"{how} {outcome.words.upper()}"


def _way(voice: Voice, question: Question, answer: _Answer, outcome: Outcome) -> str:
    told_by = _known(voice, question, answer.value)
    clause = _deciding(voice, question, told_by, outcome)
    (strength,) = answer.strengths
    if not question.leads_to_strength and clause is not None:
        strength = strength_of(clause)
    told = call(outcome, strength)
    told = (
        f"you {told}"
        if strength in ("must", "should")
        else f"you may {told}"
        if told == "SHARE" and strength
        else told
    )
    if clause is None:
        return told
    against = _outweighed(voice, told_by, clause)
    if against:
        return f"{told} although {against}{voice.points(clause.cites, first=True)}"
    link = ", " if outcome is Outcome.WITHHOLD else ": "
    return f"{told}{link}{inside(clause.statement)}{voice.points(clause.cites, first=True)}"


def _is_of(question: Question, clause: ClauseFinding) -> bool:
    """Whether a clause speaks of a row that an answer can change."""
    rows = {tuple(row) for row in question.rows}
    return not rows or not clause.rows or bool(rows & {tuple(row) for row in clause.rows})


def _deciding(
    voice: Voice, question: Question, known: Known | None, outcome: Outcome
) -> ClauseFinding | None:
    """The one clause by which an answer can lead to this outcome; None where several might be it.

    *Seek advice* may also come of conflict or silence, so no clause can be named for it.
    """
    if outcome is Outcome.SEEK_ADVICE:
        return None
    speaking = [
        clause
        for clause in (*voice.decision.fired, *voice.decision.unresolved)
        if outcome_of(clause) == outcome.words
        and _is_of(question, clause)
        and _holds(known, clause) is not Truth.NO
    ]
    # one clause may be told of several rows
    alone = len({clause.clause for clause in speaking}) == 1
    certain = [clause for clause in speaking if alone or _surely_stands(known, clause)]
    return certain[0] if certain else None


def _outweighed(voice: Voice, known: Known | None, clause: ClauseFinding) -> str:
    """Says what a deciding override is known to prevail over, by its facts."""
    targets = known.model.targets.get(clause.clause, ()) if known else ()
    against = [
        other
        for other in (*voice.decision.unresolved, *voice.decision.defeated)
        if other.clause in targets
        and outcome_of(other) != outcome_of(clause)
        and _holds(known, other) is Truth.YES
    ]
    return together([said for other in against for said in because(voice, other, quiet=True)])


# --- a clause under one answer --------------------------------------------------------------


def _known(voice: Voice, question: Question, answer: Any) -> Known | None:
    """Gathers what the decision says of the case, with one more answer; everything else is unknown."""
    if voice.model is None:
        return None
    told: dict[str, Any] = dict(voice.decision.relied_on)
    for findings in (voice.decision.fired, voice.decision.unresolved, voice.decision.not_fired):
        for finding in findings:
            told.update(finding.facts)
    told.update((a.fact, a.value) for a in voice.decision.assumed)
    # of a list that is not told whole it is not known what holds for all of it
    told = {path: said for path, said in told.items() if "[" not in path or path.partition("[")[0] in told}
    if isinstance(answer, (bool, str)) and not question.type.startswith("some of"):
        told[question.fact] = answer
    return known(voice, told)


def _holds(known: Known | None, clause: ClauseFinding) -> Truth:
    own = known.model.clauses.get(clause.clause) if known else None
    return known.holds(own) if known and own else Truth.UNKNOWN


def _surely_stands(known: Known | None, clause: ClauseFinding) -> bool:
    """Whether it holds, and nothing that may hold sets it aside or prevails over it."""
    if known is None or _holds(known, clause) is not Truth.YES:
        return False
    model = known.model
    against: list[Provision] = [model.exceptions[name] for name in model.set_aside_by.get(clause.clause, ())]
    if model.clauses[clause.clause].closing:  # it stands only where nothing else does
        against += [other for other in model.clauses.values() if not other.closing]
    for name in model.prevailed_over_by.get(clause.clause, ()):
        if model.clauses[name].outcome.words != outcome_of(clause):
            against.append(model.clauses[name])
    return all(known.holds(provision) is Truth.NO for provision in against)
