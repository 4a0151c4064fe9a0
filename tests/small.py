"""Small policies for the tests of the language: loaded from text, decided on one day, faults told by code and place."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import infoshare
from infoshare import Decision, Diagnostic, FactsError, Policy, PolicyError

DAY = date(2026, 6, 15)

HEAD = 'infoshare 1\n\npolicy p "P"\n'

FACTS = """
facts about a "a"
  yes_1 "one is so" : yes or no
  yes_2 "two is so" : yes or no
  yes_3 "three is so" : yes or no
  level "the level" : one of low, middle, high
  signs "the signs" : some of bruising, fear, hunger
  age "the age" : number of years from 0 to 130
  count "the count" : number
  other "the other count" : number
  day "the day" : date
  end "the last day" : date
  note "the note" : text

facts about each item "a piece of information"
  necessary "the purpose needs it" : yes or no
  old "it is old" : yes or no
  dated "its day" : date

facts about each recipient "somebody who would be told"
  verified "they have been verified" : yes or no
"""


def load(text: str, files: Mapping[str, str] | None = None, *, head: str = HEAD) -> Policy:
    """A policy from the text after its first lines, and from other files by their whole text."""
    sources = {"p.policy": (head + text).encode(), **{k: v.encode() for k, v in (files or {}).items()}}
    return infoshare.load_sources(sources, main="p.policy")


def decide(
    text: str, facts: Mapping[str, Any] | None = None, *, as_of: date = DAY, presume: bool = True
) -> Decision:
    """The decision of a policy from the text after its first lines."""
    return load(text).decide(facts or {}, as_of=as_of, presume=presume)


def faults(text: str, files: Mapping[str, str] | None = None, *, head: str = HEAD) -> tuple[Diagnostic, ...]:
    """What is wrong with a policy; nothing when it loads."""
    try:
        load(text, files, head=head)
    except PolicyError as error:
        return error.diagnostics
    return ()


def places(found: tuple[Diagnostic, ...]) -> list[tuple[str, str | None]]:
    """The code of each fault, and the text that it points at."""
    return [(fault.code, fault.span.text if fault.span else None) for fault in found]


def case_faults(policy: Policy, facts: Any, **how: Any) -> tuple[Diagnostic, ...]:
    """What is wrong with a case; nothing when it is decided."""
    try:
        policy.decide(facts, as_of=DAY, **how)
    except FactsError as error:
        return error.diagnostics
    return ()


def fired(decision: Decision) -> list[str]:
    """The clauses that stand."""
    return [clause.clause for clause in decision.fired]


def outcomes(decision: Decision) -> set[str]:
    """The outcomes that are still possible."""
    return {outcome.value for outcome in decision.possible}


def questions(decision: Decision) -> list[str]:
    """The facts that are asked for, best first."""
    return [question.fact for question in decision.questions]
