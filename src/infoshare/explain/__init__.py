"""Turns a decision into plain English for the person who asked: `explain` a letter, `short` one line.

Invariant: pure; the same decision and model give the same text, free of control characters.
Deliberately not here: how it was decided (`infoshare.meaning`), wrapping, colour, JSON.
"""

from infoshare.explain import letter
from infoshare.explain.wording import Voice, inside, shown
from infoshare.meaning.decision import Decision
from infoshare.meaning.model import Model
from infoshare.outcome import Basis

__all__ = ["explain", "short"]


def explain(decision: Decision, model: Model | None = None) -> str:
    """The decision as a letter: one logical line for each thing to say, the answer first.

    Args:
        model: the policy that decided, for the words of its facts; the decision's own if not given.
            Without either, as when read from JSON, facts are left to the clauses' own statements.
    """
    voice = Voice(decision, decision.model if model is None else model)
    return "\n".join(shown(line) for line in letter.lines(voice))


def short(decision: Decision, model: Model | None = None) -> str:
    """The decision in one line: the answer and the first reason, or the first question."""
    voice = Voice(decision, decision.model if model is None else model)
    answer = letter.headline(voice).partition(" (")[0]
    if decision.basis is Basis.CLAUSES and decision.fired:
        first = decision.fired[0]
        answer = f"{answer.rstrip('.')}: {inside(first.statement)}{voice.points(first.cites)}."
    elif decision.basis is Basis.UNKNOWN_FACTS and decision.questions:
        first_question = decision.questions[0]
        answer = f"{answer} {voice.question(first_question.fact) or first_question.ask}"
    return shown(answer)
