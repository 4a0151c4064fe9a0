"""Turns a decision into plain English for the person who asked: `explain` a letter, `short` one line.

Invariant: pure; the same decision and model give the same text, free of control characters.
Deliberately not here: how it was decided (`infoshare.meaning`), wrapping, colour, JSON.
"""

import attrs

from infoshare.explain import letter, questions, rows
from infoshare.explain.english import inside
from infoshare.explain.html import decision_card, policy_card
from infoshare.explain.reasons import by_duty_first
from infoshare.explain.wording import Voice
from infoshare.meaning.findings import Findings
from infoshare.meaning.model import Model
from infoshare.outcome import Basis
from infoshare.text import visible

__all__ = ["decision_card", "explain", "policy_card", "short"]


def explain(decision: Findings, model: Model | None = None, *, full: bool = False) -> str:
    """The decision as a letter: one logical line for each thing to say, the answer first.

    Args:
        full: all there is to say; otherwise what a practitioner reads first, which leaves out nothing that
            could do harm (what not to tell or give anybody, what clashes, what is not settled).
        model: the policy that decided, for the words of its facts; the decision's own if not given.
            Without either, as when read from JSON, facts are left to the clauses' own statements.
    """
    voice = Voice(decision, decision.model if model is None else model, full)
    return "\n".join(visible(line) for line in letter.lines(voice))


def short(decision: Findings, model: Model | None = None) -> str:
    """The decision in one line: the answer and the first reason, or the first question."""
    voice = Voice(decision, decision.model if model is None else model)
    answer = letter.headline(voice).partition(" (")[0].partition(" This is not a refusal.")[0]
    match decision.basis:
        case Basis.CLAUSES if decision.fired and not answer.startswith("NOT "):
            first = by_duty_first(decision.fired)[0]
            answer = f"{answer.rstrip('.')}: {inside(first.statement)}{voice.points(first.cites)}."
        case Basis.ROWS:
            answer = f"{answer.partition(': ')[0]}: {rows.in_short(attrs.evolve(voice, full=False))}."
        case Basis.UNKNOWN_FACTS:
            best = [*questions.to_ask(voice), *questions.doubts(voice)][:1]
            answer = " ".join([answer, *(voice.question(question.fact) or question.ask for question in best)])
        case _:
            pass
    return visible(answer)
