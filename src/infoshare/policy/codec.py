"""The JSON form of a decision, `infoshare.decision/1`: written, read and described by the fields of its parts.

Invariants: keys come in the order of the contract, and within `/1` keys are only ever added, so a reader passes over
keys that it does not know; what is written reads back as an equal decision (the model is no part of it).
Deliberately not here: how a shape is written and read (`infoshare.codec`), text for people (`infoshare.explain`).
"""

from functools import cache
from typing import TYPE_CHECKING, Any

import attrs

from infoshare import codec
from infoshare.codec import ANSWER, ANSWERS, TEXT, Key, Many, Mapped, Maybe, Object, Scalar, Shape, Word
from infoshare.errors import DecisionError
from infoshare.meaning import findings as f
from infoshare.meaning.types import UNSURE
from infoshare.outcome import OUTCOMES, Outcome

if TYPE_CHECKING:
    from infoshare.policy.shapes import DecisionDict

FORMAT = "infoshare.decision/1"

NAMES: dict[type, str] = {
    Outcome: "outcome",
    f.PolicyRef: "policy",
    f.Citation: "citation",
    f.ClauseFinding: "clause",
    f.Question: "question",
    f.DutyFinding: "duty",
    f.LiftedDuty: "lifted",
    f.KeptSafeguard: "safeguard",
    f.Hold: "hold",
    f.Disclosure: "disclosure",
    f.AdviceFinding: "advice",
    f.Assumption: "assumption",
    f.AskConsent: "ask_consent",
    f.Relaxed: "relaxed",
}
"""What the parts of a decision are called in its schema."""

_WORDS = tuple(outcome.value for outcome in OUTCOMES)
_OUTCOMES = Many(Word(_WORDS, name="concluded"), of=list)


def _elements(data: object) -> object:
    if data is None:
        return f.FrozenMap()
    if not isinstance(data, dict) or not all(isinstance(each, str) for item in data.items() for each in item):
        raise ValueError
    return f.FrozenMap(data)


SHAPES: dict[str, Shape] = {
    "elements": Scalar(
        "an object of names, or null",
        {"type": ["object", "null"], "additionalProperties": {"type": "string"}},
        "dict[str, str] | None",
        _elements,
        lambda elements: dict(elements) or None,
    ),
    "names": Many(TEXT),
    "outcomes": Many(Word(_WORDS, Outcome, name="concluded")),
    "strength": Maybe(Word(("must", "should", "may"))),
    "answer": ANSWER,
    "answers": ANSWERS,
    "outcomes by answer": Mapped(_OUTCOMES, "an object of lists of outcomes"),
    "strengths by answer": Mapped(Many(Maybe(TEXT), of=list), "an object of lists of texts or null"),
    "unsure or null": Maybe(Word((UNSURE,))),
}
"""The shapes that types do not tell."""


@cache
def decision_shape() -> Object:
    """What a decision looks like as JSON."""
    parts = codec.object_of(f.Stated, NAMES, SHAPES)
    form = Key(Word((FORMAT,)), "The format, and its version.", constant=FORMAT)
    return attrs.evolve(
        parts,
        keys={"format": form, **parts.keys},
        about="Within /1 keys are only ever added, so readers pass over keys that they do not know; `outcome` and"
        " `basis` are closed sets.",
    )


def to_dict(decision: f.Findings) -> "DecisionDict":
    """The decision as plain JSON data."""
    return _write()(decision)  # type: ignore[no-any-return]


@cache
def _write() -> Any:
    return codec.writer(decision_shape())


def stated(data: object) -> f.Stated:
    """The parts of the decision that `to_dict` wrote.

    Raises:
        DecisionError: the data is not a decision of this format; it carries every fault, with its path.
    """
    form, whole = Object({"format": Key(TEXT)}), decision_shape()
    found, faults = codec.read(form, data, code="IS701")
    if not faults:
        shape = (
            whole if found["format"] == FORMAT else attrs.evolve(form, keys={"format": whole.keys["format"]})
        )
        found, faults = codec.read(shape, data, code="IS701")
    if faults:
        raise DecisionError(faults)
    parts: f.Stated = found
    return parts


TYPES: dict[type, str] = {
    f.PolicyRef: "PolicyDict",
    f.Citation: "CitationDict",
    f.ClauseFinding: "ClauseDict",
    f.AnswerOption: "AnswerDict",
    f.Question: "QuestionDict",
    f.DutyFinding: "DutyDict",
    f.LiftedDuty: "LiftedDict",
    f.KeptSafeguard: "SafeguardDict",
    f.Hold: "HoldDict",
    f.Disclosure: "DisclosureDict",
    f.AdviceFinding: "AdviceDict",
    f.Assumption: "AssumptionDict",
    f.AskConsent: "AskConsentDict",
    f.Relaxed: "RelaxedDict",
    f.Stated: "DecisionDict",
}
"""What type checkers know the parts of a decision as, in `policy.shapes`."""
