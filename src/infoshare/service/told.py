"""What answers hold besides decisions, each with the shape that it is written by and that /openapi.json describes."""

from functools import cache
from typing import Any

import attrs

from infoshare import codec
from infoshare.codec import ANSWER, DAY, FLAG, TEXT, Key, Many, Mapped, Maybe, Object, Scalar, Word
from infoshare.meaning.vocabulary import FactInfo
from infoshare.policy.codec import decision_shape
from infoshare.policy.decision import Decision
from infoshare.policy.policy import Policy
from infoshare.text import visible
from infoshare.webpage.frame import allowed, framed
from infoshare.webpage.markup import Markup, tag
from infoshare.webpage.style import COLOURS, DECISION
from infoshare.webpage.style import TEXT as LETTERS

WHOLE = Scalar("a whole number", {"type": "integer"}, "int", lambda data: data)

POLICY = Object(
    {
        "name": Key(TEXT, "Its name, which its address has too."),
        "title": Key(TEXT, "Its title."),
        "version": Key(Maybe(TEXT), "Its version, as its author writes it."),
        "owner": Key(Maybe(TEXT), "Whose it is."),
        "from": Key(Maybe(DAY), "The first day on which it is in force.", attribute="start"),
        "until": Key(Maybe(DAY), "The last one.", attribute="end"),
        "review_by": Key(Maybe(DAY), "When it is due for review."),
        "digest": Key(TEXT, "SHA-256 of its files, as in its decisions."),
    },
    "A policy that is served.",
    name="served_policy",
)
POLICIES = Object(
    {"policies": Key(Many(POLICY), "Those that are served, in the order in which they were given.")}
)
GROUP = Object(
    {
        "name": Key(TEXT, "Its name."),
        "phrase": Key(TEXT, "What it is about."),
        "each": Key(FLAG, "Whether a case holds a list of them, each with a name of its own."),
        "none_listed": Key(FLAG, "Whether a list that is not given is taken to be empty."),
    },
    "A group of facts.",
    name="group",
)
FACT = Object(
    {
        "name": Key(TEXT, "As cases write it: `consent.status`."),
        "group": Key(TEXT, "The part before the dot."),
        "each": Key(FLAG, "Whether it is a fact of every element of a list."),
        "phrase": Key(TEXT, "How an explanation speaks of it."),
        "type": Key(
            Word(("yes or no", "one of", "some of", "number", "date", "text", "one", "some")),
            "What kind of answer it has; `one` and `some` name elements of a list.",
        ),
        "labels": Key(
            Mapped(TEXT, "an object of texts"),
            "How a person says each value, where there are values to choose from.",
        ),
        "question": Key(Maybe(TEXT), "What to ask."),
        "assumption": Key(
            Maybe(ANSWER), "What it is taken to be while nobody answers; null where nothing is assumed."
        ),
        "unit": Key(Maybe(TEXT), "Of a number."),
        "low": Key(Maybe(WHOLE), "The least that it can be."),
        "high": Key(Maybe(WHOLE), "The most."),
        "in_order": Key(FLAG, "Whether each value is more than those before it."),
        "names": Key(Maybe(TEXT), "The list whose elements it names."),
        "ask_first": Key(FLAG, "Whether it is asked before what is not so marked."),
        "fixed": Key(FLAG, "Whether it cannot be otherwise."),
    },
    "What a case may say of one fact.",
    name="fact",
)
FACTS = Object(
    {
        "policy": Key(POLICY, "Whose vocabulary it is."),
        "groups": Key(Many(GROUP), "The groups, in the order of the policy."),
        "facts": Key(Many(FACT), "The facts, likewise."),
    },
    "The vocabulary of a policy: enough to build a form.",
)
_OF_DECISION = (
    "policy", "case", "as_of", "outcome", "mandatory", "strength", "exact", "basis", "possible", "questions", "assumed",
)  # fmt: skip


@cache
def questions_shape() -> Object:
    """What is open of a case: the part of a decision that an interview needs."""
    keys = decision_shape().keys
    return Object(
        {name: keys[name] for name in _OF_DECISION}, "What is open of a case, as a decision has it."
    )


@cache
def recorded_shape() -> Object:
    """What is given for a decision that was recorded."""
    return Object(
        {
            "record": Key(TEXT, "The id of the record."),
            "number": Key(WHOLE, "Its place in the log, from 0."),
            "decision": Key(attrs.evolve(decision_shape(), name="decision"), "The decision."),
            "receipt": Key(
                TEXT, "What proves that it was recorded: JSON in its one form, to be kept as it is."
            ),
        },
        "A decision that was recorded.",
    )


def policy_told(policy: Policy) -> dict[str, Any]:
    """What is told of a policy."""
    header = policy.model.header
    told = codec.write(
        attrs.evolve(POLICY, keys={n: k for n, k in POLICY.keys.items() if n != "digest"}), header
    )
    return {**told, "digest": policy.digest}


def facts_told(policy: Policy) -> dict[str, Any]:
    """The vocabulary of a policy."""
    infos: tuple[FactInfo, ...] = policy.facts
    return {
        "policy": policy_told(policy),
        "groups": [codec.write(GROUP, group) for group in policy.groups],
        "facts": [codec.write(FACT, info) for info in infos],
    }


def questions_told(decision: dict[str, Any]) -> dict[str, Any]:
    """What is open, of a decision as JSON."""
    return {name: decision.get(name) for name in _OF_DECISION if name in decision or name != "strength"}


_CALM = """
main { max-width: 46rem; }
.infoshare-decision h2 { font-size: 1.35rem; margin: 2rem 0 0.6rem; padding: 0; border: 0; }
"""
_STYLE = COLOURS + LETTERS + DECISION + _CALM
PAGE_MAY = allowed(_STYLE) + "; frame-ancestors 'none'"
"""The content security policy of a page with an explanation."""


def page_told(decision: Decision, title: str, *, full: bool) -> str:
    """A decision as a page."""
    return framed(visible(title), _STYLE, tag("main", Markup(decision.to_html(full=full, level=1))))
